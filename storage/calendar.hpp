#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tidemark::storage {

// Days, months and years of the proleptic Gregorian calendar, for week.hpp.
struct Date {
  std::int64_t year = 1970;
  int month = 1, day = 1;
};

inline constexpr std::int64_t seconds_per_day = 86'400;

// Rounds towards minus infinity, so that moments before 1970 fall on the right day.
[[nodiscard]] std::int64_t floor_divide(std::int64_t value, std::int64_t by);
// Days since 1970-01-01.
[[nodiscard]] std::int64_t days_of(Date date);
[[nodiscard]] Date date_of(std::int64_t days);
[[nodiscard]] int days_in_month(std::int64_t year, int month);
// Nothing but digits, few enough for an int.
[[nodiscard]] std::optional<int> digits(std::string_view text);

}  // namespace tidemark::storage
