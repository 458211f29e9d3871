#pragma once

#include <cstdint>
#include <string>

#include "http/server.hpp"

namespace tidemark::http {

// A listening socket, before Asio takes it over.
struct Listener {
  int descriptor = -1;
  int family = 0;          // AF_INET, AF_INET6 or AF_UNIX
  std::uint16_t port = 0;  // the one that the system chose, when asked for 0
};

// Throws std::runtime_error that names the address and the remedy.
[[nodiscard]] Listener open_listener(const ListenOn& where);

// Who is at the other end of an accepted socket, as the system knows it.
[[nodiscard]] Peer peer_of(int descriptor);

}  // namespace tidemark::http
