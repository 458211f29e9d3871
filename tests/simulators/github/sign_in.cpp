#include "tests/simulators/github/sign_in.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "tests/simulators/github.hpp"
#include "tests/simulators/sign_in/page.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

constexpr std::size_t accounts_shown = 100;
constexpr std::string_view account_cookie = "sim_github";  // who is signed in: a login

// A form or JSON body.
http::Form fields_of(const http::Request& request) {
  auto type = request.headers.find("Content-Type");
  if (type && type->find("json") != std::string_view::npos) {
    boost::system::error_code error;
    json::value parsed = json::parse(request.body, error);
    http::Form form;
    if (error || !parsed.is_object()) return form;
    for (const auto& [name, value] : parsed.as_object()) {
      if (value.is_string()) form.emplace_back(name, std::string(value.as_string()));
    }
    return form;
  }
  return http::decode_form(request.body).value_or(http::Form{});
}

const Account* person(const World& world, std::string_view login) {
  const Account* found = world.find_login(login);
  return found != nullptr && !found->organization && !found->deleted ? found : nullptr;
}

}  // namespace

std::string scopes_header(std::string_view scopes) {
  return fmt::format("{}", fmt::join(split_words(scopes), ", "));
}

std::string consent_form(std::string_view action, const http::Form& hidden,
                         const std::vector<std::string>& scopes) {
  std::string boxes = scopes.empty() ? "<p>It may see public data only.</p>" : "<p>It may use:</p>";
  for (const std::string& each : scopes) {
    boxes += fmt::format(
        "<label><input type=\"checkbox\" name=\"grant\" value=\"{0}\" checked> {0}</label>",
        escape_html(each));
  }
  return fmt::format(
      "<form method=\"post\" action=\"{}\">{}<input type=\"hidden\" name=\"choose\" value=\"1\">{}"
      "<button class=\"main\" name=\"allow\" value=\"yes\">Authorize</button>"
      "<button name=\"allow\" value=\"no\">Cancel</button></form>",
      action, hidden_fields(hidden), boxes);
}

std::string GithubSignIn::Step::value(std::string_view name) const {
  auto found = http::form_value(fields, name);
  if (!found) found = http::form_value(query, name);
  return std::string(found.value_or(""));
}

bool GithubSignIn::Step::has(std::string_view name) const {
  return http::form_value(fields, name) || http::form_value(query, name);
}

SignInAnswer GithubSignIn::answer(const http::Request& request, std::string_view path,
                                  const http::Form& query, std::int64_t now_s) {
  Step step{request, path, query, now_s, fields_of(request), nullptr, {}};
  if (auto login = cookie_of(request, account_cookie)) step.account = person(world_, *login);
  bool posts = request.method == "POST";
  http::Response& response = step.answer.response;
  if (path == "/login")
    response = log_in(step);
  else if (path == "/login/oauth/authorize")
    response = authorize(step);
  else if (path == "/login/oauth/access_token" && posts)
    response = access_token(step);
  else if (path == "/login/device/code" && posts)
    response = device_code(step);
  else if (path == "/login/device")
    response = device_page(step);
  else if (path.starts_with("/applications/"))
    response = applications(step);
  else
    response = message_response(404, "Not Found");
  return std::move(step.answer);
}

http::Response GithubSignIn::to_login(const std::string& return_to) const {
  return redirect(
      with_query("/login", {{"client_id", credentials_.client_id}, {"return_to", return_to}}));
}

http::Response GithubSignIn::log_in(Step& step) const {
  std::string return_to = step.value("return_to");
  if (!return_to.starts_with("/login/")) return_to = "/login/device";
  if (step.request.method == "POST") {
    const Account* account = person(world_, step.value("login"));
    if (account == nullptr) {
      return site_page(200, github_site, "Incorrect username", "<p>No such account here.</p>");
    }
    http::Response on = redirect(return_to);
    set_cookie(on, account_cookie, account->login);
    return on;
  }
  std::string buttons;
  std::size_t shown = 0;
  for (const Account& each : world_.accounts()) {
    if (person(world_, each.login) == nullptr || ++shown > accounts_shown) continue;
    buttons +=
        fmt::format("<button name=\"login\" value=\"{0}\">{0}</button>\n", escape_html(each.login));
  }
  http::Form hidden{{"return_to", return_to}};
  return site_page(200, github_site, "Sign in to GitHub",
                   fmt::format("<form method=\"post\" action=\"/login\">{0}{1}</form>"
                               "<form method=\"post\" action=\"/login\">{0}<label>Another account "
                               "<input name=\"login\"></label><button>Sign in</button></form>",
                               hidden_fields(hidden), buttons));
}

}  // namespace tidemark::simulators
