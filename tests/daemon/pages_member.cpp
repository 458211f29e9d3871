#include <boost/test/unit_test.hpp>

#include "tests/daemon/pages_examples.hpp"

namespace tidemark::daemon::pages {

namespace {

using Activity = MemberView::Activity;

MemberView member_in(Activity activity) {
  MemberView view = test::example_member();
  view.activity = activity;
  view.weeks_done = 37;
  view.weeks_total = 120;
  return view;
}

bool holds(const std::string& html, std::string_view text) {
  return html.find(text) != std::string::npos;
}

std::size_t count(const std::string& html, std::string_view text) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = html.find(text, at)) != std::string::npos; ++at) ++found;
  return found;
}

std::string shown(const MemberView& view) { return member_page(test::example_frame(true), view); }

// A member with one year whose first weeks are these.
std::string map_of(std::vector<Cell> weeks) {
  MemberView view;
  view.now_ms = test::page_now_ms;
  view.years.push_back({2025, std::move(weeks)});
  return progress_fragment(view);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pages_member)

BOOST_AUTO_TEST_CASE(the_page_holds_exactly_the_fragment_that_the_script_fetches) {
  for (const Activity activity : {Activity::idle, Activity::running, Activity::waiting}) {
    const MemberView view = member_in(activity);
    const std::string fragment = progress_fragment(view);
    BOOST_TEST(fragment.starts_with("<section id=\"progress\" aria-live=\"polite\""));
    BOOST_TEST(holds(shown(view), fragment));
  }
}

BOOST_AUTO_TEST_CASE(while_it_waits_for_quota_the_page_says_until_when_and_how_far_it_is) {
  MemberView view = member_in(Activity::waiting);
  view.sentence = "waiting for GitHub quota (graphql): 0 of 20 left";
  view.until_ms = test::page_now_ms + 27 * 60'000;
  const std::string fragment = progress_fragment(view);
  BOOST_TEST(holds(fragment,
                   "Waiting for GitHub’s quota until <time datetime=\"2026-05-02T14:32:00Z\">14:32 "
                   "UTC</time>; 37 of 120 weeks are done."));
  BOOST_TEST(holds(fragment, "It goes on by itself; you can close this page."));
  BOOST_TEST(!holds(fragment, "graphql"));
  BOOST_TEST(holds(fragment, "<progress max=\"120\" value=\"37\""));
  BOOST_TEST(holds(fragment, "data-poll-ms=\"15000\""));
}

BOOST_AUTO_TEST_CASE(another_wait_says_its_reason) {
  MemberView view = member_in(Activity::waiting);
  view.sentence = "GitHub answered 502";
  view.until_ms = test::page_now_ms + 20'000;
  const std::string fragment = progress_fragment(view);
  BOOST_TEST(holds(fragment, "14:05 UTC</time>: GitHub answered 502. It goes on by itself"));
  BOOST_TEST(holds(fragment, "data-poll-ms=\"2000\""));
  view.until_ms = 0;
  BOOST_TEST(holds(progress_fragment(view), "Waiting: GitHub answered 502."));
}

BOOST_AUTO_TEST_CASE(what_runs_shows_its_progress_and_is_looked_at_every_two_seconds) {
  const std::string fragment = progress_fragment(member_in(Activity::running));
  BOOST_TEST(holds(fragment, "37 of 120 weeks done"));
  BOOST_TEST(holds(fragment, "data-activity=\"running\" data-poll-ms=\"2000\""));
  MemberView begun = member_in(Activity::running);
  begun.weeks_total = 0;
  BOOST_TEST(holds(progress_fragment(begun), "<progress aria-label"));
  const std::string queued = progress_fragment(member_in(Activity::queued));
  BOOST_TEST(holds(queued, "next in line"));
}

BOOST_AUTO_TEST_CASE(without_script_the_page_loads_itself_anew_only_while_something_goes_on) {
  constexpr std::string_view refresh = "<noscript><meta http-equiv=\"refresh\" content=\"10\">";
  for (const Activity activity : {Activity::queued, Activity::running, Activity::waiting}) {
    BOOST_TEST(holds(shown(member_in(activity)), refresh));
  }
  for (const Activity activity : {Activity::idle, Activity::failed, Activity::not_connected}) {
    BOOST_TEST(!holds(shown(member_in(activity)), refresh));
  }
}

BOOST_AUTO_TEST_CASE(what_ended_says_how_and_what_happens_next) {
  BOOST_TEST(holds(progress_fragment(member_in(Activity::idle)),
                   "up to date since <time datetime=\"2026-05-02T12:35:00Z\">12:35 UTC</time>."));
  MemberView fresh = member_in(Activity::idle);
  fresh.last_synced_ms = 0;
  BOOST_TEST(holds(progress_fragment(fresh), "Nothing has been brought over yet."));
  MemberView failed = member_in(Activity::failed);
  failed.sentence = failed.last_error = "GitHub did not answer for two days";
  const std::string fragment = progress_fragment(failed);
  BOOST_TEST(holds(fragment, "did not finish. GitHub did not answer for two days. What is done"));
  BOOST_TEST(holds(fragment, "tries again by itself every four days"));
  BOOST_TEST(count(fragment, "GitHub did not answer for two days") == 1U);
}

BOOST_AUTO_TEST_CASE(a_past_trouble_is_told_with_its_time) {
  MemberView view = member_in(Activity::idle);
  view.last_error = "GitHub answered with an error page";
  view.last_error_ms = test::page_now_ms - std::int64_t{26} * 3'600'000;
  BOOST_TEST(holds(progress_fragment(view),
                   "<time datetime=\"2026-05-01T12:05:00Z\">1 May, 12:05 UTC</time>: GitHub "
                   "answered with an error page."));
}

