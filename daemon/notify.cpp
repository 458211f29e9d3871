#include "daemon/notify.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace tidemark::daemon {

namespace {

std::optional<std::int64_t> whole_number(const char* text) {
  if (text == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const char* end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::string one_line(std::string_view text) {
  std::string line(text);
  std::ranges::replace(line, '\n', ' ');
  return line;
}

}  // namespace

Notifier::Notifier(const char* socket) {
  if (socket == nullptr) return;
  const std::string_view name = socket;
  sockaddr_un address{};
  const bool named = name.starts_with('/') || name.starts_with('@');
  if (!named || name.size() < 2 || name.size() >= sizeof(address.sun_path)) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name.starts_with('@')) address.sun_path[0] = '\0';
  // The length must not count bytes after an abstract name: they would belong to it.
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  const int file = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (file < 0) return;
  if (::connect(file, reinterpret_cast<const sockaddr*>(&address), length) != 0) {
    ::close(file);
    return;
  }
  file_ = file;
}

Notifier::~Notifier() {
  if (file_ >= 0) ::close(file_);
}

void Notifier::ready(std::string_view status) const {
  send(fmt::format("READY=1\nSTATUS={}", one_line(status)));
}

void Notifier::status(std::string_view status) const {
  send(fmt::format("STATUS={}", one_line(status)));
}

void Notifier::reloading() const {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.tv_sec * 1'000'000 + now.tv_nsec / 1000));
}

void Notifier::stopping() const { send("STOPPING=1"); }

void Notifier::watchdog() const { send("WATCHDOG=1"); }

void Notifier::send(std::string_view message) const {
  if (file_ < 0) return;
  // Never blocks: a full queue at systemd loses one status line.
  (void)::send(file_, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

std::optional<std::int64_t> watchdog_every_ms(const char* watchdog_usec, const char* watchdog_pid,
                                              std::int64_t our_pid) {
  const auto usec = whole_number(watchdog_usec);
  if (!usec || *usec <= 0) return std::nullopt;
  if (watchdog_pid != nullptr && whole_number(watchdog_pid) != our_pid) return std::nullopt;
  return std::max<std::int64_t>(*usec / 2000, 1);
}

}  // namespace tidemark::daemon
