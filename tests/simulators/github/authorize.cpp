#include <fmt/format.h>

#include <algorithm>

#include "tests/simulators/github/sign_in.hpp"
#include "tests/simulators/sign_in/page.hpp"

namespace tidemark::simulators {

namespace {

constexpr std::string_view authorize_path = "/login/oauth/authorize";
constexpr std::string_view parameters[] = {"client_id", "redirect_uri",   "scope",
                                           "state",     "code_challenge", "code_challenge_method",
                                           "prompt",    "login",          "allow_signup"};
constexpr std::size_t challenge_length = 43;

http::Response back_with_error(const std::string& redirect_uri, std::string error,
                               std::string description, const std::string& state) {
  http::Form fields = error_fields(std::move(error), std::move(description));
  if (!state.empty()) fields.emplace_back("state", state);
  return redirect(with_query(redirect_uri, fields));
}

http::Response refusal_page(unsigned status, std::string_view heading, std::string_view text) {
  return site_page(status, github_site, heading, fmt::format("<p>{}</p>", text));
}

// GitHub takes the registered address and paths below it.
bool is_below(std::string_view asked, std::string_view registered) {
  std::string_view path = without_query(asked), base = without_query(registered);
  if (base.ends_with('/')) base.remove_suffix(1);
  return path == base || (path.starts_with(base) && path[base.size()] == '/');
}

}  // namespace

std::vector<std::string> GithubSignIn::registered() const {
  return split_words(credentials_.redirect_uris);
}

bool GithubSignIn::is_registered(const std::string& redirect_uri) const {
  std::vector<std::string> known = registered();
  if (known.empty()) return is_loopback_or_https(redirect_uri);
  return std::any_of(known.begin(), known.end(),
                     [&](const std::string& each) { return is_below(redirect_uri, each); });
}

http::Response GithubSignIn::authorize(Step& step) {
  if (step.value("client_id") != credentials_.client_id) {
    return refusal_page(404, "404", "This is not the web page you are looking for.");
  }
  http::Form asked;
  for (std::string_view name : parameters) {
    if (step.has(name)) asked.emplace_back(name, step.value(name));
  }
  if (step.account == nullptr || step.value("prompt") == "select_account") {
    std::erase_if(asked, [](const auto& field) { return field.first == "prompt"; });
    return to_login(with_query(std::string(authorize_path), asked));
  }
  std::vector<std::string> known = registered();
  std::string redirect_uri = step.value("redirect_uri");
  std::string state = step.value("state");
  bool mismatch = !redirect_uri.empty() && !is_registered(redirect_uri);
  if ((redirect_uri.empty() || mismatch) && known.empty()) {
    return refusal_page(400, "Be careful!",
                        "The redirect_uri is not associated with this application.");
  }
  if (mismatch) {
    return back_with_error(known.front(), "redirect_uri_mismatch",
                           "The redirect_uri MUST match the registered callback URL for this "
                           "application.",
                           state);
  }
  if (redirect_uri.empty()) redirect_uri = known.front();
  if (step.has("code_challenge") || step.has("code_challenge_method")) {
    bool right = step.value("code_challenge_method") == "S256" &&
                 step.value("code_challenge").size() == challenge_length;
    if (!right) {
      return back_with_error(redirect_uri, "invalid_request",
                             "The code_challenge_method must be S256 and the code_challenge 43 "
                             "characters long.",
                             state);
    }
  }
  if (step.request.method == "POST") return decide(step, redirect_uri);
  std::vector<std::string> wanted = split_words(step.value("scope"));
  if (auto before = credentials_.granted(*step.account)) {
    bool all = credentials_.github_app ||
               std::all_of(wanted.begin(), wanted.end(),
                           [&](const std::string& each) { return before->contains(each); });
    if (all) {
      return back_with_code(step, *step.account, redirect_uri,
                            agreed_scopes(step, *step.account, wanted));
    }
  }
  if (credentials_.github_app) wanted.clear();
  return site_page(
      200, github_site, "Authorize tidemark",
      fmt::format("<p>tidemark wants to access your account <strong>{}</strong>. "
                  "<a href=\"{}\">Another account?</a></p>{}",
                  escape_html(step.account->login),
                  escape_html(with_query(
                      "/login", {{"return_to", with_query(std::string(authorize_path), asked)}})),
                  consent_form(authorize_path, asked, wanted)));
}

http::Response GithubSignIn::decide(Step& step, const std::string& redirect_uri) {
  if (step.value("allow") != "yes") {
    return back_with_error(redirect_uri, "access_denied",
                           "The user has denied your application access.", step.value("state"));
  }
  return back_with_code(step, *step.account, redirect_uri,
                        agreed_scopes(step, *step.account, split_words(step.value("scope"))));
}

std::string GithubSignIn::agreed_scopes(const Step& step, const Account& account,
                                        const std::vector<std::string>& asked) {
  std::vector<std::string> agreed;
  for (const std::string& each : asked) {
    bool ticked = std::any_of(step.fields.begin(), step.fields.end(), [&](const auto& field) {
      return field.first == "grant" && field.second == each;
    });
    if (ticked || !step.has("choose")) agreed.push_back(each);
  }
  if (credentials_.github_app) agreed.clear();  // its permissions are no scopes
  credentials_.grant(account, agreed);
  if (!asked.empty()) return fmt::format("{}", fmt::join(agreed, ","));
  return fmt::format("{}", fmt::join(*credentials_.granted(account), ","));
}

http::Response GithubSignIn::back_with_code(const Step& step, const Account& account,
                                            const std::string& redirect_uri,
                                            const std::string& scopes) {
  GithubCode& code = credentials_.add_code(account, step.now_s, scopes);
  code.redirect_uri = redirect_uri;
  code.challenge = {step.value("code_challenge"), step.value("code_challenge_method")};
  http::Form fields{{"code", code.text}};
  if (step.has("state")) fields.emplace_back("state", step.value("state"));
  return redirect(with_query(redirect_uri, fields));
}

}  // namespace tidemark::simulators
