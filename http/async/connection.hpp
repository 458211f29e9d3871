#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http/async/deadline.hpp"
#include "http/async/task.hpp"

namespace tidemark::async {

// A stream of bytes to a peer: TCP, TLS, a Unix socket, or a pipe inside a simulation. Whatever
// speaks HTTP speaks it over this, so that only the implementations instantiate socket templates.
class Connection {
 public:
  virtual ~Connection() = default;

  // Returns how many bytes came, at least one; 0 at the orderly end of the stream.
  // Throws boost::system::system_error otherwise; a TLS stream cut without close_notify throws
  // boost::asio::ssl::error::stream_truncated.
  virtual Task<std::size_t> read_some(std::span<char> into) = 0;
  // Writes all of it.
  virtual Task<void> write(std::string_view bytes) = 0;
  // Between two messages: neither the end of the stream nor unasked bytes are waiting, so that a
  // kept-alive connection may be used again. True where it cannot be told.
  [[nodiscard]] virtual bool quiet() const noexcept { return true; }
  // Tells the peer that nothing more will be written, where the stream can tell; reading goes on.
  virtual void end_writing() noexcept {}
  // Ends both directions at once; pending operations fail. Safe to call twice.
  virtual void close() noexcept = 0;
  // For logs and access rules: "127.0.0.1:51234", "unix:uid=1000,gid=1000", "simulated".
  [[nodiscard]] virtual std::string peer() const = 0;
};

struct Endpoint {
  std::string host;
  std::string port;
  bool tls = false;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

// Opens outgoing connections. Passed in, so that simulated upstreams can stand in for real ones.
class Connector {
 public:
  virtual ~Connector() = default;
  // Throws http::TransportError, which says which step failed.
  virtual Task<std::unique_ptr<Connection>> connect(Endpoint endpoint, Deadline deadline) = 0;
};

}  // namespace tidemark::async
