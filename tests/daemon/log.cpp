#include "daemon/log.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

namespace tidemark::daemon {

BOOST_AUTO_TEST_SUITE(log)

BOOST_AUTO_TEST_CASE(a_line_is_for_people_for_programs_or_for_journald) {
  const std::string_view time = "2026-05-01T12:00:00.123Z";
  BOOST_TEST(log_line(LogFormat::text, LogLevel::info, time, "hello") ==
             "2026-05-01T12:00:00.123Z info    hello");
  BOOST_TEST(log_line(LogFormat::json, LogLevel::warning, time, "say \"hi\"") ==
             R"({"time":"2026-05-01T12:00:00.123Z","level":"warning","message":"say \"hi\""})");
  BOOST_TEST(log_line(LogFormat::journal, LogLevel::debug, time, "a") == "<7>a");
  BOOST_TEST(log_line(LogFormat::journal, LogLevel::info, time, "a") == "<6>a");
  BOOST_TEST(log_line(LogFormat::journal, LogLevel::warning, time, "a") == "<4>a");
  BOOST_TEST(log_line(LogFormat::journal, LogLevel::error, time, "a") == "<3>a");
}

BOOST_AUTO_TEST_CASE(priorities_are_written_only_when_standard_error_really_goes_to_journald) {
  struct stat status{};
  BOOST_REQUIRE_EQUAL(::fstat(STDERR_FILENO, &status), 0);
  const auto ours = fmt::format("{}:{}", status.st_dev, status.st_ino);
  BOOST_CHECK(choose_log_format("text", ours.c_str()) == LogFormat::journal);
  BOOST_CHECK(choose_log_format("text", "1:1") == LogFormat::text);
  BOOST_CHECK(choose_log_format("text", nullptr) == LogFormat::text);
  BOOST_CHECK(choose_log_format("json", ours.c_str()) == LogFormat::json);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
