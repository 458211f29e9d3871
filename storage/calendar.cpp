#include "storage/calendar.hpp"

#include <fmt/format.h>

#include "storage/week.hpp"

namespace tidemark::storage {
namespace {

// The calendar repeats every 400 years. Years are counted from March, so that the leap day is the
// last day of its year and every month's start is a linear formula.
constexpr std::int64_t years_per_era = 400;
constexpr std::int64_t days_per_era = 146'097;
constexpr std::int64_t days_from_march_0000_to_1970 = 719'468;

bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::optional<int> year = digits(text.substr(0, 4));
  const std::optional<int> month = digits(text.substr(5, 2));
  const std::optional<int> day = digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  if (*month < 1 || *month > 12) return std::nullopt;
  if (*day < 1 || *day > days_in_month(*year, *month)) return std::nullopt;
  return Date{*year, *month, *day};
}

std::optional<std::int64_t> parse_clock(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const std::optional<int> hour = digits(text.substr(0, 2));
  const std::optional<int> minute = digits(text.substr(3, 2));
  const std::optional<int> second = digits(text.substr(6, 2));
  if (!hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return std::int64_t{*hour} * 3600 + *minute * 60 + *second;
}

// "Z" or "+02:00": seconds east of UTC.
std::optional<std::int64_t> parse_offset(std::string_view text) {
  if (text == "Z") return 0;
  if (text.size() != 6 || text[3] != ':') return std::nullopt;
  if (text[0] != '+' && text[0] != '-') return std::nullopt;
  const std::optional<int> hours = digits(text.substr(1, 2));
  const std::optional<int> minutes = digits(text.substr(4, 2));
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t seconds = std::int64_t{*hours} * 3600 + *minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

// Drops ".123"; a dot without digits is refused.
bool drop_fraction(std::string_view& text) {
  if (text.empty() || text.front() != '.') return true;
  std::size_t end = 1;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  if (end == 1) return false;
  text.remove_prefix(end);
  return true;
}

}  // namespace

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  const std::int64_t quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

std::int64_t days_of(Date date) {
  const std::int64_t year = date.month > 2 ? date.year : date.year - 1;
  const std::int64_t era = floor_divide(year, years_per_era);
  const std::int64_t year_of_era = year - era * years_per_era;
  const std::int64_t month_from_march = date.month > 2 ? date.month - 3 : date.month + 9;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * days_per_era + day_of_era - days_from_march_0000_to_1970;
}

Date date_of(std::int64_t days) {
  const std::int64_t shifted = days + days_from_march_0000_to_1970;
  const std::int64_t era = floor_divide(shifted, days_per_era);
  const std::int64_t day_of_era = shifted - era * days_per_era;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  Date date;
  date.day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5) + 1;
  date.month =
      static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  date.year = year_of_era + era * years_per_era + (date.month <= 2 ? 1 : 0);
  return date;
}

int days_in_month(std::int64_t year, int month) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

std::optional<int> digits(std::string_view text) {
  if (text.empty() || text.size() > 9) return std::nullopt;
  int value = 0;
  for (const char character : text) {
    if (character < '0' || character > '9') return std::nullopt;
    value = value * 10 + (character - '0');
  }
  return value;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T') return std::nullopt;
  const std::optional<Date> date = parse_date(text.substr(0, 10));
  const std::optional<std::int64_t> clock = parse_clock(text.substr(11, 8));
  std::string_view rest = text.substr(19);
  if (!date || !clock || !drop_fraction(rest)) return std::nullopt;
  const std::optional<std::int64_t> offset = parse_offset(rest);
  if (!offset) return std::nullopt;
  const std::int64_t unix_s = days_of(*date) * seconds_per_day + *clock - *offset;
  // An offset may push the first or last day out of the years that we can write again.
  const std::int64_t year = date_of(floor_divide(unix_s, seconds_per_day)).year;
  if (year < 0 || year > 9999) return std::nullopt;
  return unix_s;
}

std::string format_time(std::int64_t unix_s) {
  const std::int64_t days = floor_divide(unix_s, seconds_per_day);
  const std::int64_t second = unix_s - days * seconds_per_day;
  const Date date = date_of(days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", date.year, date.month, date.day,
                     second / 3600, second / 60 % 60, second % 60);
}

std::optional<std::int32_t> parse_day(std::string_view text) {
  const std::optional<Date> date = parse_date(text);
  if (!date) return std::nullopt;
  return static_cast<std::int32_t>(days_of(*date));
}

std::string format_day(std::int32_t days) {
  const Date date = date_of(days);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

}  // namespace tidemark::storage
