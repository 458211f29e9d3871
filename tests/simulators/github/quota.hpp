#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "http/message.hpp"

namespace tidemark::simulators {

enum class WindowAnchor {
  grid,   // windows begin at multiples of their length on the server's clock
  first,  // a window begins with the owner's first request
};

struct QuotaSettings {
  std::uint64_t core = 5000, graphql = 5000, anonymous_core = 60;
  std::int64_t window_ms = 3'600'000;
  WindowAnchor anchor = WindowAnchor::first;
  std::int64_t clock_offset_ms = 0;  // server's clock less ours
  unsigned refusal_status = 403;     // of REST: 403 or 429
  bool overdraft = false;            // a query dearer than what is left may still run
};

// One owner's window of one resource. Times are of the server's clock.
struct QuotaWindow {
  std::uint64_t limit = 0, used = 0;
  std::int64_t start_ms = 0, end_ms = 0;
  bool refused = false;  // after a refusal nothing more passes, and 0 is said to remain

  [[nodiscard]] std::uint64_t remaining() const {
    return refused || used >= limit ? 0 : limit - used;
  }
  // Rounded up: who waits until then never comes too early.
  [[nodiscard]] std::int64_t reset_s() const { return (end_ms + 999) / 1000; }
};

class Quota {
 public:
  explicit Quota(QuotaSettings settings) : settings_(settings) {}

  [[nodiscard]] std::int64_t server_ms(std::int64_t our_ms) const {
    return our_ms + settings_.clock_offset_ms;
  }
  // The owner's present window; a new one when the last has ended.
  QuotaWindow& window(const std::string& owner, const std::string& resource, std::int64_t our_ms);
  // False: refused, nothing is spent.
  bool spend(QuotaWindow& window, std::uint64_t points) const;

  [[nodiscard]] QuotaSettings& settings() { return settings_; }

 private:
  [[nodiscard]] std::uint64_t limit(const std::string& owner, const std::string& resource) const;

  QuotaSettings settings_;
  std::map<std::pair<std::string, std::string>, QuotaWindow> windows_;
};

void set_rate_headers(http::Headers& headers, const QuotaWindow& window,
                      const std::string& resource);

}  // namespace tidemark::simulators
