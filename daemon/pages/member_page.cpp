#include <algorithm>

#include "daemon/pages/heat_map.hpp"
#include "daemon/pages/layout.hpp"
#include "daemon/pages/words.hpp"

namespace tidemark::daemon::pages {

namespace {

using Activity = MemberView::Activity;

constexpr std::size_t incomplete_most = 50;
constexpr std::int64_t brief_wait_ms = 60'000;

std::string_view name_of(Activity activity) {
  switch (activity) {
    case Activity::idle: return "idle";
    case Activity::queued: return "queued";
    case Activity::running: return "running";
    case Activity::waiting: return "waiting";
    case Activity::failed: return "failed";
    case Activity::needs_sign_in: return "needs_sign_in";
    case Activity::not_connected: return "not_connected";
  }
  return "idle";
}

bool moves(const MemberView& view) {
  if (view.activity == Activity::queued || view.activity == Activity::running) return true;
  return view.activity == Activity::waiting && view.until_ms != 0 &&
         view.until_ms - view.now_ms <= brief_wait_ms;
}

// "Waiting for GitHub's quota until …": the reasons of the quota come as notes for operators.
void add_wait(Values& values, const MemberView& view) {
  Values wait;
  const bool for_quota = view.sentence.find("quota") != std::string::npos;
  const bool at_open_humans = view.sentence.find("Open Humans") != std::string::npos;
  if (for_quota) wait.text("quota_of", at_open_humans ? "Open Humans’" : "GitHub’s");
  wait.text("reason", for_quota ? "" : sentence(view.sentence));
  if (view.until_ms > 0) {
    wait.part("until", instant(view.until_ms, view.now_ms));
  } else {
    wait.flag("until", false);
  }
  values.part("wait", std::move(wait));
}

void add_status(Values& values, const MemberView& view) {
  const bool waits = view.activity == Activity::waiting;
  for (const Activity each : {Activity::idle, Activity::queued, Activity::running, Activity::failed,
                              Activity::needs_sign_in, Activity::not_connected}) {
    values.flag(name_of(each), view.activity == each);
  }
  if (waits) add_wait(values, view);
  values.text("sentence", waits ? "" : sentence(view.sentence));
  values.text("provider", view.sign_in_is_github ? "GitHub" : "Open Humans");
  values.text("every", every(view.stale_after_hours));
  if (view.last_synced_ms > 0) values.part("synced", instant(view.last_synced_ms, view.now_ms));
  const bool shows_bar = waits || view.activity == Activity::queued ||
                         view.activity == Activity::running || view.activity == Activity::failed;
  if (shows_bar && view.weeks_total > 0) {
    values.part("bar", Values()
                           .number("done", std::min(view.weeks_done, view.weeks_total))
                           .number("total", view.weeks_total)
                           .text("done_shown", grouped(view.weeks_done))
                           .text("total_shown", counted(view.weeks_total, "week"))
                           .number("percent", view.weeks_done * 100 / view.weeks_total)
                           .flag("is_said", waits));
  } else if (view.activity == Activity::running) {
    values.flag("bar_without_end", true);
  }
  const bool is_said = view.activity == Activity::failed && view.last_error == view.sentence;
  if (!view.last_error.empty() && !is_said) {
    Values trouble;
    trouble.text("words", sentence(view.last_error));
    if (view.last_error_ms > 0) trouble.part("at", instant(view.last_error_ms, view.now_ms));
    values.part("trouble", std::move(trouble));
  }
}

void add_totals(Values& values, const MemberView& view) {
  values.text("weeks_uploaded", grouped(view.weeks_uploaded));
  values.text("commits", grouped(view.commits));
  values.text("additions", grouped(view.additions)).text("deletions", grouped(view.deletions));
  if (view.weeks_known > 0) values.text("weeks_known", counted(view.weeks_known, "week"));
  if (view.weeks_partial > 0) values.text("weeks_partial", counted(view.weeks_partial, "week"));
}

Html progress(const MemberView& view) {
  Values values;
  values.text("activity", name_of(view.activity)).number("poll_ms", moves(view) ? 2000 : 15'000);
  add_status(values, view);
  add_totals(values, view);
  values.flag("has_totals", view.weeks_uploaded + view.weeks_known + view.weeks_partial > 0);
  if (!view.years.empty()) values.part("map", Values().html("rows", heat_map_rows(view)));
  std::vector<Values> incomplete = incomplete_weeks(view, incomplete_most);
  if (!incomplete.empty()) {
    values.part("incomplete", Values()
                                  .list("weeks", std::move(incomplete))
                                  .flag("there_are_more", view.weeks_partial > incomplete_most)
                                  .number("most", incomplete_most)
                                  .text("all", grouped(view.weeks_partial)));
  }
  return render("progress", values);
}

// The form that connects GitHub, where it is the next step or a change of mind.
Html connect_form(const Frame& frame, const MemberView& view) {
  Values values;
  values.text("csrf", frame.csrf).flag("wants_private", view.wants_private);
  values.flag("github_scopes", frame.github_scopes);
  // GitHub would send whoever is signed in there straight back with the same wrong account.
  values.flag("choose_account",
              frame.flash == "linked_elsewhere" || frame.flash == "other_account");
  const bool again = view.activity == Activity::needs_sign_in && view.sign_in_is_github;
  values.flag("again", again).flag("change", view.github_connected && !again);
  return render("connect", values);
}

void add_actions(Values& values, const Frame& frame, const MemberView& view) {
  const bool asks_for_github = view.activity == Activity::not_connected ||
                               (view.activity == Activity::needs_sign_in && view.sign_in_is_github);
  values.flag("asks_for_github", asks_for_github);
  values.flag("works", view.github_connected && !asks_for_github);
  values.flag("asks_for_open_humans",
              view.activity == Activity::needs_sign_in && !view.sign_in_is_github);
  values.html("connect", connect_form(frame, view));
  values.flag("github_connected", view.github_connected);
  values.flag("wants_private", view.wants_private);
  values.flag("may_update", view.may_update);
  if (!view.may_update && view.update_again_ms > view.now_ms) {
    values.part("again", instant(view.update_again_ms, view.now_ms));
  } else {
    values.flag("again", false);
  }
  values.flag("is_under_way", moves(view) || view.activity == Activity::waiting);
  values.text("once_every", once_every(view.cooldown_minutes));
}

}  // namespace

std::string progress_fragment(const MemberView& view) { return progress(view).text; }

std::string member_page(const Frame& frame, const MemberView& view) {
  Values values;
  values.text("id", view.id).text("login", view.login).text("csrf", frame.csrf);
  values.text("every", every(view.stale_after_hours));
  values.html("progress", progress(view));
  add_actions(values, frame, view);
  return in_layout(frame, {.title = "Your weeks",
                           .name = "member",
                           .body = render("member", values),
                           .has_script = true,
                           .refreshes = moves(view) || view.activity == Activity::waiting});
}

}  // namespace tidemark::daemon::pages
