#pragma once

#include <algorithm>
#include <cstdint>
#include <map>

#include "http/async/clock.hpp"
#include "http/rate_limit.hpp"

namespace tidemark::test {

// A provider's quota as contracts/github.md describes it, with a clock of its own, and a ledger of
// what we did to it: that ledger judges, not ours.
class QuotaServer {
 public:
  struct Settings {
    std::uint64_t limit = 20;
    std::int64_t window_s = 5;
    bool on_grid = true;  // else a window begins with its first request
    std::int64_t clock_ahead_ms = 0;
  };
  struct Kept {
    std::uint64_t ours = 0, refused = 0;
  };

  QuotaServer(const async::Clock& clock, Settings settings)
      : clock_(clock), started_(clock.steady_now()), settings_(settings) {}

  // What the answer says; false in `granted` when it was refused.
  http::RateReading serve(std::uint64_t cost, bool ours, bool& granted) {
    const std::int64_t now = now_ms();
    if (now >= reset_s_ * 1'000) {
      used_ = 0;
      const std::int64_t now_s = now / 1'000;
      reset_s_ = settings_.window_s +
                 (settings_.on_grid ? now_s / settings_.window_s * settings_.window_s : now_s);
    }
    granted = used_ + cost <= settings_.limit;
    if (granted) used_ += cost;
    if (ours && granted) windows_[reset_s_].ours += cost;
    if (ours && !granted) ++windows_[reset_s_].refused;

    http::RateReading reading;
    reading.resource = "graphql";
    reading.limit = settings_.limit;
    reading.remaining = granted ? settings_.limit - used_ : 0;
    reading.used = used_;
    reading.reset_s = reset_s_;
    reading.date_s = now / 1'000;
    return reading;
  }

  [[nodiscard]] std::int64_t now_ms() const {
    const auto passed = clock_.steady_now() - started_;
    return 1'767'571'200'000 + settings_.clock_ahead_ms +
           std::chrono::duration_cast<async::Milliseconds>(passed).count();
  }
  [[nodiscard]] std::int64_t reset_ms() const { return reset_s_ * 1'000; }

  [[nodiscard]] std::uint64_t spent() const {
    std::uint64_t sum = 0;
    for (const auto& [reset_s, kept] : windows_) sum += kept.ours;
    return sum;
  }
  [[nodiscard]] const std::map<std::int64_t, Kept>& windows() const { return windows_; }

 private:
  const async::Clock& clock_;
  async::SteadyTime started_;
  Settings settings_;
  std::uint64_t used_ = 0;
  std::int64_t reset_s_ = 0;
  std::map<std::int64_t, Kept> windows_;
};

}  // namespace tidemark::test
