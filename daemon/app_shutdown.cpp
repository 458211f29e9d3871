#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>

#include "daemon/app.hpp"
#include "daemon/status_line.hpp"

namespace tidemark::daemon {

namespace {

constexpr async::Milliseconds answers_ms{5'000};
constexpr async::Milliseconds jobs_ms{15'000};
constexpr async::Milliseconds hurry_ms{500};  // the store is gone: nothing can be saved any more

}  // namespace

// The written order. Nothing below may start before what stands above it has ended: a job's last
// commit needs the store, an answer under way may need a job's state.
async::Task<void> App::shut_down() {
  notifier_.stopping();
  notifier_.status("stopping");
  const bool hurry = store_failed_;
  const auto answers = async::Deadline::after(parts_->clock, hurry ? hurry_ms : answers_ms);
  co_await step("1 of 5: no new connections; answers under way end", stop_listening(answers));
  const auto jobs = async::Deadline::after(parts_->clock, hurry ? hurry_ms : jobs_ms);
  co_await step(fmt::format("2 of 5: {} running jobs stop at their next checkpoint",
                            parts_->runner.running()),
                parts_->runner.stop(jobs));
  co_await step("2 of 5: tokens being renewed are stored", parts_->tokens.stop(jobs));
  tasks_.cancel();
  co_await step("3 of 5: clocks and reports end", tasks_.join());
  if (!store_failed_) {
    co_await step("4 of 5: the store is flushed", parts_->store.flush());
  } else {
    log_.warning("stop 4 of 5: the store is not flushed, because it failed");
  }
  parts_->client.close();
  signals_->cancel();
  log_.info("stop 5 of 5: the store is being closed");
}

// A step that fails does not keep the next ones from their turn.
async::Task<void> App::step(std::string what, async::Task<void> work) {
  log_.info(fmt::format("stop {}", what));
  std::exception_ptr error;
  try {
    co_await std::move(work);
  } catch (...) {
    error = std::current_exception();
  }
  if (error) failed("stop " + what, error);
}

async::Task<void> App::stop_listening(async::Deadline deadline) {
  parts_->events.close();
  co_await parts_->socket.stop(deadline);
  if (parts_->tcp) co_await parts_->tcp->stop(deadline);
  if (parts_->site) co_await parts_->site->stop(deadline);
}

}  // namespace tidemark::daemon
