#include "http/sockets.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace tidemark::http {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

namespace {

template <class Stream>
async::Task<std::size_t> read_from(Stream& stream, std::span<char> into) {
  auto [error, count] = co_await stream.async_read_some(asio::buffer(into.data(), into.size()),
                                                        asio::as_tuple(asio::use_awaitable));
  if (error == asio::error::eof) co_return std::size_t{0};
  if (error) throw boost::system::system_error(error);
  co_return count;
}

template <class Stream>
async::Task<void> write_to(Stream& stream, std::string_view bytes) {
  auto [error, count] = co_await asio::async_write(stream, asio::buffer(bytes.data(), bytes.size()),
                                                   asio::as_tuple(asio::use_awaitable));
  if (error) throw boost::system::system_error(error);
}

void close_socket(Socket& socket) noexcept {
  boost::system::error_code ignored;
  socket.close(ignored);
}

void end_writing_on(Socket& socket) noexcept {
  boost::system::error_code ignored;
  socket.shutdown(Socket::shutdown_send, ignored);
}

// Neither an end of the stream nor bytes are there to be read.
bool nothing_to_read(int descriptor) noexcept {
  char byte = 0;
  ssize_t count = ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

class PlainConnection final : public async::Connection {
 public:
  PlainConnection(Socket socket, std::string peer)
      : socket_(std::move(socket)), peer_(std::move(peer)) {}

  async::Task<std::size_t> read_some(std::span<char> into) override {
    return read_from(socket_, into);
  }
  async::Task<void> write(std::string_view bytes) override { return write_to(socket_, bytes); }
  bool quiet() const noexcept override {
    return nothing_to_read(const_cast<Socket&>(socket_).native_handle());
  }
  void end_writing() noexcept override { end_writing_on(socket_); }
  void close() noexcept override { close_socket(socket_); }
  std::string peer() const override { return peer_; }

 private:
  Socket socket_;
  std::string peer_;
};

class TlsSocketConnection final : public TlsConnection {
 public:
  TlsSocketConnection(Socket socket, ssl::context& context, ssl::stream_base::handshake_type side,
                      std::string peer)
      : stream_(std::move(socket), context), side_(side), peer_(std::move(peer)) {}

  async::Task<boost::system::error_code> handshake() override {
    auto [error] = co_await stream_.async_handshake(side_, asio::as_tuple(asio::use_awaitable));
    co_return error;
  }
  std::string verify_problem() const override {
    long result = SSL_get_verify_result(const_cast<Stream&>(stream_).native_handle());
    if (result == X509_V_OK) return {};
    return X509_verify_cert_error_string(result);
  }
  async::Task<std::size_t> read_some(std::span<char> into) override {
    return read_from(stream_, into);
  }
  async::Task<void> write(std::string_view bytes) override { return write_to(stream_, bytes); }
  bool quiet() const noexcept override {
    return nothing_to_read(const_cast<Stream&>(stream_).lowest_layer().native_handle());
  }
  void end_writing() noexcept override { end_writing_on(stream_.next_layer()); }
  // Without close_notify: HTTP's own framing says what is whole, and peers need not answer it.
  void close() noexcept override { close_socket(stream_.next_layer()); }
  std::string peer() const override { return peer_; }

  SSL* native_handle() { return stream_.native_handle(); }

 private:
  using Stream = ssl::stream<Socket>;
  Stream stream_;
  ssl::stream_base::handshake_type side_;
  std::string peer_;
};

}  // namespace

std::unique_ptr<async::Connection> plain_connection(Socket socket, std::string peer) {
  return std::make_unique<PlainConnection>(std::move(socket), std::move(peer));
}

std::unique_ptr<TlsConnection> tls_client_connection(Socket socket, ssl::context& context,
                                                     const std::string& host, std::string peer) {
  auto connection = std::make_unique<TlsSocketConnection>(
      std::move(socket), context, ssl::stream_base::client, std::move(peer));
  boost::system::error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  SSL* handle = connection->native_handle();
  // Asio has OpenSSL free its 34 kB of buffers after each message. A server with many idle
  // connections wants that; a few busy connections would only allocate all the time.
  SSL_clear_mode(handle, SSL_MODE_RELEASE_BUFFERS);
  // Server name indication takes names only.
  bool named = !not_an_address || SSL_set_tlsext_host_name(handle, host.c_str()) == 1;
  if (!named || SSL_set1_host(handle, host.c_str()) != 1) {
    throw std::runtime_error("OpenSSL does not take \"" + host + "\" as a host's name");
  }
  return connection;
}

std::unique_ptr<TlsConnection> tls_server_connection(Socket socket, ssl::context& context,
                                                     std::string peer) {
  return std::make_unique<TlsSocketConnection>(std::move(socket), context, ssl::stream_base::server,
                                               std::move(peer));
}

}  // namespace tidemark::http