BOOST_AUTO_TEST_CASE(who_must_sign_in_again_is_shown_where) {
  MemberView view = member_in(Activity::needs_sign_in);
  view.sentence = "Its permission was taken back";
  std::string page = shown(view);
  BOOST_TEST(
      holds(page, "Open Humans does not let us in any more. Its permission was taken back."));
  BOOST_TEST(holds(page, "<a class=\"button\" href=\"/openhumans/start\">Sign in with"));
  view.sign_in_is_github = true;
  page = shown(view);
  BOOST_TEST(holds(page, "GitHub does not let us in any more."));
  BOOST_TEST(holds(page, "<button>Connect GitHub again</button>"));
  BOOST_TEST(!holds(page, "Change what is read"));
}

BOOST_AUTO_TEST_CASE(who_is_not_connected_is_asked_what_may_be_read_and_public_is_the_default) {
  MemberView view;
  view.id = "12345678";
  view.activity = Activity::not_connected;
  const std::string page = shown(view);
  BOOST_TEST(holds(page, "action=\"/github/connect\""));
  BOOST_TEST(holds(page, "name=\"private\" value=\"no\" checked"));
  BOOST_TEST(holds(page, "name=\"private\" value=\"yes\">"));
  BOOST_TEST(holds(page, "<button>Connect GitHub</button>"));
  BOOST_TEST(!holds(page, "/member/update"));
  BOOST_TEST(!holds(page, "/member/disconnect"));
  BOOST_TEST(!holds(page, "class=\"map\""));
}

BOOST_AUTO_TEST_CASE(an_update_is_offered_or_its_absence_explained) {
  MemberView view = member_in(Activity::idle);
  view.may_update = true;
  BOOST_TEST(holds(shown(view), "<button aria-describedby=\"update-note\">Update now</button>"));
  view.may_update = false;
  view.update_again_ms = test::page_now_ms + 65 * 60'000;
  const std::string page = shown(view);
  BOOST_TEST(holds(page, "<button disabled aria-describedby=\"update-note\">Update now</button>"));
  BOOST_TEST(holds(page,
                   "Again possible at <time datetime=\"2026-05-02T15:10:00Z\">15:10 UTC</time>; "
                   "updates can be asked for once an hour, and happen by themselves every four "
                   "days."));
  view.update_again_ms = 0;
  view.activity = Activity::running;
  BOOST_TEST(holds(shown(view), "An update is under way."));
}

BOOST_AUTO_TEST_CASE(each_state_of_a_week_has_its_own_look_and_words) {
  const std::string map = map_of({{.state = CellState::unknown},
                                  {.state = CellState::waiting},
                                  {.state = CellState::partial, .commits = 1, .reason = "cut"},
                                  {.state = CellState::known, .commits = 0, .others = 2},
                                  {.state = CellState::uploaded, .commits = 12},
                                  {.state = CellState::future},
                                  {.state = CellState::quiet},
                                  {.state = CellState::current},
                                  {.state = CellState::current, .commits = 3},
                                  {.state = CellState::before}});
  for (const char* cell :
       {"<td class=\"unknown\"><span>Week 1: not looked at yet (from 30 Dec 2024)</span></td>",
        "<td class=\"waiting\"><span>Week 2: waiting its turn (from 6 Jan 2025)</span></td>",
        "<td class=\"partial\"><span>Week 3: incomplete, 1 commit (from 13 Jan 2025)</span></td>",
        "<td class=\"known\"><span>Week 4: read, not uploaded yet, 0 commits, 2 other",
        "<td class=\"up2\"><span>Week 5: uploaded, 12 commits (from 27 Jan 2025)</span></td>",
        "<td class=\"future\"><span>Week 6: still to come",
        "<td class=\"up0\"><span>Week 7: no activity (from",
        "<td class=\"up0\"><span>Week 8: not over yet, no activity so far (from",
        "<td class=\"known\"><span>Week 9: not over yet, 3 commits so far (from",
        "<td class=\"future\"><span>Week 10: before your account at GitHub (from"}) {
    BOOST_TEST(holds(map, cell), cell);
  }
  BOOST_TEST(holds(map, "<tr><th scope=\"row\">2025</th>"));
  BOOST_TEST(holds(map, "<caption"));
}

BOOST_AUTO_TEST_CASE(uploaded_weeks_have_a_strength_by_their_commits) {
  const std::vector<std::pair<std::uint64_t, const char*>> strengths{
      {0, "up0"},  {1, "up1"},  {4, "up1"},  {5, "up2"},    {14, "up2"},
      {15, "up3"}, {39, "up3"}, {40, "up4"}, {9'999, "up4"}};
  for (const auto& [commits, name] : strengths) {
    const std::string map = map_of({{.state = CellState::uploaded, .commits = commits}});
    BOOST_TEST(holds(map, "<td class=\"" + std::string(name) + "\">"), commits);
  }
}

BOOST_AUTO_TEST_CASE(the_running_week_is_marked_once) {
  BOOST_TEST(count(progress_fragment(test::example_member()), " now\">") == 1U);
}

BOOST_AUTO_TEST_CASE(incomplete_weeks_are_listed_with_their_reasons_newest_first) {
  std::vector<Cell> weeks(52, Cell{.state = CellState::partial, .reason = "one <repository> left"});
  weeks[51].reason.clear();
  const std::string table = map_of(std::move(weeks));
  BOOST_TEST(count(table, "one &lt;repository&gt; left.</td>") == 49U);
  BOOST_TEST(holds(table, "2025, week 52 <span>22 Dec – 28 Dec</span>"));
  BOOST_TEST(holds(table, "GitHub did not give it in full."));
  BOOST_TEST(!holds(table, "2025, week 2 <"));
  BOOST_TEST(holds(table, "2025, week 3 <"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon::pages
