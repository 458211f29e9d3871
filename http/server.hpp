#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/async/connection.hpp"
#include "http/async/task_group.hpp"
#include "http/message.hpp"

namespace tidemark::http {

// Who asks: set by the listener, never by a header.
struct Peer {
  std::string address;                   // "127.0.0.1:51234" or "unix:pid=7"
  std::optional<std::uint32_t> user_id;  // Unix sockets only (SO_PEERCRED)
  std::optional<std::uint32_t> group_id;
};

// An answer that goes on for as long as it likes, in chunks: server-sent events.
using Stream =
    std::function<async::Task<void>(std::function<async::Task<void>(std::string_view chunk)> send)>;

struct Reply {
  Response response;
  Stream stream;  // when set, runs after the headers; the body is ignored
};

struct ServerLimits {
  std::size_t connections = 256;
  // Of one address (of IPv6: of a /64 network); more are closed at once, so that one slow asker
  // leaves room for the others.
  // 0: no such limit. Unix sockets and addresses that `exempt` names are not counted.
  std::size_t connections_per_address = 0;
  std::function<bool(const std::string& address)> exempt = {};
  std::size_t header_bytes = 16 * 1024;
  std::size_t body_bytes = 1024 * 1024;
  async::Milliseconds header_ms{10'000};  // from a request's first byte to the end of its headers
  async::Milliseconds body_ms{30'000};
  // So long a request may take to come in, however many others want the connection.
  async::Milliseconds undisturbed_ms{2'000};
  async::Milliseconds handle_ms{60'000};
  async::Milliseconds write_ms{30'000};  // per write
  async::Milliseconds idle_ms{75'000};   // between requests
  // Gets every answer that no handler made (400, 408, 413, 431, 500, 503) before it is sent, to add
  // headers or to put other words in its place. Must not throw.
  std::function<void(Reply&)> on_refusal = {};
};

// What answers requests. Exceptions become 500 without detail and are reported to `on_error`.
using Handler = std::function<async::Task<Reply>(Request request, Peer peer)>;
using OnServerError = std::function<void(const std::string& where, const std::string& what)>;

// Speaks HTTP/1.1 on one connection until either side ends it. Malformed requests get 400, too
// large ones 413 or 431, slow ones 408; all close the connection.
async::Task<void> serve_connection(std::unique_ptr<async::Connection> connection, Peer peer,
                                   async::Clock& clock, const ServerLimits& limits,
                                   const Handler& handler, const OnServerError& on_error);

struct TlsIdentity {
  std::string certificate_file;  // PEM chain
  std::string key_file;          // PEM
};

struct ListenOn {
  std::string address;     // "127.0.0.1" or "::1"; or a path that begins with "/": a Unix socket
  std::uint16_t port = 0;  // 0: any free one
  unsigned socket_mode = 0660;  // of a Unix socket
  std::optional<TlsIdentity> tls;
};

// One listening socket with its connections. Unix socket paths left by a dead process are taken
// over; one that answers is an error.
class Server {
 public:
  // Binds at once; throws std::runtime_error that names the address and the remedy.
  Server(async::Executor executor, async::Clock& clock, ListenOn where, ServerLimits limits,
         Handler handler, OnServerError on_error);
  ~Server();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t connections() const;

  // Reads certificate and key anew; connections from now on get them. Throws std::runtime_error
  // that names the file, and the old ones stay in use. Nothing happens without TLS.
  void reload_tls();

  // Accepts until stopped. Accept errors wait 100 ms before the next try.
  async::Task<void> run();
  // Stops accepting, closes idle connections, lets answers under way finish until the deadline,
  // then cuts them. Returns when no connection is left.
  async::Task<void> stop(async::Deadline deadline);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tidemark::http
