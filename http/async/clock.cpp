#include "http/async/clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tidemark::async {

namespace asio = boost::asio;

SteadyTime RealClock::steady_now() const noexcept { return std::chrono::steady_clock::now(); }

WallTime RealClock::wall_now() const noexcept {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

Task<void> RealClock::sleep_until(SteadyTime until) {
  auto executor = co_await asio::this_coro::executor;
  // A moment already past waits too, for one turn of the loop: a loop around it stays
  // interruptible.
  asio::steady_timer timer(executor, until);
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace tidemark::async
