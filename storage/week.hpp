#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark::storage {

// An ISO 8601 week in UTC, Monday 00:00:00 to Sunday 23:59:59. Held as a count of weeks since the
// week of 1970-01-01 (1970-W01, whose Monday is 1969-12-29); plain arithmetic works on it.
struct Week {
  std::int32_t index = 0;

  friend auto operator<=>(const Week&, const Week&) = default;
  Week operator+(std::int32_t weeks) const { return Week{index + weeks}; }
  Week operator-(std::int32_t weeks) const { return Week{index - weeks}; }
  std::int32_t operator-(Week other) const { return index - other.index; }
  Week& operator++() {
    ++index;
    return *this;
  }

  [[nodiscard]] std::int64_t begin_s() const;  // Unix seconds of its Monday 00:00:00 UTC
  [[nodiscard]] std::int64_t end_s() const;    // of the next Monday: exclusive
  [[nodiscard]] int year() const;              // ISO year
  [[nodiscard]] int number() const;            // 1 to 53
  [[nodiscard]] int quarter() const;           // 1 to 4; week 53 belongs to 4
  [[nodiscard]] std::string text() const;      // "2026-W18"

  static Week of(std::int64_t unix_s);
  static Week first_of(int iso_year);
  static Week last_of(int iso_year);  // week 52 or 53
  static std::optional<Week> parse(std::string_view text);
};

// Calendar days and instants, for all that ISO 8601 texts need; libstdc++ 12 has no chrono::parse.
// Takes "2026-04-27T10:00:00Z", offsets "+02:00", and fractions (dropped). Year 0 to 9999.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);  // Unix seconds
[[nodiscard]] std::string format_time(std::int64_t unix_s);                   // "…T…Z"
[[nodiscard]] std::optional<std::int32_t> parse_day(std::string_view text);   // days since 1970
[[nodiscard]] std::string format_day(std::int32_t days);                      // "2026-04-27"

}  // namespace tidemark::storage
