#include <boost/test/unit_test.hpp>

#include "tests/simulators/tests/asking.hpp"

using namespace tidemark::simulators;

BOOST_FIXTURE_TEST_SUITE(ledger_of_requests, AskingGithub)

BOOST_AUTO_TEST_CASE(what_was_answered_and_is_asked_again_is_repeated) {
  query("{ viewer { login } }");
  query("{ viewer { id } }");
  BOOST_TEST(github.ledger().line(owner(), "graphql").repeated == 0u);
  query("{ viewer { login } }");
  const LedgerLine& line = github.ledger().line(owner(), "graphql");
  BOOST_TEST(line.repeated == 1u);
  BOOST_TEST(line.repeated_points == 1u);
  BOOST_TEST(line.repeats.size() == 1u);
  BOOST_TEST(line.requests == 3u);
}

BOOST_AUTO_TEST_CASE(what_got_no_answer_may_be_asked_again) {
  Fault cut;
  cut.kind = FaultKind::cut_after;
  cut.times = 1;
  github.faults().add(cut);
  ask("/user");
  BOOST_TEST(last.cut);
  ask("/user");
  const LedgerLine& line = github.ledger().line(owner(), "core");
  BOOST_TEST(line.lost == 1u);
  BOOST_TEST(line.points == 2u);  // it was paid for all the same
  BOOST_TEST(line.repeated == 0u);
}

BOOST_AUTO_TEST_CASE(an_unchanged_answer_is_free_only_with_a_token) {
  std::string etag(*ask("/users/alice").headers.find("ETag"));
  BOOST_TEST(ask("/users/alice", {{"If-None-Match", etag}}).status == 304u);
  BOOST_TEST(last.response.body.empty());
  BOOST_TEST(github.ledger().line(owner(), "core").points == 1u);
  BOOST_TEST(github.ledger().line(owner(), "core").repeated == 0u);
  token.clear();
  BOOST_TEST(ask("/users/alice", {{"If-None-Match", etag}}).status == 304u);
  BOOST_TEST(github.ledger().line("anonymous:127.0.0.1", "core").points == 1u);
}

BOOST_AUTO_TEST_CASE(requests_under_way_at_once_are_counted) {
  github.settings().service_ms = 100;
  for (int i = 0; i < 3; ++i) {
    ask("/user?n=" + std::to_string(i));
    now_ms += 40;
  }
  BOOST_TEST(github.ledger().line(owner(), "core").largest_concurrency == 3u);
  now_ms += 200;
  ask("/user?n=9");
  BOOST_TEST(github.ledger().line(owner(), "core").largest_concurrency == 3u);
  BOOST_TEST(github.ledger().line(owner(), "core").response_ms.most() == 400u);
}

BOOST_AUTO_TEST_CASE(minute_meters_slide) {
  MinuteMeter meter;
  meter.add(0, 10);
  meter.add(59'999, 5);
  BOOST_TEST(meter.most() == 15u);
  meter.add(60'000, 1);
  BOOST_TEST(meter.now() == 6u);
  BOOST_TEST(meter.most() == 15u);
}

BOOST_AUTO_TEST_CASE(the_busiest_minute_counts_what_lies_within_it) {
  BusyMeter serial;
  for (std::int64_t at_ms = 0; at_ms < 300'000; at_ms += 7'000) serial.add(at_ms, at_ms + 7'000);
  BOOST_TEST(serial.most() == 60'000u);  // one after the other, without a pause
  BusyMeter paused;
  for (std::int64_t at_ms = 0; at_ms < 300'000; at_ms += 10'000) paused.add(at_ms, at_ms + 4'000);
  BOOST_TEST(paused.most() == 24'000u);
  BusyMeter two;
  for (std::int64_t at_ms = 0; at_ms < 300'000; at_ms += 30'000) {
    two.add(at_ms, at_ms + 20'000);
    two.add(at_ms + 10'000, at_ms + 30'000);
  }
  BOOST_TEST(two.most() == 80'000u);
}

BOOST_AUTO_TEST_CASE(secondary_limits_are_enforced_when_asked_for) {
  github.settings().enforce_secondary = true;
  for (int i = 0; i < 900; ++i) ask("/user?n=" + std::to_string(i));
  BOOST_TEST(last.response.status == 200u);
  BOOST_TEST(ask("/user").status == 403u);
  BOOST_TEST(text_at(parsed(last.response), "/message").find("secondary rate limit") !=
             std::string::npos);
  BOOST_TEST(*last.response.headers.find("Retry-After") == "60");
  now_ms += 60'001;
  BOOST_TEST(ask("/user").status == 200u);
  BOOST_TEST(github.ledger().line(owner(), "core").secondary_points.most() == 901u);
}

BOOST_AUTO_TEST_SUITE_END()
