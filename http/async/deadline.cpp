#include "http/async/deadline.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
// This one does not compile unless async_result.hpp comes first.
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace tidemark::async {

namespace asio = boost::asio;

namespace {

// The group listens to an outer cancellation only once all its members are started. An operation
// that ran inside the start and cancelled its own owner would be forgotten until the deadline; one
// turn of the loop prevents that.
Task<void> on_next_turn(Task<void> operation) {
  co_await asio::post(asio::use_awaitable);
  co_await std::move(operation);
}

}  // namespace

Task<void> with_deadline(Clock& clock, Deadline deadline, std::string name, Task<void> operation) {
  if (deadline.at == Deadline::none().at) {
    co_await std::move(operation);
    co_return;
  }
  if (deadline.passed(clock)) throw DeadlinePassed(name);

  auto executor = co_await asio::this_coro::executor;
  auto work = asio::co_spawn(executor, on_next_turn(std::move(operation)), asio::deferred);
  auto limit = asio::co_spawn(executor, clock.wait_until(deadline.at), asio::deferred);
  auto race = asio::experimental::make_parallel_group(std::move(work), std::move(limit));
  auto outcome = co_await race.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);

  auto& [order, failure, clock_failure, reached] = outcome;
  // What ended well is kept, even when the deadline passed at the same moment: the work is done.
  if (!failure) co_return;
  bool clock_was_first = order[0] == 1;
  if (clock_was_first && clock_failure) std::rethrow_exception(clock_failure);
  // A wait that ended without reaching its time was cancelled from outside: the operation tells.
  if (clock_was_first && reached) throw DeadlinePassed(name);
  std::rethrow_exception(failure);
}

}  // namespace tidemark::async
