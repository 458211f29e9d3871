#include "daemon/pages/layout.hpp"
#include "daemon/pages/words.hpp"

namespace tidemark::daemon::pages {

std::string landing_page(const Frame& frame) {
  Values values;
  values.flag("signed_in", frame.signed_in);
  values.text("activity_url", web_address(frame.activity_url));
  return in_layout(frame, {.title = "Your GitHub weeks at Open Humans",
                           .name = "landing",
                           .body = render("landing", values)});
}

std::string about_page(const Frame& frame, std::int64_t stale_after_hours) {
  Values values;
  values.text("every", every(stale_after_hours)).flag("signed_in", frame.signed_in);
  values.text("activity_url", web_address(frame.activity_url));
  add_contact(values, frame);
  return in_layout(
      frame,
      {.title = "How it works, and questions", .name = "about", .body = render("about", values)});
}

std::string sharing_page(const Frame& frame) {
  return in_layout(frame,
                   {.title = "What is read, shared and kept",
                    .name = "sharing",
                    .body = render("sharing", Values()
                                                  .flag("signed_in", frame.signed_in)
                                                  .flag("github_scopes", frame.github_scopes))});
}

std::string goodbye_page(const Frame& frame) {
  return in_layout(frame,
                   {.title = "Goodbye", .name = "goodbye", .body = render("goodbye", Values())});
}

std::string delete_page(const Frame& frame, std::uint64_t files_known, bool in_reach) {
  Values values;
  values.text("csrf", frame.csrf).flag("in_reach", in_reach);
  if (files_known > 0) {
    values.part("files", Values().text("count", counted(files_known, "file")));
  }
  return in_layout(frame,
                   {.title = "Delete my data", .name = "delete", .body = render("delete", values)});
}

std::string problem_page(const Frame& frame, const Problem& problem) {
  Values values;
  values.number("status", problem.status).text("title", problem.title);
  values.text("detail", problem.detail);
  // A link goes to a place of this site: never to an address with a scheme or another host.
  const std::string& url = problem.action_url;
  const bool is_ours = url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\");
  if (is_ours && !problem.action_text.empty()) {
    values.part("action", Values().text("url", url).text("text", problem.action_text));
  }
  return in_layout(frame,
                   {.title = problem.title, .name = "problem", .body = render("problem", values)});
}

}  // namespace tidemark::daemon::pages
