#include "jobs/signal.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/async/deadline.hpp"

namespace tidemark::jobs {

namespace asio = boost::asio;

Signal::Signal(const async::Executor& executor)
    : timer_(executor, asio::steady_timer::time_point::max()) {}

void Signal::set() {
  set_ = true;
  timer_.cancel();
}

async::Task<void> Signal::wait() {
  while (!set_) {
    auto [error] = co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (error && !set_) co_return;  // the waiter was cancelled
  }
}

async::Task<void> Signal::wait_until(async::Clock& clock, async::SteadyTime until) {
  try {
    if (!set_) co_await async::with_deadline(clock, async::Deadline{until}, "signal", wait());
  } catch (const async::DeadlinePassed&) {
    // The other way to end.
  }
  set_ = false;
}

}  // namespace tidemark::jobs
