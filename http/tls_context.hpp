#pragma once

#include <boost/asio/ssl/context.hpp>

#include "http/net.hpp"
#include "http/server.hpp"

namespace tidemark::http {

// TLS 1.2 or newer. Throw std::runtime_error that names the file that cannot be used.
[[nodiscard]] boost::asio::ssl::context client_tls_context(const TlsTrust& trust);
[[nodiscard]] boost::asio::ssl::context server_tls_context(const TlsIdentity& identity);

}  // namespace tidemark::http
