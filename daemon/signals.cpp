#include "daemon/signals.hpp"

#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "daemon/exit_code.hpp"

namespace tidemark::daemon {

namespace {

// Only what is allowed in a signal handler.
extern "C" void exit_at_once(int) {
  constexpr char words[] = "tidemark: second signal: ending at once\n";
  (void)!::write(STDERR_FILENO, words, sizeof(words) - 1);
  ::_exit(static_cast<int>(ExitCode::failure));
}

}  // namespace

struct Signals::State : std::enable_shared_from_this<Signals::State> {
  explicit State(boost::asio::io_context& loop)
      : stops(loop, SIGTERM, SIGINT), reloads(loop, SIGHUP) {}

  void wait_for_stop() {
    stops.async_wait([self = shared_from_this()](boost::system::error_code error, int signal) {
      if (error) return;
      self->stops.clear();
      std::signal(SIGTERM, exit_at_once);
      std::signal(SIGINT, exit_at_once);
      self->on_stop(signal);
    });
  }

  void wait_for_reload() {
    reloads.async_wait([self = shared_from_this()](boost::system::error_code error, int) {
      if (error) return;
      self->on_reload();
      self->wait_for_reload();
    });
  }

  boost::asio::signal_set stops, reloads;
  std::function<void(int)> on_stop;
  std::function<void()> on_reload;
};

Signals::Signals(boost::asio::io_context& loop, std::function<void(int)> on_stop,
                 std::function<void()> on_reload)
    : state_(std::make_shared<State>(loop)) {
  state_->on_stop = std::move(on_stop);
  state_->on_reload = std::move(on_reload);
  state_->wait_for_stop();
  state_->wait_for_reload();
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT: a gone peer is an error of the write, not our end
}

Signals::~Signals() { cancel(); }

void Signals::cancel() {
  boost::system::error_code ignored;
  state_->reloads.cancel(ignored);
  state_->stops.cancel(ignored);
}

}  // namespace tidemark::daemon
