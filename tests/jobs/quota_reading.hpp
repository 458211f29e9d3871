#pragma once

#include <cstdint>

#include "http/async/clock.hpp"
#include "http/rate_limit.hpp"

namespace tidemark::test {

inline std::int64_t unix_ms(const async::Clock& clock) {
  return clock.wall_now().time_since_epoch().count();
}

// An answer that came at once, from a server whose clock is ours.
inline http::RateReading quota_reading(const async::Clock& clock, std::uint64_t limit,
                                       std::uint64_t remaining, std::int64_t reset_s) {
  http::RateReading reading;
  reading.resource = "graphql";
  reading.limit = limit;
  reading.remaining = remaining;
  reading.used = limit - remaining;
  reading.reset_s = reset_s;
  reading.date_s = unix_ms(clock) / 1'000;
  reading.sent = reading.received = clock.wall_now();
  return reading;
}

}  // namespace tidemark::test
