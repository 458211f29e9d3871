#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "http/async/clock.hpp"
#include "http/async/task.hpp"

namespace tidemark::async {

// A point in time that is handed down through every step, so that ten steps of one operation share
// one limit instead of having ten limits each.
struct Deadline {
  SteadyTime at = SteadyTime::max();

  static Deadline after(const Clock& clock, Milliseconds duration) {
    return Deadline{clock.steady_now() + duration};
  }
  static Deadline none() { return Deadline{}; }
  [[nodiscard]] bool passed(const Clock& clock) const { return clock.steady_now() >= at; }
};

// The deadline passed before the operation ended. `what()` names the operation.
class DeadlinePassed : public std::runtime_error {
 public:
  explicit DeadlinePassed(const std::string& operation)
      : std::runtime_error(operation + " did not end before its deadline") {}
};

// Runs `operation` to its end, or cancels it at the deadline and throws DeadlinePassed.
// - What the operation throws comes out at once, as thrown.
// - An outer cancellation reaches the operation and comes out as operation_aborted.
// - An operation that cannot be cancelled (pool work, name look-up) must not be raced: its result
//   is awaited even after the deadline.
// `clock` must outlive the call. `name` goes into the message.
Task<void> with_deadline(Clock& clock, Deadline deadline, std::string name, Task<void> operation);

template <class Value>
Task<Value> with_deadline(Clock& clock, Deadline deadline, std::string name,
                          Task<Value> operation) {
  std::optional<Value> value;
  // A named coroutine over references is safe here: this frame outlives it.
  auto keep = [](Task<Value> inner, std::optional<Value>& slot) -> Task<void> {
    slot.emplace(co_await std::move(inner));
  };
  Task<void> kept = keep(std::move(operation), value);
  co_await with_deadline(clock, deadline, std::move(name), std::move(kept));
  // NOLINTNEXTLINE(bugprone-unchecked-optional-access): filled, or the line above has thrown.
  co_return std::move(*value);
}

}  // namespace tidemark::async
