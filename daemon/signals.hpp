#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

namespace tidemark::daemon {

// SIGTERM and SIGINT ask for the orderly end; the second one ends the process at once, even when
// the loop hangs. SIGHUP asks for the live settings to be read again.
class Signals {
 public:
  Signals(boost::asio::io_context& loop, std::function<void(int signal)> on_stop,
          std::function<void()> on_reload);
  ~Signals();
  // No more callbacks: the loop may run out of work.
  void cancel();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tidemark::daemon
