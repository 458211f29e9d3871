#include "http/listener.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace tidemark::http {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int family)
      : number_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

[[noreturn]] void fail(const std::string& where, const std::string& why) {
  throw std::runtime_error(fmt::format("cannot listen on {}: {}", where, why));
}

std::string system_text(int error) { return std::strerror(error); }

std::string remedy(int error, std::uint16_t port) {
  if (error == EADDRINUSE) {
    return fmt::format(
        "the port is in use. Stop the process that has it (ss -ltnp 'sport = :{}' shows which), or "
        "set another port",
        port);
  }
  if (error == EACCES) {
    return "ports below 1024 need privileges. Set a higher port, or grant CAP_NET_BIND_SERVICE";
  }
  if (error == EADDRNOTAVAIL) {
    return "this machine does not have the address. Set one that `ip address` shows";
  }
  return system_text(error);
}

struct InternetAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

InternetAddress internet_address(const std::string& address, std::uint16_t port) {
  InternetAddress made;
  auto* four = reinterpret_cast<sockaddr_in*>(&made.storage);
  auto* six = reinterpret_cast<sockaddr_in6*>(&made.storage);
  if (::inet_pton(AF_INET, address.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    made.length = sizeof(sockaddr_in);
  } else if (::inet_pton(AF_INET6, address.c_str(), &six->sin6_addr) == 1) {
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    made.length = sizeof(sockaddr_in6);
  } else {
    fail(address, "that is neither an IP address nor a path that begins with /");
  }
  return made;
}

std::uint16_t port_of(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port);
}

Listener listen_on_internet(const ListenOn& where) {
  std::string name = fmt::format("{} port {}", where.address, where.port);
  InternetAddress address = internet_address(where.address, where.port);
  Descriptor socket(address.storage.ss_family);
  if (socket.number() < 0) fail(name, system_text(errno));
  int on = 1;
  ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  const auto* generic = reinterpret_cast<const sockaddr*>(&address.storage);
  bool bound = ::bind(socket.number(), generic, address.length) == 0;
  if (!bound || ::listen(socket.number(), SOMAXCONN) != 0) fail(name, remedy(errno, where.port));

  sockaddr_storage actual{};
  socklen_t length = sizeof(actual);
  ::getsockname(socket.number(), reinterpret_cast<sockaddr*>(&actual), &length);
  return Listener{socket.release(), address.storage.ss_family, port_of(actual)};
}

// A dead process leaves its socket's file behind; one that answers is alive.
void take_over(const sockaddr_un& address) {
  std::string path = address.sun_path;
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return;  // gone meanwhile
  if (!S_ISSOCK(status.st_mode)) {
    fail(path, "a file that is no socket is there. Move it away, or set another path");
  }
  Descriptor probe(AF_UNIX);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  bool answered = ::connect(probe.number(), generic, sizeof(address)) == 0;
  if (answered || errno != ECONNREFUSED) {
    fail(path, "another process listens there. Stop it (ss -lxp shows which), or set another path");
  }
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    fail(path, "a socket left by a dead process cannot be removed: " + system_text(errno));
  }
}

Listener listen_on_path(const ListenOn& where) {
  const std::string& path = where.address;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    fail(path, fmt::format("the path is longer than {} bytes. Set a shorter one",
                           sizeof(address.sun_path) - 1));
  }
  path.copy(address.sun_path, path.size());
  Descriptor socket(AF_UNIX);
  if (socket.number() < 0) fail(path, system_text(errno));
  // On the socket itself first, so that the file never has more rights than this.
  ::fchmod(socket.number(), where.socket_mode);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  bool bound = ::bind(socket.number(), generic, sizeof(address)) == 0;
  if (!bound && errno == EADDRINUSE) {
    take_over(address);
    bound = ::bind(socket.number(), generic, sizeof(address)) == 0;
  }
  if (!bound) {
    fail(path, system_text(errno) + ". The directory must exist and be writable by this user");
  }
  // The umask took rights away.
  if (::chmod(path.c_str(), where.socket_mode) != 0) fail(path, system_text(errno));
  if (::listen(socket.number(), SOMAXCONN) != 0) fail(path, system_text(errno));
  return Listener{socket.release(), AF_UNIX, 0};
}

}  // namespace

Listener open_listener(const ListenOn& where) {
  return where.address.starts_with('/') ? listen_on_path(where) : listen_on_internet(where);
}

Peer peer_of(int descriptor) {
  Peer peer;
  sockaddr_storage storage{};
  socklen_t length = sizeof(storage);
  ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&storage), &length);
  char text[INET6_ADDRSTRLEN] = "";
  if (storage.ss_family == AF_INET) {
    const auto* four = reinterpret_cast<const sockaddr_in*>(&storage);
    ::inet_ntop(AF_INET, &four->sin_addr, text, sizeof(text));
    peer.address = fmt::format("{}:{}", text, port_of(storage));
  } else if (storage.ss_family == AF_INET6) {
    const auto* six = reinterpret_cast<const sockaddr_in6*>(&storage);
    ::inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof(text));
    peer.address = fmt::format("[{}]:{}", text, port_of(storage));
  } else {
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    peer.address = "unix";
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0) {
      peer.address = fmt::format("unix:pid={}", credentials.pid);
      peer.user_id = credentials.uid;
      peer.group_id = credentials.gid;
    }
  }
  return peer;
}

}  // namespace tidemark::http
