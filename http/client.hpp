#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "http/async/connection.hpp"
#include "http/async/deadline.hpp"
#include "http/message.hpp"
#include "http/url.hpp"

namespace tidemark::http {

// An outage between us and a peer: no (whole, well-formed) answer came. Never an HTTP status.
class TransportError : public std::runtime_error {
 public:
  enum class Step {
    resolve,
    connect,
    handshake,
    write,
    read,
    malformed,
    too_large,
    deadline,
    pool
  };
  TransportError(Step step, const std::string& message)
      : std::runtime_error(message), step_(step) {}
  [[nodiscard]] Step step() const noexcept { return step_; }
  // The request cannot have reached the peer: sending it again spends nothing twice.
  [[nodiscard]] bool before_sending() const noexcept {
    return step_ == Step::resolve || step_ == Step::connect || step_ == Step::handshake ||
           step_ == Step::pool;
  }

 private:
  Step step_;
};

struct ClientLimits {
  std::size_t connections_per_endpoint = 8;
  std::size_t idle_connections = 16;
  std::size_t body_bytes = 32 * 1024 * 1024;  // after decoding
  std::size_t header_bytes = 64 * 1024;
  async::Milliseconds idle_connection_ms{60'000};
  async::Milliseconds connect_ms{10'000};
  async::Milliseconds queue_ms{30'000};  // longest wait for a free connection
};

struct ExchangeOptions {
  async::Deadline deadline;
  // May be sent again when a kept-alive connection turns out to be closed. A POST that only asks
  // (GraphQL) is idempotent too: say so.
  bool idempotent = false;
  std::size_t body_bytes_max = 0;  // 0: the client's limit
  // Follows 301, 302, 307 and 308 of GET and HEAD. `Authorization` and `Cookie` are dropped when
  // the host, port or scheme changes; https never goes to http.
  unsigned redirects_max = 0;
  // Gets the body of a 2xx answer piece by piece, decoded, instead of its collecting in
  // `response.body`; the limit on bodies does not hold then. What it throws ends the exchange.
  std::function<void(std::string_view piece)> on_body = {};
};

struct Exchanged {
  Response response;
  Url url;                         // the address that answered: another than asked after redirects
  bool moved_permanently = false;  // every redirect on the way was 301 or 308
  async::WallTime sent;            // our clock just before the request's first byte
  async::WallTime received;        // our clock when the headers were there
};

// HTTP/1.1 over pooled, kept-alive connections. Asks for gzip and decodes it. A request that finds
// its kept-alive connection closed by the peer is sent once more on a fresh one, if idempotent.
// Runs on one thread; any number of exchanges may be under way.
class Client {
 public:
  Client(async::Executor executor, async::Clock& clock, async::Connector& connector,
         ClientLimits limits, std::string user_agent);
  ~Client();

  // Throws TransportError; every HTTP status is a value, also a redirect that may not be followed.
  // `url` says where to, the request's own target is ignored. Adds Host, User-Agent, Content-Length
  // and Accept-Encoding where the request does not set them. A header that holds a line end is
  // refused with std::invalid_argument.
  async::Task<Exchanged> exchange(Url url, Request request, ExchangeOptions options);

  // Closes idle connections and lets the rest end by themselves.
  void close();

  struct Statistics {
    std::size_t open = 0, idle = 0, waiting = 0;
    std::uint64_t connects = 0, exchanges = 0, stale_retries = 0;
  };
  [[nodiscard]] Statistics statistics() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // exchanges under way share it
};

}  // namespace tidemark::http
