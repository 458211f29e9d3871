#include "tests/http/wire_peer.hpp"

#define ZLIB_CONST
#include <zlib.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <charconv>
#include <stdexcept>

#include "http/async/task_group.hpp"
#include "http/listener.hpp"
#include "http/sockets.hpp"
#include "http/tls_context.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/tls_identity.hpp"

namespace tidemark::test {

namespace asio = boost::asio;

struct WirePeer::State {
  State(const async::Executor& executor, Script its_script,
        const std::optional<http::TlsIdentity>& identity)
      : script(std::move(its_script)),
        acceptor(executor),
        tasks(executor, 1000, [](const std::string&, const std::exception_ptr&) {}) {
    if (identity) tls.emplace(http::server_tls_context(*identity));
    http::ListenOn where;
    where.address = "127.0.0.1";
    http::Listener listener = http::open_listener(where);
    port = listener.port;
    acceptor.assign(asio::generic::stream_protocol(listener.family, 0), listener.descriptor);
  }

  static async::Task<void> accept(std::shared_ptr<State> state) {
    while (true) {
      auto [error, socket] =
          co_await state->acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
      if (error) co_return;
      auto serving = serve(state, std::move(socket), state->connections++);
      if (!state->tasks.spawn("connection", std::move(serving))) co_return;
    }
  }

  static async::Task<void> serve(std::shared_ptr<State> state, http::Socket socket, int number) {
    std::unique_ptr<async::Connection> connection;
    if (state->tls) {
      auto secured = http::tls_server_connection(std::move(socket), *state->tls, "test");
      auto error = co_await secured->handshake();
      if (error) co_return;
      connection = std::move(secured);
    } else {
      connection = http::plain_connection(std::move(socket), "test");
    }
    co_await state->script(*connection, number);
  }

  Script script;
  asio::basic_socket_acceptor<asio::generic::stream_protocol> acceptor;
  std::optional<asio::ssl::context> tls;
  std::uint16_t port = 0;
  int connections = 0;
  async::TaskGroup tasks;
};

WirePeer::WirePeer(async::Executor executor, Script script, std::optional<http::TlsIdentity> tls)
    : state_(std::make_shared<State>(executor, std::move(script), tls)) {
  if (!state_->tasks.spawn("accept", State::accept(state_))) std::abort();
}

WirePeer::~WirePeer() {
  // A failed test has not stopped us: then the state stays until the loop is destroyed.
  state_->tasks.cancel();
}

http::Url WirePeer::url(const std::string& target) const {
  http::Url url;
  url.endpoint.tls = state_->tls.has_value();
  url.endpoint.host = url.endpoint.tls ? "localhost" : "127.0.0.1";
  url.endpoint.port = std::to_string(state_->port);
  url.target = target;
  return url;
}

int WirePeer::connections() const { return state_->connections; }

async::Task<void> WirePeer::stop() {
  state_->tasks.cancel();
  co_await state_->tasks.join();
}

WirePeer::Script answering(std::string bytes) {
  return [bytes = std::move(bytes)](async::Connection& connection, int) -> async::Task<void> {
    // The script may be replaced while it runs.
    std::string answer = bytes;  // NOLINT(performance-unnecessary-copy-initialization)
    co_await read_request(connection);
    co_await connection.write(answer);
  };
}

async::Task<std::string> read_until(async::Connection& connection, std::string ending) {
  std::string text;
  while (text.find(ending) == std::string::npos) {
    char piece[4096];
    std::size_t count = co_await connection.read_some(piece);
    if (count == 0) throw std::runtime_error("the stream ended; it held: " + text);
    text.append(piece, count);
  }
  co_return text;
}

async::Task<std::string> read_request(async::Connection& connection) {
  std::string text = co_await read_until(connection, "\r\n\r\n");
  constexpr std::string_view field = "Content-Length: ";
  std::size_t at = text.find(field);
  if (at == std::string::npos) co_return text;
  std::size_t length = 0;
  std::from_chars(text.data() + at + field.size(), text.data() + text.size(), length);
  std::size_t whole = text.find("\r\n\r\n") + 4 + length;
  while (text.size() < whole) {
    char piece[4096];
    std::size_t count = co_await connection.read_some(piece);
    if (count == 0) throw std::runtime_error("the stream ended inside a body");
    text.append(piece, count);
  }
  co_return text;
}

async::Task<std::string> read_to_end(async::Connection& connection) {
  std::string text;
  while (true) {
    char piece[4096];
    std::size_t count = co_await connection.read_some(piece);
    if (count == 0) co_return text;
    text.append(piece, count);
  }
}

std::string compressed(std::string_view text, bool gzip) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip ? 15 + 16 : 15, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<const unsigned char*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<unsigned char*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string whole_answer(std::string_view body, std::string_view headers) {
  std::string text = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return text.append(headers).append("\r\n").append(body);
}

namespace {

const Folder& folder() {
  static const Folder made;
  return made;
}

}  // namespace

std::string temporary_path(const std::string& name) { return folder().file(name); }

const http::TlsIdentity& test_identity() {
  static const http::TlsIdentity identity = make_tls_identity(folder().path(), "tidemark-test");
  return identity;
}

const http::TlsIdentity& strange_identity() {
  static const http::TlsIdentity identity = make_tls_identity(folder().path(), "stranger");
  return identity;
}

}  // namespace tidemark::test
