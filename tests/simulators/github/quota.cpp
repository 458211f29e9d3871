#include "tests/simulators/github/quota.hpp"

#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

std::uint64_t Quota::limit(const std::string& owner, const std::string& resource) const {
  if (owner.starts_with("anonymous:")) return resource == "core" ? settings_.anonymous_core : 0;
  return resource == "graphql" ? settings_.graphql : settings_.core;
}

QuotaWindow& Quota::window(const std::string& owner, const std::string& resource,
                           std::int64_t our_ms) {
  std::int64_t now_ms = server_ms(our_ms);
  QuotaWindow& window = windows_[{owner, resource}];
  window.limit = limit(owner, resource);
  if (now_ms >= window.end_ms || now_ms < window.start_ms) {
    window = QuotaWindow{};
    window.limit = limit(owner, resource);
    window.start_ms = settings_.anchor == WindowAnchor::grid
                          ? floor_divide(now_ms, settings_.window_ms) * settings_.window_ms
                          : floor_divide(now_ms, 1000) * 1000;  // resets are whole seconds
    window.end_ms = window.start_ms + settings_.window_ms;
  }
  return window;
}

bool Quota::spend(QuotaWindow& window, std::uint64_t points) const {
  bool enough = settings_.overdraft ? window.remaining() > 0 : window.remaining() >= points;
  if (!enough) {
    window.refused = true;
    return false;
  }
  window.used += points;
  return true;
}

void set_rate_headers(http::Headers& headers, const QuotaWindow& window,
                      const std::string& resource) {
  headers.set("X-RateLimit-Limit", std::to_string(window.limit));
  headers.set("X-RateLimit-Remaining", std::to_string(window.remaining()));
  headers.set("X-RateLimit-Used", std::to_string(window.used));
  headers.set("X-RateLimit-Reset", std::to_string(window.reset_s()));
  headers.set("X-RateLimit-Resource", resource);
}

}  // namespace tidemark::simulators
