#include "storage/week.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>

#include "tests/support/simulation.hpp"

namespace tidemark::storage {
namespace {

constexpr std::int64_t day_s = 86'400;

std::string week_of(const char* time) { return Week::of(parse_time(time).value()).text(); }

BOOST_AUTO_TEST_CASE(weeks_agree_with_published_iso_facts) {
  BOOST_TEST(week_of("1970-01-01T00:00:00Z") == "1970-W01");
  BOOST_TEST(week_of("1969-12-29T00:00:00Z") == "1970-W01");
  BOOST_TEST(week_of("1969-12-28T23:59:59Z") == "1969-W52");
  BOOST_TEST(week_of("1977-01-01T12:00:00Z") == "1976-W53");
  BOOST_TEST(week_of("1977-12-31T12:00:00Z") == "1977-W52");
  BOOST_TEST(week_of("1978-01-02T12:00:00Z") == "1978-W01");
  BOOST_TEST(week_of("1980-12-28T12:00:00Z") == "1980-W52");
  BOOST_TEST(week_of("1980-12-29T12:00:00Z") == "1981-W01");
  BOOST_TEST(week_of("2003-01-01T00:00:00Z") == "2003-W01");
  BOOST_TEST(week_of("2003-12-29T00:00:00Z") == "2004-W01");
  BOOST_TEST(week_of("2005-01-01T00:00:00Z") == "2004-W53");
  BOOST_TEST(week_of("2008-12-29T00:00:00Z") == "2009-W01");
  BOOST_TEST(week_of("2010-01-03T23:59:59Z") == "2009-W53");
  BOOST_TEST(week_of("2020-12-31T00:00:00Z") == "2020-W53");
  BOOST_TEST(week_of("2026-04-27T10:00:00Z") == "2026-W18");
  BOOST_TEST(week_of("2027-01-03T23:59:59Z") == "2026-W53");
  BOOST_TEST(week_of("2106-02-07T06:28:15Z") == "2106-W05");
}

BOOST_AUTO_TEST_CASE(years_of_53_weeks_are_the_known_ones) {
  std::vector<int> long_years;
  for (int year = 1970; year <= 2106; ++year) {
    const int weeks = Week::last_of(year).number();
    BOOST_REQUIRE(weeks == 52 || weeks == 53);
    if (weeks == 53) long_years.push_back(year);
  }
  const std::vector<int> known = {1970, 1976, 1981, 1987, 1992, 1998, 2004, 2009, 2015,
                                  2020, 2026, 2032, 2037, 2043, 2048, 2054, 2060, 2065,
                                  2071, 2076, 2082, 2088, 2093, 2099, 2105};
  BOOST_TEST(long_years == known, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_week_begins_on_a_monday_where_the_last_one_ended) {
  for (Week week = Week::first_of(1960); week < Week::first_of(2110); ++week) {
    BOOST_REQUIRE_EQUAL((week.begin_s() / day_s + 3) % 7, 0);  // day -3 was a Monday
    BOOST_REQUIRE_EQUAL(week.end_s(), (week + 1).begin_s());
    BOOST_REQUIRE(Week::of(week.begin_s()) == week);
    BOOST_REQUIRE(Week::of(week.end_s() - 1) == week);
    BOOST_REQUIRE(Week::parse(week.text()) == week);
    const bool begins_year = (week + 1).number() == 1;
    BOOST_REQUIRE_EQUAL((week + 1).year(), week.year() + (begins_year ? 1 : 0));
    BOOST_REQUIRE_EQUAL((week + 1).number(), begins_year ? 1 : week.number() + 1);
    if (begins_year) BOOST_REQUIRE(week == Week::last_of(week.year()));
  }
}

BOOST_AUTO_TEST_CASE(years_before_1970_and_absurd_moments_have_weeks_too) {
  BOOST_TEST(Week{0}.text() == "1970-W01");
  BOOST_TEST(Week{-1}.text() == "1969-W52");
  BOOST_TEST((Week::first_of(1900) - Week{0}) < 0);
  BOOST_TEST(week_of("0000-01-03T00:00:00Z") == "0000-W01");
  BOOST_TEST(Week::of(std::numeric_limits<std::int64_t>::max()).index ==
             std::numeric_limits<std::int32_t>::max());
  BOOST_TEST(Week::of(std::numeric_limits<std::int64_t>::min()).index ==
             std::numeric_limits<std::int32_t>::min());
}

BOOST_AUTO_TEST_CASE(week_53_belongs_to_the_fourth_quarter) {
  const std::pair<const char*, int> known[] = {{"2026-W01", 1}, {"2026-W13", 1}, {"2026-W14", 2},
                                               {"2026-W26", 2}, {"2026-W27", 3}, {"2026-W39", 3},
                                               {"2026-W40", 4}, {"2026-W52", 4}, {"2026-W53", 4}};
  for (const auto& [text, quarter] : known) {
    BOOST_TEST(Week::parse(text).value().quarter() == quarter, text);
  }
}

BOOST_AUTO_TEST_CASE(nonsense_is_no_week) {
  for (const char* text :
       {"", "2026", "2026W18", "2026-w18", "2026-W00", "2026-W54", "2025-W53", "2026-W1",
        "2026-W181", " 2026-W18", "2026-W18 ", "+026-W18", "2026-W-1", "20a6-W18", "-026-W18"}) {
    BOOST_TEST(!Week::parse(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(times_with_offsets_and_fractions_are_read) {
  BOOST_TEST(parse_time("1970-01-01T00:00:00Z").value() == 0);
  BOOST_TEST(parse_time("2003-03-01T00:00:00Z").value() == 1'046'476'800);
  BOOST_TEST(parse_time("2026-04-27T10:00:00Z").value() == 1'777'284'000);
  BOOST_TEST(parse_time("2026-04-27T12:00:00+02:00").value() == 1'777'284'000);
  BOOST_TEST(parse_time("2026-04-27T00:30:00-09:30").value() == 1'777'284'000);
  BOOST_TEST(parse_time("2026-04-27T10:00:00.999999Z").value() == 1'777'284'000);
  BOOST_TEST(parse_time("2026-04-27T10:00:00.1+00:00").value() == 1'777'284'000);
  BOOST_TEST(parse_time("2024-02-29T00:00:00Z").value() == 1'709'164'800);
  BOOST_TEST(parse_time("2106-02-07T06:28:16Z").value() == std::int64_t{1} << 32);
}

BOOST_AUTO_TEST_CASE(nonsense_is_no_time) {
  for (const char* text : {"",
                           "2026-04-27",
                           "2026-04-27T10:00:00",
                           "2026-04-27 10:00:00Z",
                           "2026-04-27T10:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-04-31T00:00:00Z",
                           "2025-02-29T00:00:00Z",
                           "1900-02-29T00:00:00Z",
                           "2026-04-00T00:00:00Z",
                           "2026-04-27T24:00:00Z",
                           "2026-04-27T10:60:00Z",
                           "2026-04-27T10:00:60Z",
                           "2026-04-27T10:00:00.Z",
                           "2026-04-27T10:00:00.1",
                           "2026-04-27T10:00:00z",
                           "2026-04-27T10:00:00+2:00",
                           "2026-04-27T10:00:00+0200",
                           "2026-04-27T10:00:00+24:00",
                           "2026-04-27T10:00:00+02:60",
                           "2026-04-27T10:00:00Zjunk",
                           "26-04-27T10:00:00Z",
                           "+026-04-27T10:00:00Z",
                           "2026-04-27T-1:00:00Z",
                           "0000-01-01T00:00:00+01:00",
                           "9999-12-31T23:59:59-01:00"}) {
    BOOST_TEST(!parse_time(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(times_and_days_come_back_as_written) {
  std::mt19937_64 random(tidemark::test::test_seed());
  const std::int64_t first = parse_time("0000-01-01T00:00:00Z").value();
  const std::int64_t last = parse_time("9999-12-31T23:59:59Z").value();
  BOOST_TEST(format_time(last) == "9999-12-31T23:59:59Z");
  std::uniform_int_distribution<std::int64_t> moments(first, last);
  for (int count = 0; count < 20'000; ++count) {
    const std::int64_t moment = moments(random);
    BOOST_REQUIRE_EQUAL(parse_time(format_time(moment)).value(), moment);
  }
}

BOOST_AUTO_TEST_CASE(days_follow_each_other_without_gap_for_400_years) {
  std::int32_t expected = parse_day("1600-01-01").value();
  BOOST_TEST(expected == -135'140);
  int days_of_february = 0;
  for (std::int32_t day = expected; day < expected + 146'097; ++day) {
    const std::string text = format_day(day);
    BOOST_REQUIRE_EQUAL(parse_day(text).value(), day);
    if (text.substr(5) == "02-29") ++days_of_february;
  }
  BOOST_TEST(days_of_february == 97);
  BOOST_TEST(format_day(expected + 146'097) == "2000-01-01");
  BOOST_TEST(!parse_day("2026-04-27T").has_value());
  BOOST_TEST(!parse_day("2023-02-29").has_value());
}

}  // namespace
}  // namespace tidemark::storage
