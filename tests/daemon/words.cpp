#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <ctime>

#include "daemon/cli/progress.hpp"
#include "daemon/cli/sync_end.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/status_line.hpp"
#include "daemon/time_text.hpp"

namespace tidemark::daemon {

namespace {

constexpr std::int64_t noon_ms = 1'777'636'800'000;  // 2026-05-01T12:00:00Z
constexpr std::string_view ledger_reason = "waiting for GitHub quota (graphql): 0 of 20 left";

struct Utc {
  Utc() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(words, *boost::unit_test::fixture<Utc>())

BOOST_AUTO_TEST_CASE(instants_are_exact_for_programs_and_short_for_people) {
  BOOST_TEST(iso_text(noon_ms + 7) == "2026-05-01T12:00:00.007Z");
  BOOST_TEST(iso_text(-1) == "1969-12-31T23:59:59.999Z");
  BOOST_TEST(clock_text(noon_ms + 9'125'000, noon_ms) == "14:32:05");
  BOOST_TEST(clock_text(noon_ms + 86'400'000, noon_ms) == "2026-05-02 12:00:00");
  BOOST_TEST(duration_text(59'000) == "59 s");
  BOOST_TEST(duration_text(3'600'000) == "60 min");
  BOOST_TEST(duration_text(8'000'000) == "2 h");
  BOOST_TEST(duration_text(200'000'000) == "2 days");
}

BOOST_AUTO_TEST_CASE(a_wait_says_for_what_until_when_and_how_much_is_left) {
  BOOST_TEST(wait_text(ledger_reason, noon_ms + 9'125'000, noon_ms) ==
             "waiting for quota until 14:32:05 (GitHub graphql: 0 of 20 left)");
  BOOST_TEST(wait_text("discovery is off", 0, noon_ms) == "waiting (discovery is off)");
  BOOST_TEST(wait_text("no room on the disk", noon_ms, noon_ms) ==
             "waiting until 12:00:00 (no room on the disk)");
  BOOST_TEST(wait_text("waiting for a quota (of", noon_ms, noon_ms) ==
             "waiting until 12:00:00 (waiting for a quota (of)");
  BOOST_TEST(wait_text("", noon_ms, noon_ms) == "waiting until 12:00:00");
}

BOOST_AUTO_TEST_CASE(the_status_line_counts_and_names_who_is_next) {
  Activity activity;
  activity.jobs.running = 3;
  activity.jobs.waiting = 2;
  BOOST_TEST(activity_text(activity, noon_ms) == "3 jobs running, 2 waiting");
  storage::Job job;
  job.kind = "sync";
  job.key = "12345678";
  job.wait_reason = ledger_reason;
  job.due_ms = noon_ms + 9'125'000;
  activity.next = job;
  BOOST_TEST(activity_text(activity, noon_ms) ==
             "3 jobs running, 2 waiting; next: member 12345678 waiting for quota until 14:32:05 "
             "(GitHub graphql: 0 of 20 left)");
  activity.jobs.running = 1;
  activity.jobs.ready = 4;
  activity.jobs.dead = 1;
  activity.next.reset();
  activity.held_reason = "no room on the disk";
  BOOST_TEST(activity_text(activity, noon_ms) ==
             "1 job running, 4 queued, 2 waiting, 1 dead; held: no room on the disk");
}

BOOST_AUTO_TEST_CASE(a_progress_line_has_member_weeks_bar_and_what_it_waits_for) {
  const auto job = boost::json::parse(R"({"kind":"sync","key":"12345678","state":"waiting",
      "progress":{"done":37,"total":120,"unit":"weeks","percent":30},
      "wait":{"reason":"waiting for GitHub quota (graphql): 0 of 20 left","until_ms":1777645925000}})")
                       .as_object();
  BOOST_TEST(progress_line(job, noon_ms, 120) ==
             "member 12345678  37 of 120 weeks ████░░░░░░░░░░░░ waiting for quota until 14:32:05 "
             "(GitHub graphql: 0 of 20 left)");
  const std::string without =
      "member 12345678  37 of 120 weeks waiting for quota until 14:32:05 "
      "(GitHub graphql: 0 of 20 left)";
  BOOST_TEST(progress_line(job, noon_ms, 0) == without);
  const auto fresh = boost::json::parse(
      R"({"kind":"sync","key":"1","state":"ready","progress":null,"wait":null})");
  BOOST_TEST(progress_line(fresh.as_object(), noon_ms, 120) == "member 1 queued");
  // On a narrow terminal the bar makes room for the time.
  BOOST_TEST(clipped(progress_line(job, noon_ms, 79), 79) ==
             "member 12345678  37 of 120 weeks ████░░░░░░░░░ waiting for quota until 14:32:05");
  BOOST_TEST(progress_line(job, noon_ms, 60) == without);
}

BOOST_AUTO_TEST_CASE(a_bar_is_full_only_when_all_is_done) {
  BOOST_TEST(progress_bar(119, 120, 4) == "███░");
  BOOST_TEST(progress_bar(120, 120, 4) == "████");
  BOOST_TEST(progress_bar(0, 120, 4) == "░░░░");
  BOOST_TEST(progress_bar(0, 0, 4) == "░░░░");
  BOOST_TEST(progress_bar(500, 120, 4) == "████");
}

BOOST_AUTO_TEST_CASE(tables_align_letters_left_and_numbers_right) {
  Table table({"NAME", "N"});
  table.add({"é", "7"});
  table.add({"abc", "1234"});
  BOOST_TEST(table.text() == "NAME  N\né        7\nabc   1234\n");
}

BOOST_AUTO_TEST_CASE(a_line_is_cut_between_letters) {
  BOOST_TEST(clipped("█░x", 2) == "█░");
  BOOST_TEST(clipped("abc", 9) == "abc");
  BOOST_TEST(clipped("abc", 0) == "");
  BOOST_TEST(bytes_text(9'999) == "9999 bytes");
  BOOST_TEST(bytes_text(12'345'678) == "12.3 MB");
}

BOOST_AUTO_TEST_CASE(the_end_of_a_sync_says_what_is_there_what_is_partial_and_what_to_do) {
  auto end = [](std::string_view job, std::string_view member) {
    return sync_end(boost::json::parse(job).as_object(), boost::json::parse(member).as_object());
  };
  const auto whole = end(R"({"state":"done"})", R"({"id":"7","state":"active","commits":12,
      "weeks":{"uploaded":374,"partial":0}})");
  BOOST_TEST(whole.text == "member 7 is in sync: 374 weeks uploaded, 12 commits");
  BOOST_CHECK(whole.code == ExitCode::ok);
  const auto partial = end(R"({"state":"done"})", R"({"id":"7","state":"active","commits":12,
      "weeks":{"uploaded":374,"partial":211}})");
  BOOST_TEST(partial.text ==
             "member 7 is in sync: 374 weeks uploaded, 12 commits; 211 weeks are partial: "
             "tidemark weeks 7 --state partial");
  BOOST_CHECK(partial.code == ExitCode::ok);
  const auto dead = end(R"({"id":3,"state":"dead","last_error":"GitHub is gone"})",
                        R"({"id":"7","state":"active"})");
  BOOST_TEST(dead.text ==
             "the sync of member 7 is dead: GitHub is gone; try again with: tidemark jobs "
             "requeue 3");
  BOOST_CHECK(dead.code == ExitCode::failure);
  const auto refused = end(R"({"state":"done"})", R"({"id":"7","state":"needs sign-in",
      "state_reason":"GitHub refused the token"})");
  BOOST_TEST(refused.text ==
             "member 7 must sign in again: GitHub refused the token; give new tokens with: "
             "tidemark members add 7");
  BOOST_CHECK(refused.code == ExitCode::refused);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
