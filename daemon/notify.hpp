#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark::daemon {

// systemd's notification protocol over its datagram socket, a path or an abstract name. Without
// NOTIFY_SOCKET every call does nothing. Failures are silent: a daemon does not die of its manager.
class Notifier {
 public:
  // `socket` is NOTIFY_SOCKET's value, or null.
  explicit Notifier(const char* socket);
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  void ready(std::string_view status) const;
  void status(std::string_view status) const;
  void reloading() const;
  void stopping() const;
  void watchdog() const;
  [[nodiscard]] bool active() const { return file_ >= 0; }

 private:
  void send(std::string_view message) const;
  int file_ = -1;
};

// How often the watchdog wants to hear from us: half of WATCHDOG_USEC, when WATCHDOG_PID is absent
// or names us. In milliseconds.
[[nodiscard]] std::optional<std::int64_t> watchdog_every_ms(const char* watchdog_usec,
                                                            const char* watchdog_pid,
                                                            std::int64_t our_pid);

}  // namespace tidemark::daemon
