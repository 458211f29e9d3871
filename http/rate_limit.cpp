#include "http/rate_limit.hpp"

#include <algorithm>
#include <charconv>

namespace tidemark::http {
namespace {

// Later than any real reset, early enough that milliseconds fit: the end of the year 9999.
constexpr std::int64_t unix_s_max = 253'402'300'799;
// A wait beyond this is not a wait; the header is taken as absurd and ignored.
constexpr std::int64_t retry_after_s_max = 366LL * 86'400;

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// A whole header value of digits; anything else says nothing.
template <class Number>
std::optional<Number> read_number(const Headers& headers, std::string_view name) {
  const std::optional<std::string_view> field = headers.find(name);
  if (!field) return std::nullopt;
  const std::string_view text = without_blanks(*field);
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> read_retry_after_ms(const Headers& headers, std::int64_t now_s) {
  if (const auto seconds = read_number<std::int64_t>(headers, "retry-after")) {
    if (*seconds > retry_after_s_max) return std::nullopt;
    return *seconds * 1'000;
  }
  const std::optional<std::string_view> field = headers.find("retry-after");
  if (!field) return std::nullopt;
  const std::optional<std::int64_t> at_s = parse_http_date(without_blanks(*field));
  if (!at_s || *at_s - now_s > retry_after_s_max) return std::nullopt;
  return std::max<std::int64_t>(0, *at_s - now_s) * 1'000;
}

}  // namespace

RateReading read_rate(const Headers& headers, async::WallTime sent, async::WallTime received) {
  RateReading reading;
  reading.sent = sent;
  reading.received = received;
  if (const auto date = headers.find("date"))
    reading.date_s = parse_http_date(without_blanks(*date));

  // A date in Retry-After is by the server's clock. Without a Date ours is the only one there is.
  const std::int64_t received_s =
      std::chrono::floor<std::chrono::seconds>(received).time_since_epoch().count();
  reading.retry_after_ms = read_retry_after_ms(headers, reading.date_s.value_or(received_s));

  if (const auto resource = headers.find("x-ratelimit-resource")) {
    reading.resource = without_blanks(*resource);
  }
  reading.limit = read_number<std::uint64_t>(headers, "x-ratelimit-limit");
  reading.remaining = read_number<std::uint64_t>(headers, "x-ratelimit-remaining");
  reading.used = read_number<std::uint64_t>(headers, "x-ratelimit-used");
  reading.reset_s = read_number<std::int64_t>(headers, "x-ratelimit-reset");
  if (reading.reset_s && *reading.reset_s > unix_s_max) reading.reset_s.reset();
  return reading;
}

void ServerClock::observe(std::int64_t date_s, async::WallTime sent, async::WallTime received) {
  // Our own clock was set back while we waited: the answer tells nothing.
  if (received < sent) return;
  if (date_s < -unix_s_max || date_s > unix_s_max) return;
  // A provider's machines differ by a few milliseconds, and clocks drift: a gap this small between
  // two claims moves the estimate, a larger one means that a clock was set.
  constexpr std::int64_t slack_ms = 100;

  const std::int64_t lowest_ms = date_s * 1'000 - received.time_since_epoch().count();
  const std::int64_t highest_ms = date_s * 1'000 + 999 - sent.time_since_epoch().count();
  const std::int64_t both_lowest_ms = std::max(lowest_ms, lowest_ms_);
  const std::int64_t both_highest_ms = std::min(highest_ms, highest_ms_);
  if (!known_ || both_lowest_ms - both_highest_ms > slack_ms) {
    lowest_ms_ = lowest_ms;
    highest_ms_ = highest_ms;
    known_ = true;
    return;
  }
  // Inside the slack the two cross over: what lies between the claims is then the interval.
  lowest_ms_ = std::min(both_lowest_ms, both_highest_ms);
  highest_ms_ = std::max(both_lowest_ms, both_highest_ms);
}

async::WallTime ServerClock::to_ours(std::int64_t server_s) const {
  const std::int64_t bounded_s = std::clamp(server_s, -unix_s_max, unix_s_max);
  return async::WallTime(async::Milliseconds(bounded_s * 1'000 - lowest_ms_));
}

}  // namespace tidemark::http
