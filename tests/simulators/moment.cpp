#include "tests/simulators/moment.hpp"

#include <fmt/format.h>

#include <array>

namespace tidemark::simulators {

namespace {

constexpr std::int64_t day_s = 86400;

// Takes exactly `count` digits from the front.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  unsigned value = 0;
  for (char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Date> take_date(std::string_view& text) {
  auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  auto day = take_digits(text, 2);
  if (!day || *month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  return Date{*year, *month, *day};
}

std::optional<std::int64_t> take_time(std::string_view& text) {
  auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  auto minute = take_digits(text, 2);
  if (!minute) return std::nullopt;
  unsigned second = 0;
  if (take(text, ':')) {
    auto digits = take_digits(text, 2);
    if (!digits) return std::nullopt;
    second = *digits;
  }
  if (*hour > 24 || *minute > 59 || second > 60) return std::nullopt;
  if (take(text, '.')) {
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') text.remove_prefix(1);
  }
  return *hour * 3600 + *minute * 60 + second;
}

// git stores any offset, also impossible ones: only the form is checked.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (text.empty() || take(text, 'Z')) return 0;
  int sign = 0;
  if (take(text, '+'))
    sign = 1;
  else if (take(text, '-'))
    sign = -1;
  else
    return std::nullopt;
  auto hours = take_digits(text, 2);
  if (!hours) return std::nullopt;
  take(text, ':');
  auto minutes = take_digits(text, 2);
  if (!minutes) return std::nullopt;
  return sign * (static_cast<std::int64_t>(*hours) * 3600 + *minutes * 60);
}

}  // namespace

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  std::int64_t quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

std::int64_t days_of(Date date) {
  return std::chrono::sys_days(std::chrono::year(static_cast<int>(date.year)) /
                               static_cast<int>(date.month) / static_cast<int>(date.day))
      .time_since_epoch()
      .count();
}

Date date_of_days(std::int64_t days) {
  std::chrono::year_month_day ymd{std::chrono::sys_days(std::chrono::days(days))};
  return Date{static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
              static_cast<unsigned>(ymd.day())};
}

unsigned weekday_of(std::int64_t days) {
  return static_cast<unsigned>(((days + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
}

std::optional<std::int64_t> parse_moment(std::string_view text) {
  auto date = take_date(text);
  if (!date) return std::nullopt;
  std::int64_t seconds = days_of(*date) * day_s;
  if (text.empty()) return seconds;
  if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
  auto time = take_time(text);
  if (!time) return std::nullopt;
  auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return seconds + *time - *offset;
}

std::string format_date(std::int64_t days) {
  Date date = date_of_days(days);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

std::string format_moment(std::int64_t unix_s) {
  std::int64_t days = floor_divide(unix_s, day_s);
  std::int64_t second = unix_s - days * day_s;
  return fmt::format("{}T{:02}:{:02}:{:02}Z", format_date(days), second / 3600, second / 60 % 60,
                     second % 60);
}

std::string format_http(std::int64_t unix_s) {
  static constexpr std::array names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::int64_t days = floor_divide(unix_s, day_s);
  std::int64_t second = unix_s - days * day_s;
  Date date = date_of_days(days);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", names[weekday_of(days)], date.day,
                     months[date.month - 1], date.year, second / 3600, second / 60 % 60,
                     second % 60);
}

std::int64_t plus_years(std::int64_t unix_s, int years) {
  std::int64_t days = floor_divide(unix_s, day_s);
  Date date = date_of_days(days);
  std::int64_t second = unix_s - days * day_s;
  date.year += years;
  if (date.month == 2 && date.day == 29) date.day = 28;
  return days_of(date) * day_s + second;
}

std::int64_t milliseconds_of(async::WallTime time) { return time.time_since_epoch().count(); }

}  // namespace tidemark::simulators
