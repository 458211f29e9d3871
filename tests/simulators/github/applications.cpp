#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "tests/simulators/github.hpp"
#include "tests/simulators/github/sign_in.hpp"
#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

json::object described(const GithubToken& token, const Credentials& credentials) {
  json::array scopes;
  for (const std::string& each : split_words(token.scopes)) scopes.push_back(json::string(each));
  json::value expires;
  if (token.expires_s != 0) expires = json::string(format_moment(token.expires_s));
  return {
      {"token", token.text},
      {"scopes", std::move(scopes)},
      {"expires_at", std::move(expires)},
      {"app", json::object{{"client_id", credentials.client_id}, {"name", "tidemark"}}},
      {"user", json::object{{"login", token.account->login}, {"id", token.account->database_id}}}};
}

}  // namespace

// With Basic authentication: DELETE …/token ends one token, DELETE …/grant all of that user, and
// POST …/token says what a token is.
http::Response GithubSignIn::applications(Step& step) {
  step.answer.owner = "app:" + credentials_.client_id;
  std::string base = "/applications/" + credentials_.client_id;
  bool of_token = step.path == base + "/token", of_grant = step.path == base + "/grant";
  auto header = step.request.headers.find("Authorization");
  auto basic = header ? after_scheme(*header, "Basic") : std::nullopt;
  if (!basic || (!of_token && !of_grant)) return message_response(404, "Not Found");
  if (*basic != base64(credentials_.client_id + ":" + credentials_.client_secret, false)) {
    return message_response(401, "Bad credentials");
  }
  bool checks = step.request.method == "POST" && of_token;
  if (step.request.method != "DELETE" && !checks) return message_response(404, "Not Found");
  std::string text = step.value("access_token");
  if (text.empty()) return message_response(422, "Validation Failed");
  GithubToken* token = credentials_.find_token(text, step.now_s);
  if (token == nullptr) return message_response(404, "Not Found");
  if (checks) return json_response(200, described(*token, credentials_));
  if (of_grant)
    credentials_.revoke_all(*token->account);
  else
    credentials_.revoke(text);
  return http::Response{204, {}, {}};
}

}  // namespace tidemark::simulators
