#include "daemon/pages/words.hpp"

#include <fmt/format.h>

#include <array>

#include "storage/week.hpp"

namespace tidemark::daemon::pages {

namespace {

constexpr std::int64_t day_ms = 86'400'000;

struct Day {
  int year = 0, month = 0, day = 0;
};

std::int64_t day_of(std::int64_t unix_ms) {
  return unix_ms / day_ms - (unix_ms % day_ms < 0 ? 1 : 0);
}

Day calendar_day(std::int64_t days) {
  const std::string text = storage::format_day(static_cast<std::int32_t>(days));
  return {std::stoi(text), std::stoi(text.substr(5, 2)), std::stoi(text.substr(8, 2))};
}

std::string_view month_name(int month) {
  static constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return names[static_cast<std::size_t>(month - 1)];
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string counted(std::uint64_t number, std::string_view singular) {
  return fmt::format("{} {}{}", grouped(number), singular, number == 1 ? "" : "s");
}

std::string number_word(std::uint64_t number) {
  static constexpr std::array<std::string_view, 13> names{
      "no",    "one",   "two",  "three", "four",   "five",  "six",
      "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  return number < names.size() ? std::string(names[number]) : grouped(number);
}

std::string every(std::int64_t hours) {
  if (hours == 1) return "every hour";
  if (hours == 24) return "every day";
  if (hours % 24 == 0) {
    return fmt::format("every {} days", number_word(static_cast<std::uint64_t>(hours / 24)));
  }
  return fmt::format("every {} hours", number_word(static_cast<std::uint64_t>(hours)));
}

std::string once_every(std::int64_t minutes) {
  if (minutes == 60) return "once an hour";
  if (minutes == 1) return "once a minute";
  if (minutes == 24 * 60) return "once a day";
  if (minutes > 60 && minutes % 60 == 0) {
    return fmt::format("once every {} hours",
                       number_word(static_cast<std::uint64_t>(minutes / 60)));
  }
  return fmt::format("once every {} minutes", minutes);
}

std::string utc_text(std::int64_t unix_ms, std::int64_t now_ms) {
  const std::int64_t days = day_of(unix_ms), today = day_of(now_ms);
  const std::int64_t minutes = (unix_ms - days * day_ms) / 60'000;
  const std::string clock = fmt::format("{:02}:{:02} UTC", minutes / 60, minutes % 60);
  if (days == today) return clock;
  const Day day = calendar_day(days);
  if (day.year == calendar_day(today).year) return fmt::format("{}, {}", day_text(days), clock);
  return fmt::format("{} {}, {}", day_text(days), day.year, clock);
}

Values instant(std::int64_t unix_ms, std::int64_t now_ms) {
  return Values()
      .text("iso", storage::format_time(day_of(unix_ms) * 86'400 +
                                        (unix_ms - day_of(unix_ms) * day_ms) / 1000))
      .text("shown", utc_text(unix_ms, now_ms));
}

std::string day_text(std::int64_t days) {
  const Day day = calendar_day(days);
  return fmt::format("{} {}", day.day, month_name(day.month));
}

std::string sentence(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  std::string ended(text);
  if (!ended.empty() && std::string_view(".!?").find(ended.back()) == std::string_view::npos) {
    ended += '.';
  }
  return ended;
}

}  // namespace tidemark::daemon::pages
