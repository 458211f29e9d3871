#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/async/clock.hpp"

namespace tidemark::simulators {

// Dates as upstreams write them, on plain Unix seconds. Written apart from the daemon's own date
// code, because the simulators judge it.

// A calendar day counted from 1970-01-01, and its parts.
struct Date {
  std::int64_t year = 1970;
  unsigned month = 1, day = 1;
};
[[nodiscard]] std::int64_t days_of(Date date);
[[nodiscard]] Date date_of_days(std::int64_t days);
// Days before 1970 are negative: a plain division would round towards 1970.
[[nodiscard]] std::int64_t floor_divide(std::int64_t value, std::int64_t by);
// 0 is Sunday, as in GitHub's calendar.
[[nodiscard]] unsigned weekday_of(std::int64_t days);

// "2026-01-05T00:00:00Z", "2026-01-05T00:00:00.123+05:30", "2026-01-05"; nullopt for all else.
[[nodiscard]] std::optional<std::int64_t> parse_moment(std::string_view text);
[[nodiscard]] std::string format_moment(std::int64_t unix_s);  // 2026-01-05T00:00:00Z
[[nodiscard]] std::string format_date(std::int64_t days);      // 2026-01-05
[[nodiscard]] std::string format_http(std::int64_t unix_s);    // Mon, 05 Jan 2026 00:00:00 GMT
// The same day and time a number of years on; 29 February becomes 28 February.
[[nodiscard]] std::int64_t plus_years(std::int64_t unix_s, int years);

[[nodiscard]] std::int64_t milliseconds_of(async::WallTime time);
[[nodiscard]] inline async::WallTime wall_time(std::int64_t unix_ms) {
  return async::WallTime(async::Milliseconds(unix_ms));
}

}  // namespace tidemark::simulators
