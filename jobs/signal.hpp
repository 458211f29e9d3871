#pragma once

#include <boost/asio/steady_timer.hpp>

#include "http/async/clock.hpp"
#include "http/async/task.hpp"

namespace tidemark::jobs {

// "Look again": set from anywhere on the loop's thread, waited for by one coroutine. A signal set
// while nobody waits is kept.
class Signal {
 public:
  explicit Signal(const async::Executor& executor);

  void set();
  // Returns when set, or at `until`; takes the signal back.
  async::Task<void> wait_until(async::Clock& clock, async::SteadyTime until);

 private:
  async::Task<void> wait();

  boost::asio::steady_timer timer_;  // never expires: its cancellation is the signal
  bool set_ = false;
};

}  // namespace tidemark::jobs
