// Certificates that are replaced while the server runs.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "http/router.hpp"
#include "tests/http/wire_client.hpp"

using namespace tidemark;
using namespace tidemark::test;

namespace {

namespace fs = std::filesystem;

async::Task<http::Reply> hello(http::Request, http::Peer) {
  co_return http::json_reply(200, "hello");
}

const std::string request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

// The files that a server was told of, and what others write there.
struct Replaceable {
  http::TlsIdentity identity{temporary_path("served.crt"), temporary_path("served.key")};

  Replaceable() { become(test_identity()); }
  void become(const http::TlsIdentity& other) const {
    const auto replace = fs::copy_options::overwrite_existing;
    fs::copy_file(other.certificate_file, identity.certificate_file, replace);
    fs::copy_file(other.key_file, identity.key_file, replace);
  }
  void break_file(const std::string& path) const { std::ofstream(path) << "no PEM"; }
  [[nodiscard]] http::ListenOn where() const {
    http::ListenOn where = WireServer::local();
    where.tls = identity;
    return where;
  }
};

// Clients trust the test's certificate and no other.
async::Task<bool> is_trusted(WireServer& server) {
  bool refused = false;
  try {
    auto connection = co_await server.connect();
    co_await connection->write(request);
    co_await read_until(*connection, "hello");
  } catch (const http::TransportError& error) {
    refused = error.step() == http::TransportError::Step::handshake;
    if (!refused) throw;
  }
  co_return !refused;
}

std::string reload_problem(http::Server& server) {
  try {
    server.reload_tls();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_reload)

BOOST_AUTO_TEST_CASE(new_connections_see_the_new_certificate_and_old_ones_go_on) {
  const Replaceable files;
  with_server(
      hello,
      [&](WireServer& server, WireClient&) -> async::Task<void> {
        auto before = co_await server.connect();
        co_await before->write(request);
        co_await read_until(*before, "hello");
        files.become(strange_identity());
        BOOST_TEST(co_await is_trusted(server), "nothing was reloaded yet");
        BOOST_TEST(reload_problem(server.server()) == "");
        BOOST_TEST(!co_await is_trusted(server));
        co_await before->write(request);
        co_await read_until(*before, "hello");
        files.become(test_identity());
        BOOST_TEST(reload_problem(server.server()) == "");
        BOOST_TEST(co_await is_trusted(server));
        co_await before->write(request);
        co_await read_until(*before, "hello");
      },
      {}, files.where());
}

BOOST_AUTO_TEST_CASE(a_broken_file_is_named_and_the_old_certificate_stays) {
  const Replaceable files;
  with_server(
      hello,
      [&](WireServer& server, WireClient&) -> async::Task<void> {
        const auto problem = [&] { return reload_problem(server.server()); };
        files.break_file(files.identity.certificate_file);
        BOOST_TEST(problem().find(files.identity.certificate_file) != std::string::npos, problem());
        BOOST_TEST(co_await is_trusted(server));
        files.become(test_identity());
        files.break_file(files.identity.key_file);
        BOOST_TEST(problem().find(files.identity.key_file) != std::string::npos, problem());
        BOOST_TEST(co_await is_trusted(server));
        fs::remove(files.identity.key_file);
        BOOST_TEST(problem().find(files.identity.key_file) != std::string::npos, problem());
        BOOST_TEST(co_await is_trusted(server));
        // The certificate was written, its key not yet.
        files.become(test_identity());
        fs::copy_file(strange_identity().certificate_file, files.identity.certificate_file,
                      fs::copy_options::overwrite_existing);
        BOOST_TEST(problem().find(files.identity.key_file) != std::string::npos, problem());
        BOOST_TEST(co_await is_trusted(server));
      },
      {}, files.where());
}

BOOST_AUTO_TEST_CASE(without_tls_there_is_nothing_to_reload) {
  with_server(hello, [](WireServer& server, WireClient&) -> async::Task<void> {
    BOOST_TEST(reload_problem(server.server()) == "");
    BOOST_TEST(co_await is_trusted(server));
  });
}

BOOST_AUTO_TEST_SUITE_END()
