#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "http/router.hpp"
#include "tests/http/wire_client.hpp"

using namespace tidemark;
using namespace tidemark::test;
using Step = http::TransportError::Step;

namespace {

bool contains(const std::exception& error, std::string_view part) {
  return std::string_view(error.what()).find(part) != std::string_view::npos;
}

http::Handler saying(std::string text) {
  return [text = std::move(text)](http::Request, http::Peer peer) -> async::Task<http::Reply> {
    std::string user = peer.user_id ? std::to_string(*peer.user_id) : "nobody";
    co_return http::json_reply(200, text + " " + peer.address + " " + user);
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(net_connect)

BOOST_AUTO_TEST_CASE(tls_with_a_trusted_certificate_works) {
  with_peer(
      answering(whole_answer("private")),
      [](WirePeer& peer, WireClient& client) -> async::Task<void> {
        auto exchanged = co_await client.get(peer.url("/"));
        BOOST_TEST(exchanged.response.body == "private");
        auto by_address = peer.url("/");
        by_address.endpoint.host = "127.0.0.1";
        auto again = co_await client.get(by_address);
        BOOST_TEST(again.response.body == "private");
      },
      {}, test_identity());
}

BOOST_AUTO_TEST_CASE(a_certificate_that_nobody_trusts_is_refused) {
  with_peer(
      answering(whole_answer("x")),
      [](WirePeer& peer, WireClient& client) -> async::Task<void> {
        auto failure = co_await client.failure(peer.url("/"));
        BOOST_TEST((failure.step() == Step::handshake));
        BOOST_TEST(failure.before_sending());
        BOOST_TEST(contains(failure, "self-signed"), failure.what());
        BOOST_TEST(contains(failure, "localhost:" + peer.url("/").endpoint.port));
      },
      {}, strange_identity());
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_host_is_refused) {
  http::ListenOn where;
  where.address = "127.0.0.2";  // the certificate names 127.0.0.1
  where.tls = test_identity();
  with_server(
      saying("x"),
      [](WireServer& server, WireClient& client) -> async::Task<void> {
        auto url = server.url("/");
        url.endpoint.host = "127.0.0.2";
        auto failure = co_await client.failure(url);
        BOOST_TEST((failure.step() == Step::handshake));
        BOOST_TEST(contains(failure, "IP address mismatch"), failure.what());
      },
      {}, where);
}

BOOST_AUTO_TEST_CASE(a_peer_that_does_not_speak_tls_is_named) {
  auto script = [](async::Connection& connection, int) -> async::Task<void> {
    std::string answer = "HTTP/1.1 400 Bad Request\r\n\r\n";
    co_await connection.write(answer);
  };
  with_peer(script, [](WirePeer& peer, WireClient& client) -> async::Task<void> {
    auto url = peer.url("/");
    url.endpoint.tls = true;
    auto failure = co_await client.failure(url);
    BOOST_TEST((failure.step() == Step::handshake));
    BOOST_TEST(contains(failure, "wrong version number"), failure.what());
  });
}

BOOST_AUTO_TEST_CASE(a_handshake_that_never_ends_is_cut) {
  http::ClientLimits limits;
  limits.connect_ms = async::Milliseconds(60);
  with_peer([](async::Connection& connection,
               int) -> async::Task<void> { co_await read_to_end(connection); },
            [](WirePeer& peer, WireClient& client) -> async::Task<void> {
              auto url = peer.url("/");
              url.endpoint.tls = true;
              auto failure = co_await client.failure(url);
              BOOST_TEST((failure.step() == Step::handshake));
              BOOST_TEST(contains(failure, "too long"), failure.what());
            },
            limits);
}

BOOST_AUTO_TEST_CASE(a_tls_stream_cut_without_goodbye_is_a_cut_answer) {
  // No length, and the connection is cut: nobody can say whether that was all.
  with_peer(
      answering("HTTP/1.1 200 OK\r\n\r\npart"),
      [](WirePeer& peer, WireClient& client) -> async::Task<void> {
        auto failure = co_await client.failure(peer.url("/"));
        BOOST_TEST((failure.step() == Step::read));
        BOOST_TEST(contains(failure, "truncated"), failure.what());
      },
      {}, test_identity());
}

BOOST_AUTO_TEST_CASE(a_refused_connection_names_host_and_port) {
  with_peer(answering(""), [](WirePeer& peer, WireClient& client) -> async::Task<void> {
    auto url = peer.url("/");
    url.endpoint.port = "1";
    auto failure = co_await client.failure(url);
    BOOST_TEST((failure.step() == Step::connect));
    BOOST_TEST(contains(failure, "127.0.0.1:1: cannot connect: 127.0.0.1: Connection refused"),
               failure.what());
  });
}

BOOST_AUTO_TEST_CASE(all_addresses_of_a_name_are_tried) {
  // localhost may be ::1 first, where nobody listens.
  with_peer(answering(whole_answer("found")),
            [](WirePeer& peer, WireClient& client) -> async::Task<void> {
              auto url = peer.url("/");
              url.endpoint.host = "localhost";
              auto exchanged = co_await client.get(url);
              BOOST_TEST(exchanged.response.body == "found");
            });
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_a_failed_look_up) {
  with_peer(answering(""), [](WirePeer& peer, WireClient& client) -> async::Task<void> {
    auto url = peer.url("/");
    url.endpoint.host = "no-such-host.invalid";
    auto failure = co_await client.failure(url);
    BOOST_TEST((failure.step() == Step::resolve));
    BOOST_TEST(contains(failure, "no-such-host.invalid:"), failure.what());
  });
}

BOOST_AUTO_TEST_CASE(a_unix_socket_is_an_endpoint_like_any_other) {
  http::ListenOn where;
  where.address = temporary_path("talk.sock");
  with_server(
      saying("hello"),
      [&](WireServer& server, WireClient& client) -> async::Task<void> {
        auto exchanged = co_await client.get(server.url("/v1"));
        BOOST_TEST(exchanged.response.body ==
                   "hello unix:pid=" + std::to_string(getpid()) + " " + std::to_string(geteuid()));
        BOOST_TEST(exchanged.url.text() == "unix:" + where.address + ":/v1");
      },
      {}, where);
}

BOOST_AUTO_TEST_CASE(a_unix_socket_that_is_not_there_is_named) {
  with_peer(answering(""), [](WirePeer& peer, WireClient& client) -> async::Task<void> {
    auto url = peer.url("/");
    url.endpoint.host = temporary_path("absent.sock");
    auto failure = co_await client.failure(url);
    BOOST_TEST((failure.step() == Step::connect));
    BOOST_TEST(contains(failure, "absent.sock: cannot connect"), failure.what());
    url.endpoint.host = "/" + std::string(200, 'x');
    auto too_long = co_await client.failure(url);
    BOOST_TEST((too_long.step() == Step::resolve));
  });
}

BOOST_AUTO_TEST_CASE(an_unusable_ca_file_is_named) {
  auto make = [](const std::string& file) {
    boost::asio::io_context context;
    async::RealClock clock;
    http::make_connector(context.get_executor(), clock, http::TlsTrust{file});
  };
  BOOST_CHECK_EXCEPTION(make("/no/such.pem"), std::runtime_error,
                        [](const auto& error) { return contains(error, "/no/such.pem"); });
}

BOOST_AUTO_TEST_SUITE_END()
