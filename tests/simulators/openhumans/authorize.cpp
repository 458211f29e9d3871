#include <fmt/format.h>

#include <algorithm>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/openhumans.hpp"
#include "tests/simulators/openhumans/answers.hpp"
#include "tests/simulators/openhumans/site.hpp"
#include "tests/simulators/sign_in/page.hpp"

namespace tidemark::simulators {

namespace {

constexpr std::string_view scopes[] = {"read", "write",    "american-gut", "go-viral",
                                       "pgp",  "wildlife", "open-humans"};
constexpr std::string_view parameters[] = {
    "client_id", "response_type",  "redirect_uri",          "state",
    "scope",     "code_challenge", "code_challenge_method", "approval_prompt"};

// What was asked, from the query and the consent form together; the form wins.
http::Form asked_of(const http::Form& query, const http::Form& posted) {
  http::Form asked;
  for (std::string_view name : parameters) {
    auto value = http::form_value(posted, name);
    if (!value) value = http::form_value(query, name);
    if (value) asked.emplace_back(name, *value);
  }
  return asked;
}

bool knows_scope(std::string_view wanted) {
  return std::find(std::begin(scopes), std::end(scopes), wanted) != std::end(scopes);
}

http::Response back_with_error(const std::string& redirect_uri, http::Form fields,
                               const http::Form& asked) {
  if (auto state = http::form_value(asked, "state")) fields.emplace_back("state", *state);
  return redirect(with_query(redirect_uri, fields));
}

std::string target_without_host(const http::Form& asked) {
  return with_query(std::string(authorize_path), asked);
}

}  // namespace

std::optional<std::string> OpenHumansSimulator::registered_redirect(
    const std::string& asked) const {
  std::vector<std::string> registered = split_words(settings_.redirect_uris);
  if (asked.empty()) {
    if (registered.size() == 1) return registered.front();
    return std::nullopt;
  }
  bool right = registered.empty() && is_loopback_or_https(asked);
  for (const std::string& each : registered) {
    right = right || without_query(each) == without_query(asked);
  }
  return right ? std::optional(asked) : std::nullopt;
}

http::Response OpenHumansSimulator::authorize(Step& step) {
  http::Form posted = posted_fields(step.request);
  http::Form asked = asked_of(step.query, posted);
  if (field_of(asked, "client_id") != settings_.client_id) return shapes::html(404);
  if (!settings_.project_active) return redirect("/direct-sharing/authorize-inactive/");
  OpenHumansMember* member = person(step);
  if (member == nullptr) {
    http::Response login = redirect(std::string(login_path));
    set_cookie(login, next_cookie, target_without_host(asked));
    return login;
  }
  auto redirect_uri = registered_redirect(field_of(asked, "redirect_uri"));
  if (!redirect_uri) return shapes::html(400);
  std::string type = field_of(asked, "response_type");
  if (type.empty()) {
    return back_with_error(
        *redirect_uri,
        {{"error", "invalid_request"}, {"error_description", "Missing response_type parameter."}},
        asked);
  }
  if (type != "code")
    return back_with_error(*redirect_uri, {{"error", "unauthorized_client"}}, asked);
  std::vector<std::string> wanted = split_words(field_of(asked, "scope"));
  if (!std::all_of(wanted.begin(), wanted.end(), knows_scope)) {
    return back_with_error(*redirect_uri, {{"error", "invalid_scope"}}, asked);
  }
  if (step.request.method == "POST") {
    if (field_of(posted, "allow") != "yes") {
      return back_with_error(*redirect_uri, {{"error", "access_denied"}}, asked);
    }
    member->left = false;  // joins, with the same id as ever
    return back_with_code(*member, asked, *redirect_uri, step.now_ms);
  }
  bool live = std::any_of(pairs_.begin(), pairs_.end(), [&](const OpenHumansPair& each) {
    return each.member == member && !each.revoked && step.now_ms < each.expires_ms;
  });
  if (live && field_of(asked, "approval_prompt") != "force") {
    return back_with_code(*member, asked, *redirect_uri, step.now_ms);
  }
  return consent_page(*member, asked);
}

http::Response OpenHumansSimulator::back_with_code(OpenHumansMember& member,
                                                   const http::Form& asked,
                                                   const std::string& redirect_uri,
                                                   std::int64_t now_ms) {
  std::int64_t lifetime_ms = settings_.code_lifetime_s * 1000;
  while (!codes_.empty() && now_ms >= codes_.front().made_ms + lifetime_ms) codes_.pop_front();
  Code& code = codes_.emplace_back();
  code.text = make_text(30);
  code.member = &member;
  code.redirect_uri = redirect_uri;
  code.challenge = {field_of(asked, "code_challenge"), field_of(asked, "code_challenge_method")};
  code.scope = field_of(asked, "scope");
  code.made_ms = now_ms;
  http::Form fields{{"code", code.text}};
  if (auto state = http::form_value(asked, "state")) fields.emplace_back("state", *state);
  fields.emplace_back("origin", "external");
  return redirect(with_query(redirect_uri, fields));
}

http::Response OpenHumansSimulator::consent_page(const OpenHumansMember& member,
                                                 const http::Form& asked) const {
  http::Response page = site_page(
      200, site_name, "Connect tidemark?",
      fmt::format("<p>You are signed in as <strong>{}</strong>. "
                  "<a href=\"{}\">Somebody else?</a></p>"
                  "<p>tidemark asks to join as a project: it may read its own files of yours, "
                  "and add and remove them.</p>"
                  "<form method=\"post\" action=\"{}\">{}"
                  "<button class=\"main\" name=\"allow\" value=\"yes\">Authorize</button>"
                  "<button name=\"allow\" value=\"no\">Cancel</button></form>",
                  escape_html(shown_name(member)), login_path, authorize_path,
                  hidden_fields(asked)));
  set_cookie(page, next_cookie, target_without_host(asked));
  return page;
}

}  // namespace tidemark::simulators
