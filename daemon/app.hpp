#pragma once

#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "daemon/exit_code.hpp"
#include "daemon/log.hpp"
#include "daemon/notify.hpp"
#include "daemon/parts.hpp"
#include "daemon/settings.hpp"
#include "daemon/signals.hpp"
#include "http/async/task_group.hpp"

namespace tidemark::daemon {

// The running daemon: starts what `Parts` built, keeps it going, and ends it in a written order.
class App {
 public:
  using Reload = std::function<LoadedSettings()>;  // reads the settings anew; may throw

  // Throws what a failed start throws; nothing runs then.
  App(const Settings& settings, Log& log, Reload reload);
  ~App();

  // Returns when a signal or a fatal error has ended it.
  ExitCode run();

 private:
  async::Task<void> main();
  void start();
  async::Task<void> stop_requested();
  async::Task<void> shut_down();
  async::Task<void> step(std::string what, async::Task<void> work);
  async::Task<void> stop_listening(async::Deadline deadline);

  // Runs `turn` again and again, `every` apart, until cancelled.
  async::Task<void> repeat(async::Milliseconds every, std::function<async::Task<void>()> turn);
  async::Task<void> flush();
  async::Task<void> report_status();
  async::Task<void> report_progress();
  async::Task<void> tell_watchdog();
  async::Task<void> look_at_certificate();
  async::Task<void> seal_again();

  void request_stop(std::string why, ExitCode code);
  void failed(const std::string& name, std::exception_ptr error);
  void reload();

  Log& log_;
  Settings settings_;
  Reload reload_;
  Notifier notifier_;
  std::unique_ptr<Parts> parts_;
  async::TaskGroup tasks_;
  std::optional<Signals> signals_;

  ExitCode code_ = ExitCode::ok;
  bool stopping_ = false;
  bool store_failed_ = false;
  std::unique_ptr<boost::asio::steady_timer> stop_;  // never expires; cancelled when it is time
  std::uint64_t writes_flushed_ = 0;
  bool disk_was_full_ = false;
  std::string last_status_;
  std::map<std::uint64_t, std::int64_t> shown_;  // job → its updated_ms in the last event
};

}  // namespace tidemark::daemon
