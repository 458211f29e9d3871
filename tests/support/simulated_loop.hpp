#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "http/async/clock.hpp"

namespace tidemark::test {

class Waiter;

// The event loop and the clock of a simulation. Time stands still while anything is ready to run,
// then jumps to the earliest moment that someone waits for. Waiters for the same moment wake one
// after the other, in the order in which they began to wait.
class SimulatedLoop final : public async::Clock {
 public:
  // `real_limit` bounds one drive(): a loop that never comes to rest is a failed test.
  explicit SimulatedLoop(async::WallTime start,
                         std::chrono::milliseconds real_limit = std::chrono::minutes(2));

  [[nodiscard]] async::SteadyTime steady_now() const noexcept override { return now_; }
  [[nodiscard]] async::WallTime wall_now() const noexcept override;
  async::Task<void> sleep_until(async::SteadyTime until) override;
  async::Task<bool> wait_until(async::SteadyTime until) override;

  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  void set_wall_offset(async::Milliseconds offset) { wall_offset_ = offset; }

  enum class Stop { done, deadlock, too_late, never_at_rest };
  // Runs until `done` says so, and on until nothing is ready at that moment.
  Stop drive(const std::function<bool()>& done, async::SteadyTime limit);

 private:
  friend class Waiter;
  using Key = std::pair<async::SteadyTime, std::uint64_t>;

  bool run_ready();

  async::WallTime start_;
  async::Milliseconds wall_offset_{0};
  async::SteadyTime now_;
  std::uint64_t waits_ = 0;
  std::map<Key, Waiter*> waiting_;
  std::chrono::milliseconds real_limit_;
  std::chrono::steady_clock::time_point real_end_;
  std::uint64_t handlers_ = 0;
  // After the above: coroutines that still wait are destroyed with the context, and sign off.
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
};

// A place where one coroutine at a time waits for a moment, a notification, or both.
class Waiter {
 public:
  explicit Waiter(SimulatedLoop& loop);
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  enum class Outcome { due, notified, cancelled };
  // SteadyTime::max(): only for a notification.
  async::Task<Outcome> wait(async::SteadyTime until);
  void notify();

 private:
  friend class SimulatedLoop;

  SimulatedLoop& loop_;
  // Never expires by itself: whoever ends the wait cancels it, having said why in `outcome_`. A
  // cancellation from outside reaches it as it reaches every timer.
  boost::asio::steady_timer timer_;
  Outcome outcome_ = Outcome::cancelled;
  bool busy_ = false;
};

}  // namespace tidemark::test
