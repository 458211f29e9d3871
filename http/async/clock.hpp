#pragma once

#include <chrono>

#include "http/async/task.hpp"

namespace tidemark::async {

using Milliseconds = std::chrono::milliseconds;

// Never jumps: deadlines and waits inside one run of the process.
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

// UTC. May be minutes off the clock of a server, and may jump: only for what outlives the process.
using WallTime = std::chrono::sys_time<Milliseconds>;

// Time is passed in, so that a week passes in a second under test. See
// tests/support/simulation.hpp.
class Clock {
 public:
  virtual ~Clock() = default;

  [[nodiscard]] virtual SteadyTime steady_now() const noexcept = 0;
  [[nodiscard]] virtual WallTime wall_now() const noexcept = 0;

  // Returns at or after `until`. When cancelled, throws boost::system::system_error with
  // boost::asio::error::operation_aborted.
  virtual Task<void> sleep_until(SteadyTime until) = 0;

  // The same, but says with `false` that it was cancelled. Racing an operation against a time ends
  // in a cancelled wait nearly always, and an exception would cost more than the rest of the race.
  virtual Task<bool> wait_until(SteadyTime until);

  Task<void> sleep_for(Milliseconds duration) { return sleep_until(steady_now() + duration); }
};

// The machine's clocks, on the executor of the coroutine that waits.
class RealClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime steady_now() const noexcept override;
  [[nodiscard]] WallTime wall_now() const noexcept override;
  Task<void> sleep_until(SteadyTime until) override;
  Task<bool> wait_until(SteadyTime until) override;
};

}  // namespace tidemark::async
