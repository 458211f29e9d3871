#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "http/async/task.hpp"

namespace tidemark::async {

// Owns a changing, bounded set of tasks: nothing in tidemark runs without an owner that can cancel
// it and wait for its end. Used on one thread only (its executor's).
//
//   TaskGroup connections(executor, 256, report);
//   bool taken = connections.spawn("connection", serve(std::move(socket)));
//   if (!taken) refuse();
//   …
//   connections.cancel();
//   co_await connections.join();
class TaskGroup {
 public:
  // Called when a task ends with an exception other than a cancellation.
  using OnError = std::function<void(const std::string& name, std::exception_ptr error)>;

  TaskGroup(Executor executor, std::size_t most, OnError on_error);
  // The group must be empty: joined, or never used. Asserted.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // False, and the task is dropped unstarted, when the group is full or was cancelled.
  [[nodiscard]] bool spawn(std::string name, Task<void> task);
  [[nodiscard]] std::size_t size() const noexcept;
  // Asks every task to stop, and takes no more. Safe to call twice.
  void cancel();
  // Returns when the last task has ended. Not cancellable: clean-up must be allowed to finish.
  // A caller that was cancelled before the call resets its cancellation state first, because then
  // Asio throws at every co_await.
  Task<void> join();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tidemark::async
