#pragma once

#include "tests/simulators/moment.hpp"
#include "tests/simulators/tests/asking.hpp"

namespace tidemark::simulators {

inline const std::string github_back = "http://127.0.0.1:7411/github/complete";

// Alice at the authorize page, and the app at the token endpoint.
struct SigningInAtGithub : AskingGithub {
  static std::string question(http::Form more = {}) {
    http::Form form{{"client_id", "Iv1.tidemark"}, {"redirect_uri", github_back}, {"state", "s 1"}};
    form.insert(form.end(), more.begin(), more.end());
    return "/login/oauth/authorize?" + http::encode_form(form);
  }
  // Where the consent leads.
  std::string consent(http::Form more = {}, http::Form posted = {{"allow", "yes"}}) {
    return location_of(visit(question(std::move(more)), posted));
  }
  std::string code(http::Form more = {}) { return query_field(consent(std::move(more)), "code"); }

  http::Response post_form(const std::string& path, const http::Form& form) {
    http::Request request{"POST", path, {{"User-Agent", "test"}}, http::encode_form(form)};
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.headers.set("Accept", "application/json");
    last = github.answer(request, wall_time(now_ms));
    return last.response;
  }
  boost::json::value exchange(http::Form form) {
    form.emplace_back("client_id", github.credentials().client_id);
    form.emplace_back("client_secret", github.credentials().client_secret);
    http::Response answer = post_form("/login/oauth/access_token", form);
    if (answer.status != 200) throw std::runtime_error("status " + std::to_string(answer.status));
    return parsed(answer);
  }
  // The token of a sign-in with that scope.
  std::string sign_in(const std::string& scope = {}) {
    http::Form more;
    if (!scope.empty()) more.emplace_back("scope", scope);
    return text_at(exchange({{"code", code(more)}}), "/access_token");
  }
  unsigned status_with(const std::string& text) {
    token = text;
    return ask("/user").status;
  }
};

}  // namespace tidemark::simulators
