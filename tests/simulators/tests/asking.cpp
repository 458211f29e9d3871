#include "tests/simulators/tests/asking.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

json::value parsed(const http::Response& response) {
  boost::system::error_code error;
  json::value value = json::parse(response.body, error);
  if (error) throw std::runtime_error("not JSON: " + response.body);
  return value;
}

std::string text_at(const json::value& value, std::string_view pointer) {
  return std::string(value.at_pointer(pointer).as_string());
}

std::int64_t number_at(const json::value& value, std::string_view pointer) {
  return value.at_pointer(pointer).to_number<std::int64_t>();
}

std::string location_of(const http::Response& response) {
  return std::string(response.headers.find("Location").value_or(""));
}

std::string query_field(const std::string& url, std::string_view name) {
  http::Form form = *http::decode_form(url.substr(url.find('?') + 1));
  return std::string(http::form_value(form, name).value_or("(none)"));
}

namespace {

http::Request as_browser(std::string target, const http::Form& posted, std::string cookie) {
  http::Request request{posted.empty() ? "GET" : "POST", std::move(target), {}, {}};
  request.headers.set("User-Agent", "a browser");
  request.headers.set("Cookie", "other=1; " + std::move(cookie));
  if (posted.empty()) return request;
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.body = http::encode_form(posted);
  return request;
}

}  // namespace

http::Response AskingGithub::visit(std::string target, const http::Form& posted,
                                   const std::string& login) {
  http::Request request = as_browser(std::move(target), posted, "sim_github=" + login);
  last = github.answer(request, wall_time(now_ms));
  return last.response;
}

http::Response AskingOpenHumans::visit(std::string target, const http::Form& posted,
                                       const std::string& id) {
  http::Request request = as_browser(std::move(target), posted, "sim_oh=" + id);
  return openhumans.answer(request, wall_time(now_ms)).response;
}

std::string target_of(const std::string& url) {
  return url.substr(url.find('/', url.find("://") + 3));
}

Commit commit_at(const std::string& sha, const std::string& authored,
                 const std::string& committed) {
  Commit commit;
  commit.sha = sha;
  commit.authored_s = *parse_moment(authored);
  commit.committed_s = *parse_moment(committed);
  commit.additions = 3;
  commit.deletions = 1;
  commit.headline = "change " + sha;
  return commit;
}

AskingGithub::AskingGithub(GithubSettings settings) : github(world, std::move(settings)) {
  token = github.credentials().add_token(world.account("alice")).text;
}

std::string AskingGithub::owner() const {
  return "user:" + std::to_string(world.find_login("alice")->database_id);
}

http::Response AskingGithub::ask(std::string target, http::Headers more) {
  http::Request request{"GET", std::move(target), std::move(more), {}};
  if (!request.headers.has("User-Agent")) request.headers.set("User-Agent", "test");
  if (!request.headers.has("Authorization") && !token.empty()) {
    request.headers.set("Authorization", "Bearer " + token);
  }
  last = github.answer(request, wall_time(now_ms));
  return last.response;
}

http::Response AskingGithub::post_query(const std::string& text, json::object variables) {
  http::Request request{"POST", "/graphql", {{"User-Agent", "test"}}, {}};
  if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
  request.body =
      json::serialize(json::object{{"query", text}, {"variables", std::move(variables)}});
  last = github.answer(request, wall_time(now_ms));
  return last.response;
}

json::value AskingGithub::query(const std::string& text, json::object variables) {
  return parsed(post_query(text, std::move(variables)));
}

std::string AskingGithub::error_of(const std::string& text, json::object variables) {
  return text_at(query(text, std::move(variables)), "/errors/0/message");
}

AskingOpenHumans::AskingOpenHumans(OpenHumansSettings settings)
    : openhumans(std::move(settings)),
      member(&openhumans.add_member("01234567", wall_time(now_ms))) {
  const OpenHumansPair& pair = openhumans.add_pair(*member, wall_time(now_ms));
  access = pair.access;
  refresh = pair.refresh;
}

http::Response AskingOpenHumans::get(std::string target) {
  http::Request request{"GET", std::move(target), {{"User-Agent", "test"}}, {}};
  if (!access.empty()) request.headers.set("Authorization", "bearer " + access);
  return openhumans.answer(request, wall_time(now_ms)).response;
}

http::Response AskingOpenHumans::post(std::string target, const json::object& body) {
  http::Request request{"POST", std::move(target), {{"Content-Type", "application/json"}}, {}};
  request.headers.set("Authorization", "Bearer " + access);
  request.body = json::serialize(body);
  return openhumans.answer(request, wall_time(now_ms)).response;
}

http::Response AskingOpenHumans::post_form(std::string target, const http::Form& form,
                                           bool with_client) {
  http::Request request{"POST", std::move(target), {}, http::encode_form(form)};
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  const OpenHumansSettings& settings = openhumans.settings();
  std::string client = base64(settings.client_id + ":" + settings.client_secret, false);
  if (with_client) request.headers.set("Authorization", "Basic " + client);
  return openhumans.answer(request, wall_time(now_ms)).response;
}

http::Response AskingOpenHumans::put(const std::string& url, std::string bytes,
                                     http::Headers more) {
  http::Request request{"PUT", target_of(url), std::move(more), std::move(bytes)};
  if (!request.headers.has("Transfer-Encoding")) {
    request.headers.set("Content-Length", std::to_string(request.body.size()));
  }
  return openhumans.answer(request, wall_time(now_ms)).response;
}

std::uint64_t AskingOpenHumans::upload(const std::string& name, const std::string& bytes) {
  json::value made =
      parsed(post("/api/direct-sharing/project/files/upload/direct/",
                  {{"filename", name}, {"metadata", R"({"description":"","tags":[]})"}}));
  put(text_at(made, "/url"), bytes);
  post("/api/direct-sharing/project/files/upload/complete/", {{"file_id", made.at("id")}});
  return made.at("id").to_number<std::uint64_t>();
}

}  // namespace tidemark::simulators
