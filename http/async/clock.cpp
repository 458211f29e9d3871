#include "http/async/clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace tidemark::async {

namespace asio = boost::asio;

SteadyTime RealClock::steady_now() const noexcept { return std::chrono::steady_clock::now(); }

WallTime RealClock::wall_now() const noexcept {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

Task<bool> Clock::wait_until(SteadyTime until) {
  try {
    co_await sleep_until(until);
  } catch (const boost::system::system_error& thrown) {
    if (thrown.code() != asio::error::operation_aborted) throw;
    co_return false;
  }
  co_return true;
}

Task<bool> RealClock::wait_until(SteadyTime until) {
  auto executor = co_await asio::this_coro::executor;
  // A moment already past waits too, for one turn of the loop: a loop around it stays
  // interruptible.
  asio::steady_timer timer(executor, until);
  auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return !error;
}

Task<void> RealClock::sleep_until(SteadyTime until) {
  bool reached = co_await wait_until(until);
  if (!reached) throw boost::system::system_error(asio::error::operation_aborted, "sleep");
}

}  // namespace tidemark::async
