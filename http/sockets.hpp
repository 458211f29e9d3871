#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "http/async/connection.hpp"

namespace tidemark::http {

// TCP and Unix sockets under one type, so that the templates of plain and TLS streams exist once.
using Socket = boost::asio::generic::stream_protocol::socket;

std::unique_ptr<async::Connection> plain_connection(Socket socket, std::string peer);

class TlsConnection : public async::Connection {
 public:
  // To be done before reading and writing.
  virtual async::Task<boost::system::error_code> handshake() = 0;
  // Why the peer's certificate was refused; empty when it was not.
  [[nodiscard]] virtual std::string verify_problem() const = 0;
};

// Checks the peer's certificate against `host`, a name or an address. Throws std::runtime_error
// when OpenSSL does not take the host.
std::unique_ptr<TlsConnection> tls_client_connection(Socket socket,
                                                     boost::asio::ssl::context& context,
                                                     const std::string& host, std::string peer);
std::unique_ptr<TlsConnection> tls_server_connection(Socket socket,
                                                     boost::asio::ssl::context& context,
                                                     std::string peer);

}  // namespace tidemark::http
