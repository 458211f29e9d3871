#include <boost/json/object.hpp>

#include "tests/simulators/github.hpp"
#include "tests/simulators/github/sign_in.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

http::Response token_response(const http::Request& request, const http::Form& fields) {
  auto accept = request.headers.find("Accept");
  if (accept && accept->find("json") != std::string_view::npos) {
    json::object body;
    for (const auto& [name, value] : fields) {
      bool seconds = name.ends_with("expires_in") || name == "interval";
      if (seconds)
        body[name] = std::stoll(value);
      else
        body[name] = value;
    }
    return json_response(200, body);
  }
  http::Response response;
  response.headers.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  response.body = http::encode_form(fields);
  return response;
}

http::Form error_fields(std::string error, std::string description) {
  return {{"error", std::move(error)},
          {"error_description", std::move(description)},
          {"error_uri", "https://docs.github.com/apps/managing-oauth-apps"}};
}

http::Response GithubSignIn::access_token(Step& step) {
  step.answer.owner = "app:" + step.value("client_id");
  std::string grant = step.value("grant_type");
  bool device = grant == "urn:ietf:params:oauth:grant-type:device_code";
  bool right_client = step.value("client_id") == credentials_.client_id &&
                      (device || step.value("client_secret") == credentials_.client_secret);
  http::Form answer;
  if (!right_client) {
    answer = error_fields("incorrect_client_credentials",
                          "The client_id and/or client_secret passed are incorrect.");
  } else if (device) {
    answer = poll_device(step);
  } else if (grant == "refresh_token") {
    answer = refresh(step);
  } else if (grant.empty() || grant == "authorization_code") {
    answer = exchange_code(step);
  } else {
    answer = error_fields("unsupported_grant_type", "The grant type is not supported.");
  }
  return token_response(step.request, answer);
}

http::Form GithubSignIn::exchange_code(Step& step) {
  GithubCode* code = credentials_.find_code(step.value("code"), step.now_s);
  bool right = code != nullptr && code->challenge.met_by(step.value("code_verifier"));
  if (!right) {
    return error_fields("bad_verification_code", "The code passed is incorrect or expired.");
  }
  std::string redirect_uri = step.value("redirect_uri");
  bool elsewhere = !code->redirect_uri.empty() && redirect_uri != code->redirect_uri;
  if (!redirect_uri.empty() && elsewhere) {
    return error_fields("redirect_uri_mismatch",
                        "The redirect_uri MUST match the registered callback URL for this "
                        "application.");
  }
  if (credentials_.unverified_logins.contains(code->account->login)) {
    return error_fields("unverified_user_email",
                        "The user must have a verified primary email address.");
  }
  code->used = true;
  return token_fields(step, credentials_.issue(*code->account, step.now_s, code->scopes));
}

http::Form GithubSignIn::refresh(Step& step) {
  GithubToken* made = credentials_.refresh(step.value("refresh_token"), step.now_s);
  if (made == nullptr) {
    return error_fields("bad_refresh_token", "The refresh token passed is incorrect or expired.");
  }
  made->issued = true;
  return token_fields(step, *made);
}

http::Form GithubSignIn::token_fields(Step& step, GithubToken& token) {
  step.answer.issued = &token;
  if (token.refresh.empty()) {
    return {{"access_token", token.text}, {"scope", token.scopes}, {"token_type", "bearer"}};
  }
  return {{"access_token", token.text},
          {"expires_in", std::to_string(credentials_.access_lifetime_s)},
          {"refresh_token", token.refresh},
          {"refresh_token_expires_in", std::to_string(credentials_.refresh_lifetime_s)},
          {"scope", ""},
          {"token_type", "bearer"}};
}

}  // namespace tidemark::simulators
