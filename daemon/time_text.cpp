#include "daemon/time_text.hpp"

#include <fmt/format.h>

#include <ctime>

#include "storage/week.hpp"

namespace tidemark::daemon {

namespace {

std::int64_t seconds_of(std::int64_t unix_ms) {
  return unix_ms >= 0 ? unix_ms / 1000 : (unix_ms - 999) / 1000;
}

std::tm local(std::int64_t unix_ms) {
  const std::time_t seconds = seconds_of(unix_ms);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  return parts;
}

}  // namespace

std::string iso_text(std::int64_t unix_ms) {
  const std::int64_t seconds = seconds_of(unix_ms);
  std::string text = storage::format_time(seconds);
  if (text.ends_with('Z')) text.pop_back();
  return fmt::format("{}.{:03}Z", text, unix_ms - seconds * 1000);
}

std::string clock_text(std::int64_t unix_ms, std::int64_t now_ms) {
  const std::tm then = local(unix_ms), now = local(now_ms);
  const auto time = fmt::format("{:02}:{:02}:{:02}", then.tm_hour, then.tm_min, then.tm_sec);
  if (then.tm_year == now.tm_year && then.tm_yday == now.tm_yday) return time;
  return fmt::format("{:04}-{:02}-{:02} {}", then.tm_year + 1900, then.tm_mon + 1, then.tm_mday,
                     time);
}

std::string duration_text(std::int64_t duration_ms) {
  const std::int64_t seconds = duration_ms / 1000;
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 2 * 3600) return fmt::format("{} min", seconds / 60);
  if (seconds < 2 * 86'400) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} days", seconds / 86'400);
}

std::string wait_text(std::string_view reason, std::int64_t until_ms, std::int64_t now_ms) {
  if (until_ms == 0) return fmt::format("waiting ({})", reason);
  const auto until = clock_text(until_ms, now_ms);
  if (reason.empty()) return fmt::format("waiting until {}", until);
  // The ledger's words: "waiting for GitHub quota (graphql): 0 of 5000 left".
  constexpr std::string_view begin = "waiting for ", middle = " quota (", close = "): ";
  const auto at = reason.find(middle);
  const auto end = reason.find(close, at == std::string_view::npos ? 0 : at);
  if (!reason.starts_with(begin) || at == std::string_view::npos || end == std::string_view::npos) {
    return fmt::format("waiting until {} ({})", until, reason);
  }
  const auto provider = reason.substr(begin.size(), at - begin.size());
  const auto resource = reason.substr(at + middle.size(), end - at - middle.size());
  return fmt::format("waiting for quota until {} ({} {}: {})", until, provider, resource,
                     reason.substr(end + close.size()));
}

}  // namespace tidemark::daemon
