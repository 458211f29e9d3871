#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "storage/done.hpp"

namespace tidemark::storage {

// The queue of the storage pool is full: answer 503 or try later.
class PoolFull : public std::runtime_error {
 public:
  PoolFull() : std::runtime_error("the storage queue is full: too many requests at once") {}
};

// Where blocking work runs. `run` hops there and comes back to the caller's executor; what the work
// throws is thrown there. Not cancellable: a write that began must be known to have ended.
class Pool {
 public:
  virtual ~Pool() = default;

  template <class Work, class Value = std::invoke_result_t<Work>>
  boost::asio::awaitable<Value> run(Work work) {
    if constexpr (std::is_void_v<Value>) {
      std::function<void()> erased = [&work] { work(); };
      co_await run_erased(erased);
    } else {
      std::optional<Value> value;
      std::function<void()> erased = [&work, &value] { value.emplace(work()); };
      co_await run_erased(erased);
      co_return std::move(*value);
    }
  }

  // `work` must live until the returned task ends; `run` sees to it.
  virtual boost::asio::awaitable<void> run_erased(const std::function<void()>& work) = 0;

  // The same for work that ends later than its function returns, on any thread: it comes back when
  // the Done was called. `work` must not throw. `always` is for the few who must not be refused.
  enum class Admission { bounded, always };
  virtual boost::asio::awaitable<void> run_until_done(const std::function<void(Done)>& work,
                                                      Admission admission) = 0;
  [[nodiscard]] virtual std::size_t waiting() const = 0;
};

// `threads` threads, and at most `queue_most` pieces of work waiting. Its destructor runs
// what waits and joins them; the event loops of the waiting coroutines must outlive it.
std::unique_ptr<Pool> make_thread_pool(std::size_t threads, std::size_t queue_most);
// Runs the work on the caller's own thread, one event-loop turn later: for simulations.
std::unique_ptr<Pool> make_inline_pool();

}  // namespace tidemark::storage
