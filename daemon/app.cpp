#include "daemon/app.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <cstring>

#include "daemon/crawl_plan.hpp"
#include "daemon/time_text.hpp"

namespace tidemark::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::size_t tasks_most = 16;
constexpr async::Milliseconds flush_every_ms{1'000};
constexpr async::Milliseconds status_every_ms{2'000};
constexpr async::Milliseconds progress_every_ms{500};
constexpr async::Milliseconds certificate_every_ms{60'000};
constexpr async::Milliseconds token_every_ms{5'000};

std::string words_of(std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    return known.what();
  } catch (...) {
    return "an unknown error";
  }
}

bool is_store_error(std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const storage::StoreError&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

App::App(const Settings& settings, Log& log, Reload reload)
    : log_(log),
      settings_(settings),
      reload_(std::move(reload)),
      notifier_(std::getenv("NOTIFY_SOCKET")),
      parts_(std::make_unique<Parts>(settings, log,
                                     [this](const std::string& what) {
                                       store_failed_ = true;
                                       request_stop(what, ExitCode::store);
                                     })),
      tasks_(parts_->loop.get_executor(), tasks_most,
             [this](const std::string& name, std::exception_ptr error) { failed(name, error); }),
      stop_(std::make_unique<asio::steady_timer>(parts_->loop)) {
  stop_->expires_at(asio::steady_timer::time_point::max());
}

App::~App() = default;

ExitCode App::run() {
  signals_.emplace(
      parts_->loop,
      [this](int signal) {
        request_stop(fmt::format("got {}", ::strsignal(signal)), ExitCode::ok);
      },
      [this] { reload(); });
  std::exception_ptr error;
  auto ended = [this, &error](std::exception_ptr result) {
    error = result;
    if (error) parts_->loop.stop();
  };
  asio::co_spawn(parts_->loop, main(), ended);
  parts_->loop.run();
  if (error) failed("main", error);
  stop_.reset();
  signals_.reset();
  tasks_.cancel();
  return code_;
}

async::Task<void> App::main() {
  start();
  co_await stop_requested();
  co_await shut_down();
}

// Each subsystem is a task of its own; the first one that fails ends the daemon.
void App::start() {
  auto spawn = [this](std::string name, async::Task<void> task) {
    if (!tasks_.spawn(std::move(name), std::move(task))) {
      throw std::logic_error("too many tasks: raise tasks_most");
    }
  };
  spawn("control socket", parts_->socket.run());
  if (parts_->tcp) spawn("control port", parts_->tcp->run());
  if (parts_->site) {
    spawn("members' pages", parts_->site->run());
    spawn("certificate", repeat(certificate_every_ms, [this] { return look_at_certificate(); }));
  }
  spawn("runner", parts_->runner.run());
  spawn("flush", repeat(flush_every_ms, [this] { return flush(); }));
  spawn("progress", repeat(progress_every_ms, [this] { return report_progress(); }));
  spawn("seal again", seal_again());
  if (settings_.discovery_enabled) {
    spawn("crawl's token", repeat(token_every_ms, [this] { return look_at_crawl_token(*parts_); }));
  }
  if (notifier_.active())
    spawn("status", repeat(status_every_ms, [this] { return report_status(); }));
  const auto watchdog_ms =
      watchdog_every_ms(std::getenv("WATCHDOG_USEC"), std::getenv("WATCHDOG_PID"), ::getpid());
  if (watchdog_ms && notifier_.active()) {
    spawn("watchdog",
          repeat(async::Milliseconds(*watchdog_ms), [this] { return tell_watchdog(); }));
  }
  notifier_.ready("serving");
  const auto port = parts_->tcp ? fmt::format(" and http://{}:{}", settings_.control_tcp_address,
                                              parts_->tcp->port())
                                : std::string();
  log_.info(fmt::format("tidemark {} serves {}{}; the store is {}", TIDEMARK_VERSION,
                        settings_.control_socket, port, settings_.store_path));
  if (parts_->site) log_.info(fmt::format("members' pages: {}", parts_->site->url()));
}

async::Task<void> App::stop_requested() {
  boost::system::error_code woken;
  if (!stopping_) co_await stop_->async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

async::Task<void> App::repeat(async::Milliseconds every, std::function<async::Task<void>()> turn) {
  while (true) {
    co_await parts_->clock.sleep_for(every);
    co_await turn();
  }
}

void App::request_stop(std::string why, ExitCode code) {
  if (code_ == ExitCode::ok) code_ = code;
  if (stopping_) return;
  stopping_ = true;
  const auto level = code == ExitCode::ok ? LogLevel::info : LogLevel::error;
  log_.write(level, fmt::format("stopping: {}", why));
  if (stop_) stop_->cancel();
}

void App::failed(const std::string& name, std::exception_ptr error) {
  const bool store = is_store_error(error);
  store_failed_ = store_failed_ || store;
  request_stop(fmt::format("{} failed: {}", name, words_of(error)),
               store ? ExitCode::store : ExitCode::failure);
}

void App::reload() {
  notifier_.reloading();
  try {
    const LoadedSettings fresh = reload_();
    for (const SettingRow& row : setting_rows()) {
      const auto before = setting_text(settings_, row), after = setting_text(fresh.settings, row);
      if (before == after) continue;
      log_.info(fmt::format("reload: {} = {}{}", row.name, after,
                            row.live ? "" : " (takes effect at the next start)"));
    }
    parts_->apply_live(fresh.settings);
    if (parts_->site) parts_->site->refresh_certificate(true);
    // Not when there are too many: then it waits a little longer.
    (void)tasks_.spawn("crawl tried again", try_crawl_again(*parts_));
    settings_ = fresh.settings;
  } catch (const SettingsError& error) {
    log_.error(fmt::format("reload refused, the old settings stay: {}", error.what()));
  }
  notifier_.ready(last_status_.empty() ? "serving" : last_status_);
}

}  // namespace tidemark::daemon
