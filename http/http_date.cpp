#include <fmt/format.h>

#include <array>
#include <chrono>

#include "http/rate_limit.hpp"
#include "http/text_scanner.hpp"

namespace tidemark::http {
namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

struct Fields {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

int read_month(TextScanner& scanner) {
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (scanner.skip(months[i])) return static_cast<int>(i) + 1;
  }
  scanner.expect("the name of a month");
  return 0;
}

void read_time(TextScanner& scanner, Fields& fields) {
  fields.hour = scanner.digits(2);
  scanner.expect(":");
  fields.minute = scanner.digits(2);
  scanner.expect(":");
  fields.second = scanner.digits(2);
}

// "06 Nov 1994 08:49:37 GMT", or "06-Nov-94 08:49:37 GMT" of RFC 850.
void read_comma_form(TextScanner& scanner, Fields& fields) {
  fields.day = scanner.digits(2);
  const bool two_digit_year = scanner.skip("-");
  if (!two_digit_year) scanner.expect(" ");
  fields.month = read_month(scanner);
  if (two_digit_year) {
    scanner.expect("-");
    const int year = scanner.digits(2);
    // RFC 9110 asks for a window around today; no answer of ours is older than HTTP itself.
    fields.year = year < 70 ? 2000 + year : 1900 + year;
  } else {
    scanner.expect(" ");
    fields.year = scanner.digits(4);
  }
  scanner.expect(" ");
  read_time(scanner, fields);
  scanner.expect(" ");
  if (!scanner.skip("UTC")) scanner.expect("GMT");
}

// "Nov  6 08:49:37 1994" of C's asctime.
void read_asctime_form(TextScanner& scanner, Fields& fields) {
  fields.month = read_month(scanner);
  scanner.expect(" ");
  if (scanner.skip(" ")) {
    fields.day = scanner.digits(1);
  } else {
    fields.day = scanner.digits(2);
  }
  scanner.expect(" ");
  read_time(scanner, fields);
  scanner.expect(" ");
  fields.year = scanner.digits(4);
}

}  // namespace

std::optional<std::int64_t> unix_seconds(int year, int month, int day, int hour, int minute,
                                         int second) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * 86'400 + hour * 3'600 + minute * 60 + second;
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  TextScanner scanner(text);
  Fields fields;
  if (scanner.letters().size() < 3) return std::nullopt;
  if (scanner.skip(", ")) {
    read_comma_form(scanner, fields);
  } else {
    scanner.expect(" ");
    read_asctime_form(scanner, fields);
  }
  if (!scanner.finished()) return std::nullopt;
  return unix_seconds(fields.year, fields.month, fields.day, fields.hour, fields.minute,
                      fields.second);
}

std::string format_http_date(std::int64_t unix_s) {
  const std::chrono::sys_seconds time{std::chrono::seconds(unix_s)};
  const std::chrono::sys_days midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(time - midnight);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     weekdays[std::chrono::weekday(midnight).c_encoding()],
                     static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace tidemark::http
