#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "daemon/redact.hpp"

namespace tidemark::daemon {

enum class LogLevel { debug, info, warning, error };
[[nodiscard]] LogLevel parse_log_level(std::string_view name);

enum class LogFormat {
  text,     // 2026-05-01T12:00:00.123Z info  message
  json,     // {"time":…,"level":…,"message":…}
  journal,  // <6>message: journald adds the time and reads the priority
};
// `journal` when the setting says "text" and standard error goes to journald, as JOURNAL_STREAM
// says.
[[nodiscard]] LogFormat choose_log_format(std::string_view setting, const char* journal_stream);
// One line, without its end: what the log writes.
[[nodiscard]] std::string log_line(LogFormat format, LogLevel level, std::string_view time,
                                   std::string_view message);

// Lines on standard error, cleaned of secrets. Passed to whoever logs; there is no global one. May
// be used from every thread.
class Log {
 public:
  Log(LogLevel least, LogFormat format);
  ~Log();

  void write(LogLevel level, std::string_view message);
  void debug(std::string_view message) { write(LogLevel::debug, message); }
  void info(std::string_view message) { write(LogLevel::info, message); }
  void warning(std::string_view message) { write(LogLevel::warning, message); }
  void error(std::string_view message) { write(LogLevel::error, message); }

  void set_least(LogLevel least);
  // Tokens of members: the newest few thousand are known.
  void learn_secret(std::string secret);
  // What lives as long as the process: client secrets, the webhook's, the control token.
  void pin_secret(std::string secret);
  [[nodiscard]] std::string clean(std::string_view text) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tidemark::daemon
