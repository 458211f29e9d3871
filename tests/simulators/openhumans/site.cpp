#include "tests/simulators/openhumans/site.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/openhumans/answers.hpp"
#include "tests/simulators/sign_in/page.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

namespace {

constexpr std::size_t people_shown = 100;
constexpr std::string_view leave_path = "/member/me/leave/";

bool is_member_id(std::string_view text) {
  return !text.empty() && text.size() <= 16 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Only our own authorize page is gone back to.
std::string next_of(const http::Request& request) {
  std::string next = cookie_of(request, next_cookie).value_or("");
  return next.starts_with(authorize_path) ? next : "/member/me/";
}

}  // namespace

std::optional<http::Response> OpenHumansSimulator::site(Step& step) {
  if (step.path == authorize_path) return authorize(step);
  if (step.path == login_path) return log_in(step);
  if (step.path == "/project/") return project_page(step);
  if (step.path == "/member/me/") return member_page(step);
  if (step.path == leave_path) return leave_page(step);
  if (step.path == "/direct-sharing/authorize-inactive/") {
    return site_page(200, site_name, "This project is not active",
                     "<p>Nobody can join it at the moment.</p>");
  }
  return std::nullopt;
}

// Whose cookie this is. An id that nobody has is a new person: a test signs in whom it likes.
OpenHumansMember* OpenHumansSimulator::person(const Step& step) {
  std::string id = cookie_of(step.request, person_cookie).value_or("");
  return is_member_id(id) ? &add_person(id, wall_time(step.now_ms)) : nullptr;
}

http::Response OpenHumansSimulator::log_in(Step& step) {
  if (step.request.method == "POST") {
    http::Form posted = posted_fields(step.request);
    std::string id = field_of(posted, "member");
    while (field_of(posted, "new") == "1" && (id.empty() || find_member(id) != nullptr)) {
      id = fmt::format("{:08}", std::stoull(make_text(15), nullptr, 16) % 100'000'000);
    }
    if (!is_member_id(id)) return shapes::html(400);
    add_person(id, wall_time(step.now_ms));
    http::Response on = redirect(next_of(step.request));
    set_cookie(on, person_cookie, id);
    return on;
  }
  std::string buttons;
  for (std::size_t i = 0; i < std::min(people_shown, members_.size()); ++i) {
    buttons += fmt::format("<button class=\"main\" name=\"member\" value=\"{}\">{}</button>\n",
                           members_[i].id, escape_html(shown_name(members_[i])));
  }
  return site_page(200, site_name, "Who are you?",
                   fmt::format("<form method=\"post\" action=\"{0}\">{1}</form>"
                               "<form method=\"post\" action=\"{0}\"><button name=\"new\" "
                               "value=\"1\">Someone new</button></form>",
                               login_path, buttons));
}

http::Response OpenHumansSimulator::project_page(Step&) {
  std::string body = "<p>The calendar of your public work, week by week.</p>";
  if (settings_.enrollment_url.empty())
    body += "<p>This project has no enrollment address.</p>";
  else
    body += fmt::format("<p><a href=\"{}\">Connect</a></p>", escape_html(settings_.enrollment_url));
  return site_page(200, site_name, "tidemark", body + "<p><a href=\"/member/me/\">You</a></p>");
}

http::Response OpenHumansSimulator::member_page(Step& step) {
  const OpenHumansMember* member = person(step);
  if (member == nullptr) return redirect(std::string(login_path));
  std::string body = fmt::format(
      "<p>You are signed in as <strong>{}</strong>, member {}. "
      "<a href=\"{}\">Somebody else?</a></p>",
      escape_html(shown_name(*member)), member->id, login_path);
  if (member->left) {
    body += "<p>You have not joined <a href=\"/project/\">tidemark</a>.</p>";
  } else {
    body += fmt::format(
        "<p>You have joined <a href=\"/project/\">tidemark</a>; it keeps {} files here.</p>"
        "<form method=\"post\" action=\"{}\"><label><input type=\"checkbox\" name=\"erase\" "
        "value=\"yes\"> erase my data</label><button>Leave project</button></form>",
        files(member->id).size(), leave_path);
  }
  return site_page(200, site_name, "You", body);
}

http::Response OpenHumansSimulator::leave_page(Step& step) {
  OpenHumansMember* member = person(step);
  if (member == nullptr) return redirect(std::string(login_path));
  if (step.request.method != "POST") return shapes::html(405);
  if (field_of(posted_fields(step.request), "erase") == "yes") {
    erase(member->id, wall_time(step.now_ms));
  } else {
    leave(member->id);
    // The webhook's code dies on a plain leave, after the member is out.
    if (!settings_.deauth_webhook.empty()) return shapes::html(500);
  }
  return redirect("/member/me/");
}

}  // namespace tidemark::simulators
