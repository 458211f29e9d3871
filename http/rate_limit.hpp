#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/async/clock.hpp"
#include "http/message.hpp"

namespace tidemark::http {

// What one answer says of the quota, as it says it: `reset_s` and `date_s` are the server's clock.
struct RateReading {
  std::string resource;  // "core", "graphql"; empty: the answer does not tell
  std::optional<std::uint64_t> limit, remaining, used;
  std::optional<std::int64_t> reset_s;         // Unix seconds
  std::optional<std::int64_t> date_s;          // the Date header
  std::optional<std::int64_t> retry_after_ms;  // from seconds or from an HTTP date less `date_s`
  async::WallTime sent, received;              // our clock around the exchange
};

[[nodiscard]] RateReading read_rate(const Headers& headers, async::WallTime sent,
                                    async::WallTime received);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, all three forms) in Unix seconds.
[[nodiscard]] std::optional<std::int64_t> parse_http_date(std::string_view text);
[[nodiscard]] std::string format_http_date(std::int64_t unix_s);

// How far a server's clock is from ours, kept as an interval: a Date header is cut to the second,
// and the answer was made between sending and receiving. Many answers narrow it to a few
// milliseconds. A contradiction (either clock was set) starts over.
class ServerClock {
 public:
  void observe(std::int64_t date_s, async::WallTime sent, async::WallTime received);
  // The latest moment of our clock that the server's `server_s` can be: never too early.
  [[nodiscard]] async::WallTime to_ours(std::int64_t server_s) const;
  [[nodiscard]] bool known() const { return known_; }
  // Server minus ours, in milliseconds: the interval.
  [[nodiscard]] std::int64_t lowest_ms() const { return lowest_ms_; }
  [[nodiscard]] std::int64_t highest_ms() const { return highest_ms_; }

 private:
  bool known_ = false;
  std::int64_t lowest_ms_ = 0, highest_ms_ = 0;
};

}  // namespace tidemark::http
