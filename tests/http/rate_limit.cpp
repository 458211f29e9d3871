#include "http/rate_limit.hpp"

#include <boost/test/unit_test.hpp>

#include "http/iso_time.hpp"
#include "tests/http/recorded_answers.hpp"

namespace tidemark::test {
namespace {

using http::parse_http_date;
using http::RateReading;
using http::ServerClock;

constexpr std::int64_t ten_s = 1'767'607'200;  // 2026-01-05T10:00:00Z

RateReading read(const http::Headers& headers) {
  return http::read_rate(headers, wall(ten_s * 1'000), wall(ten_s * 1'000 + 200));
}

BOOST_AUTO_TEST_SUITE(rate_limit)

BOOST_AUTO_TEST_CASE(all_three_forms_of_a_date_are_the_same_moment) {
  BOOST_TEST(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").value() == 784'111'777);
  BOOST_TEST(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT").value() == 784'111'777);
  BOOST_TEST(parse_http_date("Sun Nov  6 08:49:37 1994").value() == 784'111'777);
}

BOOST_AUTO_TEST_CASE(a_written_date_reads_back) {
  for (const std::int64_t unix_s :
       {std::int64_t{0}, std::int64_t{784'111'777}, ten_s, std::int64_t{4'102'444'799}}) {
    BOOST_TEST(parse_http_date(http::format_http_date(unix_s)).value() == unix_s);
  }
  BOOST_TEST(http::format_http_date(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

BOOST_AUTO_TEST_CASE(what_is_no_date_is_none) {
  for (const char* text :
       {"", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT x", "Sun, 6 Nov 1994",
        "Sun, 06 Nox 1994 08:49:37 GMT", "1767607200", "Sun Nov 6 08:49:37 1994"}) {
    BOOST_TEST(!parse_http_date(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(a_reset_in_iso_form_is_read_with_offset_and_fraction) {
  BOOST_TEST(http::parse_iso_time("2026-01-05T10:00:00Z").value() == ten_s);
  BOOST_TEST(http::parse_iso_time("2026-01-05T10:00:00.999Z").value() == ten_s);
  BOOST_TEST(http::parse_iso_time("2026-01-05T12:30:00+02:30").value() == ten_s);
  BOOST_TEST(http::parse_iso_time("2026-01-05T08:00:00-02:00").value() == ten_s);
  for (const char* text : {"2026-01-05", "2026-01-05T10:00:00", "2026-13-05T10:00:00Z",
                           "2026-01-05T10:00:00.Z", "2026-01-05T10:00:00+99:00", "x"}) {
    BOOST_TEST(!http::parse_iso_time(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(the_headers_of_an_answer_are_its_reading) {
  const RateReading reading = read({{"Date", "Mon, 05 Jan 2026 10:00:01 GMT"},
                                    {"X-RateLimit-Limit", "5000"},
                                    {"X-RateLimit-Remaining", "4999"},
                                    {"X-RateLimit-Used", "1"},
                                    {"X-RateLimit-Reset", "1767610800"},
                                    {"X-RateLimit-Resource", "core"}});
  BOOST_TEST(reading.resource == "core");
  BOOST_TEST(reading.limit.value() == 5'000U);
  BOOST_TEST(reading.remaining.value() == 4'999U);
  BOOST_TEST(reading.used.value() == 1U);
  BOOST_TEST(reading.reset_s.value() == ten_s + 3'600);
  BOOST_TEST(reading.date_s.value() == ten_s + 1);
  BOOST_TEST(!reading.retry_after_ms.has_value());
  BOOST_TEST((reading.received == wall(ten_s * 1'000 + 200)));
}

BOOST_AUTO_TEST_CASE(absurd_numbers_say_nothing) {
  const RateReading reading = read({{"x-ratelimit-limit", "-5"},
                                    {"x-ratelimit-remaining", "many"},
                                    {"x-ratelimit-used", "1.5"},
                                    {"x-ratelimit-reset", "99999999999999999"},
                                    {"retry-after", "99999999999999"},
                                    {"date", "soon"}});
  BOOST_TEST(!reading.limit.has_value());
  BOOST_TEST(!reading.remaining.has_value());
  BOOST_TEST(!reading.used.has_value());
  BOOST_TEST(!reading.reset_s.has_value());
  BOOST_TEST(!reading.retry_after_ms.has_value());
  BOOST_TEST(!reading.date_s.has_value());
  BOOST_TEST(reading.resource.empty());
}

BOOST_AUTO_TEST_CASE(retry_after_comes_in_seconds) {
  BOOST_TEST(read({{"retry-after", "60"}}).retry_after_ms.value() == 60'000);
  BOOST_TEST(read({{"retry-after", " 0 "}}).retry_after_ms.value() == 0);
}

BOOST_AUTO_TEST_CASE(retry_after_as_a_date_counts_from_the_answers_own_date) {
  // The server's clock is an hour before ours: only the difference of its two dates counts.
  const RateReading reading = read({{"date", "Mon, 05 Jan 2026 09:00:00 GMT"},
                                    {"retry-after", "Mon, 05 Jan 2026 09:01:30 GMT"}});
  BOOST_TEST(reading.retry_after_ms.value() == 90'000);
}

BOOST_AUTO_TEST_CASE(retry_after_as_a_date_without_a_date_counts_from_our_clock) {
  const RateReading reading = read({{"retry-after", "Mon, 05 Jan 2026 10:00:45 GMT"}});
  BOOST_TEST(reading.retry_after_ms.value() == 45'000);
}

BOOST_AUTO_TEST_CASE(retry_after_in_the_past_is_no_wait) {
  const RateReading reading = read({{"date", "Mon, 05 Jan 2026 10:00:00 GMT"},
                                    {"retry-after", "Mon, 05 Jan 2026 09:59:00 GMT"}});
  BOOST_TEST(reading.retry_after_ms.value() == 0);
}

BOOST_AUTO_TEST_CASE(one_answer_bounds_the_servers_clock) {
  ServerClock clock;
  BOOST_TEST(!clock.known());
  clock.observe(ten_s, wall(ten_s * 1'000 + 100), wall(ten_s * 1'000 + 300));
  BOOST_TEST(clock.known());
  BOOST_TEST(clock.lowest_ms() == -300);
  BOOST_TEST(clock.highest_ms() == 899);
}

BOOST_AUTO_TEST_CASE(many_answers_narrow_the_servers_clock_to_a_round_trip) {
  // The server is 3,456 ms ahead of us, a round trip takes 20 ms.
  constexpr std::int64_t ahead_ms = 3'456;
  ServerClock clock;
  for (std::int64_t i = 0; i < 200; ++i) {
    const std::int64_t sent_ms = ten_s * 1'000 + i * 7'919;
    clock.observe((sent_ms + 10 + ahead_ms) / 1'000, wall(sent_ms), wall(sent_ms + 20));
    BOOST_TEST(clock.lowest_ms() <= ahead_ms);
    BOOST_TEST(clock.highest_ms() >= ahead_ms);
  }
  BOOST_TEST(clock.highest_ms() - clock.lowest_ms() < 40);
}

BOOST_AUTO_TEST_CASE(a_servers_moment_is_never_taken_as_too_early) {
  ServerClock clock;
  constexpr std::int64_t behind_ms = -125'000;
  for (std::int64_t i = 0; i < 50; ++i) {
    const std::int64_t sent_ms = ten_s * 1'000 + i * 1'313;
    clock.observe((sent_ms + 40 + behind_ms) / 1'000, wall(sent_ms), wall(sent_ms + 80));
    const auto ours = clock.to_ours(ten_s + 3'600);
    // When our clock shows this, the server's has reached the moment.
    BOOST_TEST(ours.time_since_epoch().count() + behind_ms >= (ten_s + 3'600) * 1'000);
  }
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_starts_over) {
  ServerClock clock;
  clock.observe(ten_s, wall(ten_s * 1'000), wall(ten_s * 1'000 + 50));
  // Ours was put back by five minutes.
  const std::int64_t now_ms = (ten_s - 300) * 1'000;
  clock.observe(ten_s, wall(now_ms), wall(now_ms + 50));
  BOOST_TEST(clock.lowest_ms() == 299'950);
  BOOST_TEST(clock.highest_ms() == 300'999);
}

BOOST_AUTO_TEST_CASE(a_small_contradiction_moves_the_estimate_instead) {
  ServerClock clock;
  // Two machines behind one name, 20 ms apart: the offset is at least 0, and at most -20.
  clock.observe(ten_s, wall(ten_s * 1'000), wall(ten_s * 1'000));
  clock.observe(ten_s, wall(ten_s * 1'000 + 1'019), wall(ten_s * 1'000 + 1'019));
  BOOST_TEST(clock.lowest_ms() == -20);
  BOOST_TEST(clock.highest_ms() == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_during_which_our_clock_went_back_tells_nothing) {
  ServerClock clock;
  clock.observe(ten_s, wall(ten_s * 1'000), wall(ten_s * 1'000 - 60'000));
  BOOST_TEST(!clock.known());
}

BOOST_AUTO_TEST_CASE(an_unknown_clock_is_taken_as_ours) {
  const ServerClock clock;
  BOOST_TEST((clock.to_ours(ten_s) == wall(ten_s * 1'000)));
  // Absurd moments must not overflow.
  BOOST_TEST((clock.to_ours(std::numeric_limits<std::int64_t>::max()) > wall(ten_s * 1'000)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
