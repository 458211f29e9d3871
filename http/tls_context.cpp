#include "http/tls_context.hpp"

#include <fmt/format.h>

#include <boost/asio/ssl/verify_mode.hpp>
#include <stdexcept>

namespace tidemark::http {

namespace ssl = boost::asio::ssl;

namespace {

void require(const boost::system::error_code& error, std::string_view what,
             const std::string& file) {
  if (!error) return;
  throw std::runtime_error(
      fmt::format("{} {} cannot be used: {}. Check that it exists, is readable by this user, and "
                  "is PEM without "
                  "a passphrase",
                  what, file, error.message()));
}

void newer_than_tls_1_1(ssl::context& context) {
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
}

}  // namespace

ssl::context client_tls_context(const TlsTrust& trust) {
  ssl::context context(ssl::context::tls_client);
  newer_than_tls_1_1(context);
  context.set_verify_mode(ssl::verify_peer);
  boost::system::error_code error;
  if (trust.ca_file.empty()) {
    context.set_default_verify_paths(error);
    require(error, "the system's certificate store", "");
  } else {
    context.load_verify_file(trust.ca_file, error);
    require(error, "the file of certificate authorities", trust.ca_file);
  }
  return context;
}

ssl::context server_tls_context(const TlsIdentity& identity) {
  ssl::context context(ssl::context::tls_server);
  newer_than_tls_1_1(context);
  // OpenSSL would ask at the terminal, and the daemon wait for it.
  context.set_password_callback(
      [](std::size_t, ssl::context::password_purpose) { return std::string(); });
  boost::system::error_code error;
  context.use_certificate_chain_file(identity.certificate_file, error);
  require(error, "the certificate file", identity.certificate_file);
  context.use_private_key_file(identity.key_file, ssl::context::pem, error);
  require(error, "the key file", identity.key_file);
  if (SSL_CTX_check_private_key(context.native_handle()) != 1) {
    throw std::runtime_error(fmt::format("the key in {} does not belong to the certificate in {}",
                                         identity.key_file, identity.certificate_file));
  }
  return context;
}

}  // namespace tidemark::http
