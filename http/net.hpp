#pragma once

#include <memory>
#include <string>

#include "http/async/connection.hpp"

namespace tidemark::http {

struct TlsTrust {
  std::string
      ca_file;  // empty: the system's certificates. Set in tests to trust a local authority.
};

// TCP, TLS (1.2 or newer, certificate and host name checked), and Unix sockets: an endpoint whose
// host begins with "/" is a socket's path. Name look-ups are cached for a
// minute, because Asio's resolver has one thread and cannot be interrupted.
std::unique_ptr<async::Connector> make_connector(async::Executor executor, async::Clock& clock,
                                                 const TlsTrust& trust);

}  // namespace tidemark::http
