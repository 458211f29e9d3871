#include "daemon/log.hpp"

#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <mutex>

#include "daemon/time_text.hpp"
#include "http/excerpt.hpp"

namespace tidemark::daemon {

namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warning: return "warning";
    case LogLevel::error: return "error";
  }
  return "info";
}

LogLevel from_spdlog(spdlog::level::level_enum level) {
  if (level <= spdlog::level::debug) return LogLevel::debug;
  if (level == spdlog::level::info) return LogLevel::info;
  return level == spdlog::level::warn ? LogLevel::warning : LogLevel::error;
}

class LineFormatter final : public spdlog::formatter {
 public:
  explicit LineFormatter(LogFormat format) : format_(format) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& into) override {
    const auto when = std::chrono::time_point_cast<std::chrono::milliseconds>(message.time);
    const std::string_view text(message.payload.data(), message.payload.size());
    const auto line = log_line(format_, from_spdlog(message.level),
                               iso_text(when.time_since_epoch().count()), text);
    into.append(line.data(), line.data() + line.size());
    into.push_back('\n');
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<LineFormatter>(format_);
  }

 private:
  LogFormat format_;
};

// One message is one line: a line break in foreign text must not forge another.
std::string one_line(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (true) {
    const auto end = text.find('\n');
    result += http::printable(text.substr(0, end));
    if (end == std::string_view::npos) return result;
    result += "; ";
    text.remove_prefix(end + 1);
  }
}

}  // namespace

LogLevel parse_log_level(std::string_view name) {
  if (name == "debug") return LogLevel::debug;
  if (name == "warning") return LogLevel::warning;
  return name == "error" ? LogLevel::error : LogLevel::info;
}

LogFormat choose_log_format(std::string_view setting, const char* journal_stream) {
  if (setting == "json") return LogFormat::json;
  if (journal_stream == nullptr) return LogFormat::text;
  // A child of a service may have another standard error than the one that the variable means.
  struct stat status{};
  if (::fstat(STDERR_FILENO, &status) != 0) return LogFormat::text;
  const bool same = fmt::format("{}:{}", status.st_dev, status.st_ino) == journal_stream;
  return same ? LogFormat::journal : LogFormat::text;
}

std::string log_line(LogFormat format, LogLevel level, std::string_view time,
                     std::string_view message) {
  if (format == LogFormat::json) {
    boost::json::object object;
    object["time"] = time;
    object["level"] = name_of(level);
    object["message"] = message;
    return boost::json::serialize(object);
  }
  if (format == LogFormat::text) return fmt::format("{} {:<7} {}", time, name_of(level), message);
  switch (level) {
    case LogLevel::debug: return fmt::format("<7>{}", message);
    case LogLevel::info: return fmt::format("<6>{}", message);
    case LogLevel::warning: return fmt::format("<4>{}", message);
    case LogLevel::error: break;
  }
  return fmt::format("<3>{}", message);
}

struct Log::State {
  explicit State(LogFormat format)
      : logger("tidemark", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger.set_formatter(std::make_unique<LineFormatter>(format));
    logger.flush_on(spdlog::level::trace);
  }
  mutable std::mutex mutex;  // of the redactor: secrets come while other threads log
  Redactor redactor;
  spdlog::logger logger;
};

Log::Log(LogLevel least, LogFormat format) : state_(std::make_unique<State>(format)) {
  set_least(least);
}
Log::~Log() = default;

void Log::write(LogLevel level, std::string_view message) {
  if (!state_->logger.should_log(to_spdlog(level))) return;
  state_->logger.log(to_spdlog(level), spdlog::string_view_t(one_line(clean(message))));
}

void Log::set_least(LogLevel least) { state_->logger.set_level(to_spdlog(least)); }

void Log::learn_secret(std::string secret) {
  const std::lock_guard lock(state_->mutex);
  state_->redactor.learn(std::move(secret));
}

void Log::pin_secret(std::string secret) {
  const std::lock_guard lock(state_->mutex);
  state_->redactor.pin(std::move(secret));
}

std::string Log::clean(std::string_view text) const {
  if (text.empty()) return {};
  const std::lock_guard lock(state_->mutex);
  return state_->redactor.clean(text);
}

}  // namespace tidemark::daemon
