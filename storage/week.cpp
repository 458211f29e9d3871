#include "storage/week.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "storage/calendar.hpp"

namespace tidemark::storage {
namespace {

// The Thursday of a week decides its year (ISO 8601). 1970-01-01 was a Thursday, so the Thursday of
// week `index` is simply day 7 * index.
std::int64_t thursday(Week week) { return std::int64_t{week.index} * 7; }
constexpr int monday_before_thursday = 3;

Week week_of_day(std::int64_t days) {
  const std::int64_t index = floor_divide(days + monday_before_thursday, 7);
  using Limits = std::numeric_limits<std::int32_t>;
  return Week{
      static_cast<std::int32_t>(std::clamp<std::int64_t>(index, Limits::min(), Limits::max()))};
}

}  // namespace

std::int64_t Week::begin_s() const {
  return (thursday(*this) - monday_before_thursday) * seconds_per_day;
}

std::int64_t Week::end_s() const { return begin_s() + 7 * seconds_per_day; }

int Week::year() const { return static_cast<int>(date_of(thursday(*this)).year); }

int Week::number() const {
  const std::int64_t day = thursday(*this);
  const std::int64_t new_year = days_of(Date{date_of(day).year, 1, 1});
  return static_cast<int>((day - new_year) / 7) + 1;
}

int Week::quarter() const { return std::min((number() - 1) / 13 + 1, 4); }

std::string Week::text() const { return fmt::format("{:04}-W{:02}", year(), number()); }

Week Week::of(std::int64_t unix_s) { return week_of_day(floor_divide(unix_s, seconds_per_day)); }

// 4 January is always in week 1, and 28 December always in the last week.
Week Week::first_of(int iso_year) { return week_of_day(days_of(Date{iso_year, 1, 4})); }
Week Week::last_of(int iso_year) { return week_of_day(days_of(Date{iso_year, 12, 28})); }

std::optional<Week> Week::parse(std::string_view text) {
  if (text.size() != 8 || text.substr(4, 2) != "-W") return std::nullopt;
  const std::optional<int> year = digits(text.substr(0, 4));
  const std::optional<int> number = digits(text.substr(6, 2));
  if (!year || !number || *number < 1) return std::nullopt;
  const Week week = first_of(*year) + (*number - 1);
  if (week > last_of(*year)) return std::nullopt;
  return week;
}

}  // namespace tidemark::storage
