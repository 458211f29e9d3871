#pragma once

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>
#include <variant>

#include "jobs/ledger.hpp"

namespace tidemark::test {

using std::chrono::milliseconds;

// A clock that stands until it is told to move.
class HandClock final : public async::Clock {
 public:
  async::SteadyTime steady_now() const noexcept override {
    return async::SteadyTime(std::chrono::hours(1)) + passed_;
  }
  async::WallTime wall_now() const noexcept override { return start_ + passed_ + offset_; }
  async::Task<void> sleep_until(async::SteadyTime) override { co_return; }

  void pass(milliseconds duration) { passed_ += duration; }
  void set_wall(milliseconds offset) { offset_ = offset; }

 private:
  async::WallTime start_{std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)};
  milliseconds passed_{0}, offset_{0};
};

// A ledger with one owner, and the words to talk to it.
struct Desk {
  HandClock clock;
  async::SeededRandom random{1};
  jobs::QuotaLedger ledger{clock, random};
  std::string owner = "github:10308", resource = "graphql";

  std::int64_t now_ms() const { return clock.wall_now().time_since_epoch().count(); }
  std::int64_t now_s() const { return now_ms() / 1'000; }
  std::variant<jobs::QuotaPermit, jobs::QuotaWait> ask(std::uint64_t cost = 1) {
    return ledger.reserve(jobs::QuotaAsk{owner, resource, cost});
  }
  jobs::QuotaPermit permit(std::uint64_t cost = 1) {
    auto answer = ask(cost);
    if (const auto* wait = std::get_if<jobs::QuotaWait>(&answer)) BOOST_FAIL(wait->reason);
    return std::get<jobs::QuotaPermit>(answer);
  }
  jobs::QuotaWait refusal(std::uint64_t cost = 1) {
    auto answer = ask(cost);
    BOOST_REQUIRE(std::holds_alternative<jobs::QuotaWait>(answer));
    return std::get<jobs::QuotaWait>(answer);
  }
  // An answer that came at once, from a server whose clock is ours.
  http::RateReading reading(std::uint64_t limit, std::uint64_t remaining, std::int64_t reset_s) {
    http::RateReading told;
    told.resource = resource;
    told.limit = limit;
    told.remaining = remaining;
    told.used = limit - remaining;
    told.reset_s = reset_s;
    told.date_s = now_s();
    told.sent = told.received = clock.wall_now();
    return told;
  }
  storage::QuotaWindow answer(const jobs::QuotaPermit& permit, std::uint64_t limit,
                              std::uint64_t remaining, std::int64_t reset_s) {
    return ledger.settle(permit, jobs::QuotaVerdict::answered, reading(limit, remaining, reset_s));
  }
  // Makes the window known.
  void learn(std::uint64_t limit, std::uint64_t remaining, std::int64_t reset_s) {
    const jobs::QuotaPermit probe = permit();
    (void)answer(probe, limit, remaining, reset_s);
  }
};

}  // namespace tidemark::test
