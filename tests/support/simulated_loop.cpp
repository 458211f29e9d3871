#include "tests/support/simulated_loop.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>

namespace tidemark::test {

namespace asio = boost::asio;

namespace {

// Any moment would do; not zero, so that "before the start" can be expressed.
constexpr async::SteadyTime first_moment{std::chrono::hours(1)};

}  // namespace

SimulatedLoop::SimulatedLoop(async::WallTime start, std::chrono::milliseconds real_limit)
    : start_(start),
      now_(first_moment),
      real_limit_(real_limit),
      context_(1),
      work_(asio::make_work_guard(context_)) {}

async::WallTime SimulatedLoop::wall_now() const noexcept {
  return start_ + std::chrono::floor<async::Milliseconds>(now_ - first_moment) + wall_offset_;
}

async::Task<bool> SimulatedLoop::wait_until(async::SteadyTime until) {
  Waiter waiter(*this);
  Waiter::Outcome outcome = co_await waiter.wait(until);
  co_return outcome == Waiter::Outcome::due;
}

async::Task<void> SimulatedLoop::sleep_until(async::SteadyTime until) {
  bool reached = co_await wait_until(until);
  if (!reached) throw boost::system::system_error(asio::error::operation_aborted, "sleep");
}

// False when it does not come to rest within the real time allowed.
bool SimulatedLoop::run_ready() {
  constexpr std::uint64_t handlers_between_looks = 4096;
  while (context_.poll_one() != 0) {
    ++handlers_;
    if (handlers_ % handlers_between_looks == 0 && std::chrono::steady_clock::now() >= real_end_) {
      return false;
    }
  }
  return true;
}

SimulatedLoop::Stop SimulatedLoop::drive(const std::function<bool()>& done,
                                         async::SteadyTime limit) {
  real_end_ = std::chrono::steady_clock::now() + real_limit_;
  while (true) {
    if (!run_ready()) return Stop::never_at_rest;
    if (done()) return Stop::done;
    if (waiting_.empty()) return Stop::deadlock;
    auto [key, waiter] = *waiting_.begin();
    if (key.first > limit) return Stop::too_late;
    // A waiter for a moment already past does not turn time back.
    if (key.first > now_) now_ = key.first;
    waiting_.erase(waiting_.begin());
    waiter->outcome_ = Waiter::Outcome::due;
    waiter->timer_.cancel();
  }
}

Waiter::Waiter(SimulatedLoop& loop)
    : loop_(loop), timer_(loop.context_, asio::steady_timer::time_point::max()) {}

async::Task<Waiter::Outcome> Waiter::wait(async::SteadyTime until) {
  if (busy_) throw std::logic_error("two coroutines wait at one place of the simulation");
  // Signs off however this frame ends: woken, cancelled, or destroyed with the loop.
  struct Registration {
    Registration(Waiter& owner, async::SteadyTime time)
        : waiter(owner), key(time, owner.loop_.waits_++) {
      waiter.busy_ = true;
      waiter.outcome_ = Outcome::cancelled;
      if (time != async::SteadyTime::max()) waiter.loop_.waiting_.emplace(key, &waiter);
    }
    ~Registration() {
      waiter.loop_.waiting_.erase(key);
      waiter.busy_ = false;
    }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

    Waiter& waiter;
    SimulatedLoop::Key key;
  };
  Registration registration(*this, until);
  co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return outcome_;
}

void Waiter::notify() {
  if (!busy_ || outcome_ == Outcome::due) return;
  outcome_ = Outcome::notified;
  timer_.cancel();
}

}  // namespace tidemark::test
