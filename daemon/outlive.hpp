#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "http/async/clock.hpp"
#include "http/async/deadline.hpp"
#include "http/async/task_group.hpp"

namespace tidemark::daemon {

// Too much of it goes on already.
class TooMany : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Work that must come to its end although who asked for it has gone: the code of a sign-in is good
// once, and a browser that is closed must not take it along. Owned here, joined at the end. An
// error of it goes to who waits for it, and to `on_error` when nobody does any more.
class Outlive {
 public:
  Outlive(async::Executor executor, async::Clock& clock, std::size_t most,
          async::TaskGroup::OnError on_error)
      : executor_(executor),
        clock_(clock),
        on_error_(on_error),
        tasks_(executor, most, std::move(on_error)) {}

  // The value of `task`; throws TooMany, or what the task throws. When the caller is cancelled the
  // task goes on.
  template <class Value>
  async::Task<Value> run(std::string name, async::Task<Value> task) {
    auto shared = std::make_shared<Shared<Value>>(executor_);
    if (!tasks_.spawn(name, finish<Value>(std::move(task), shared))) {
      throw TooMany("too many sign-ins at once");
    }
    // However the wait ends: its coroutine may be destroyed in it.
    struct Waiting {
      Shared<Value>& shared;
      ~Waiting() { shared.waited_for = false; }
    } waiting{*shared};
    if (!shared->ended) {
      co_await shared->signal.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    const auto cancellation = co_await boost::asio::this_coro::cancellation_state;
    const bool heard = cancellation.cancelled() == boost::asio::cancellation_type::none;
    // It failed in the very moment in which the patience ended.
    const bool unheard = shared->error && !heard;
    if (unheard) on_error_(name, shared->error);
    if (!shared->ended || unheard) {
      throw boost::system::system_error(boost::asio::error::operation_aborted);
    }
    if (shared->error) std::rethrow_exception(shared->error);
    co_return std::move(*shared->value);
  }

  [[nodiscard]] std::size_t size() const { return tasks_.size(); }

  // Until the deadline what goes on may end; then it is cancelled.
  async::Task<void> stop(async::Deadline deadline) {
    constexpr async::Milliseconds look_every_ms{20};
    while (tasks_.size() > 0 && !deadline.passed(clock_)) co_await clock_.sleep_for(look_every_ms);
    tasks_.cancel();
    co_await tasks_.join();
  }

 private:
  template <class Value>
  struct Shared {
    explicit Shared(async::Executor executor)
        : signal(executor, boost::asio::steady_timer::time_point::max()) {}
    boost::asio::steady_timer signal;  // never expires; cancelled when the task has ended
    std::optional<Value> value;
    std::exception_ptr error;
    bool ended = false, waited_for = true;
  };

  template <class Value>
  static async::Task<void> finish(async::Task<Value> task, std::shared_ptr<Shared<Value>> shared) {
    try {
      shared->value.emplace(co_await std::move(task));
    } catch (...) {
      shared->error = std::current_exception();
    }
    shared->ended = true;
    shared->signal.cancel();
    if (shared->error && !shared->waited_for) std::rethrow_exception(shared->error);
  }

  async::Executor executor_;
  async::Clock& clock_;
  async::TaskGroup::OnError on_error_;
  async::TaskGroup tasks_;
};

}  // namespace tidemark::daemon
