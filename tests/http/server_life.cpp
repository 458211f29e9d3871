// Binding, stopping, and streams that go on for long.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "http/router.hpp"
#include "tests/http/wire_client.hpp"

using namespace tidemark;
using namespace tidemark::test;
using async::Milliseconds;

namespace {

async::Task<http::Reply> hello(http::Request, http::Peer) {
  co_return http::json_reply(200, "hello");
}

http::Handler slow(Milliseconds duration) {
  return [duration](http::Request, http::Peer) -> async::Task<http::Reply> {
    async::RealClock clock;
    co_await clock.sleep_for(duration);
    co_return http::json_reply(200, "late");
  };
}

const std::string request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

std::string bind_failure(const http::ListenOn& where) {
  boost::asio::io_context context;
  async::RealClock clock;
  try {
    http::Server server(context.get_executor(), clock, where, {}, hello, {});
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "it bound";
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

void leave_dead_socket(const std::string& path) {
  int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  BOOST_REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  ::close(socket);
}

http::Handler streaming(http::Stream stream) {
  return [stream = std::move(stream)](http::Request, http::Peer) -> async::Task<http::Reply> {
    http::Reply reply;
    reply.response.headers.add("Content-Type", "text/event-stream");
    reply.stream = stream;
    co_return reply;
  };
}

using Send = std::function<async::Task<void>(std::string_view chunk)>;

}  // namespace

BOOST_AUTO_TEST_SUITE(server_life)

BOOST_AUTO_TEST_CASE(a_port_in_use_is_an_error_with_its_remedy) {
  with_server(hello, [](WireServer& server, WireClient&) -> async::Task<void> {
    http::ListenOn where = WireServer::local();
    where.port = server.server().port();
    std::string port = std::to_string(where.port);
    std::string failure = bind_failure(where);
    BOOST_TEST(failure.find("127.0.0.1 port " + port) != std::string::npos, failure);
    BOOST_TEST(failure.find("ss -ltnp 'sport = :" + port + "'") != std::string::npos, failure);
    co_return;
  });
}

BOOST_AUTO_TEST_CASE(addresses_that_cannot_be_bound_say_why) {
  http::ListenOn where;
  where.address = "not an address";
  BOOST_TEST(bind_failure(where).find("neither an IP address nor a path") != std::string::npos);
  where.address = "192.0.2.1";
  BOOST_TEST(bind_failure(where).find("does not have the address") != std::string::npos);
  where.address = "/no/such/directory/x.sock";
  BOOST_TEST(bind_failure(where).find("directory must exist") != std::string::npos);
  where.address = "/" + std::string(120, 'x');
  BOOST_TEST(bind_failure(where).find("longer than 107 bytes") != std::string::npos);
  where = WireServer::local();
  where.tls = http::TlsIdentity{"/no/such.crt", "/no/such.key"};
  BOOST_TEST(bind_failure(where).find("/no/such.crt") != std::string::npos);
  where.tls = http::TlsIdentity{test_identity().certificate_file, strange_identity().key_file};
  BOOST_TEST(bind_failure(where).find("cannot be used") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_socket_file_has_its_mode_and_goes_with_the_server) {
  http::ListenOn where;
  where.address = temporary_path("mode.sock");
  where.socket_mode = 0620;
  with_server(
      hello,
      [&](WireServer&, WireClient&) -> async::Task<void> {
        struct stat status{};
        BOOST_TEST(::stat(where.address.c_str(), &status) == 0);
        BOOST_TEST((status.st_mode & 0777) == 0620U);
        co_return;
      },
      {}, where);
  BOOST_TEST(!exists(where.address));
}

BOOST_AUTO_TEST_CASE(a_socket_left_by_a_dead_process_is_taken_over) {
  http::ListenOn where;
  where.address = temporary_path("dead.sock");
  leave_dead_socket(where.address);
  with_server(
      hello,
      [&](WireServer& server, WireClient& client) -> async::Task<void> {
        auto exchanged = co_await client.get(server.url("/"));
        BOOST_TEST(exchanged.response.body == "hello");
        // Ours is alive: nobody else may take it.
        std::string failure = bind_failure(where);
        BOOST_TEST(failure.find("another process listens there") != std::string::npos, failure);
        auto again = co_await client.get(server.url("/"));
        BOOST_TEST(again.response.body == "hello");
      },
      {}, where);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_socket_is_left_alone) {
  http::ListenOn where;
  where.address = temporary_path("precious.txt");
  std::ofstream(where.address) << "precious";
  BOOST_TEST(bind_failure(where).find("a file that is no socket") != std::string::npos);
  BOOST_TEST(exists(where.address));
}

BOOST_AUTO_TEST_CASE(stopping_closes_idle_connections_at_once) {
  with_server(hello, [](WireServer& server, WireClient& client) -> async::Task<void> {
    auto connection = co_await server.connect();
    co_await connection->write(request);
    co_await read_until(*connection, "hello");
    auto before = client.clock().steady_now();
    co_await server.stop(Milliseconds(5'000));
    BOOST_TEST((client.clock().steady_now() - before < Milliseconds(1'000)));
    std::string rest = co_await read_to_end(*connection);
    BOOST_TEST(rest == "");
    auto failure = co_await client.failure(server.url("/"));
    BOOST_TEST((failure.step() == http::TransportError::Step::connect));
  });
}

BOOST_AUTO_TEST_CASE(stopping_lets_answers_under_way_finish) {
  with_server(slow(Milliseconds(60)), [](WireServer& server, WireClient&) -> async::Task<void> {
    auto connection = co_await server.connect();
    std::string two = request + request;
    co_await connection->write(two);
    BOOST_TEST(co_await eventually([&] { return server.server().connections() == 1; }));
    co_await server.stop(Milliseconds(5'000));
    BOOST_TEST(server.server().connections() == 0U);
    std::string heard = co_await read_to_end(*connection);
    BOOST_TEST(heard.ends_with("Connection: close\r\n\r\nlate"));
    // The second request of the same packet was not begun.
    BOOST_TEST(heard.find("HTTP/1.1", 1) == std::string::npos);
  });
}

BOOST_AUTO_TEST_CASE(stopping_cuts_what_does_not_end_in_time) {
  with_server(slow(Milliseconds(60'000)),
              [](WireServer& server, WireClient& client) -> async::Task<void> {
                auto connection = co_await server.connect();
                co_await connection->write(request);
                co_await client.clock().sleep_for(Milliseconds(10));
                auto before = client.clock().steady_now();
                co_await server.stop(Milliseconds(50));
                auto took = client.clock().steady_now() - before;
                BOOST_TEST((took >= Milliseconds(50) && took < Milliseconds(1'000)));
                BOOST_TEST(server.server().connections() == 0U);
              });
}

BOOST_AUTO_TEST_CASE(stopping_ends_a_handshake_that_hangs) {
  http::ListenOn where = WireServer::local();
  where.tls = test_identity();
  with_server(
      hello,
      [](WireServer& server, WireClient& client) -> async::Task<void> {
        auto plain = server.url("/").endpoint;
        plain.tls = false;
        plain.host = "127.0.0.1";
        auto silent = co_await client.connector().connect(plain, async::Deadline::none());
        BOOST_TEST(co_await eventually([&] { return server.server().connections() == 1; }));
        auto before = client.clock().steady_now();
        co_await server.stop(Milliseconds(5'000));
        BOOST_TEST((client.clock().steady_now() - before < Milliseconds(1'000)));
      },
      {}, where);
}

BOOST_AUTO_TEST_CASE(a_stream_arrives_in_chunks_and_ends_well) {
  auto stream = [](Send send) -> async::Task<void> {
    co_await send("data: 1\n\n");
    co_await send("");
    co_await send("data: 2\n\n");
  };
  with_server(streaming(stream), [](WireServer& server, WireClient& client) -> async::Task<void> {
    std::string heard = co_await server.converse(request);
    BOOST_TEST(
        heard ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
        "Connection: close\r\n\r\n9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n");
    auto exchanged = co_await client.get(server.url("/"));
    BOOST_TEST(exchanged.response.body == "data: 1\n\ndata: 2\n\n");
    std::string old = co_await server.converse("GET / HTTP/1.0\r\n\r\n");
    BOOST_TEST(old.ends_with("Connection: close\r\n\r\ndata: 1\n\ndata: 2\n\n"));
  });
}

BOOST_AUTO_TEST_CASE(a_stream_that_fails_is_cut_and_reported) {
  auto stream = [](Send send) -> async::Task<void> {
    co_await send("part");
    throw std::runtime_error("no more");
  };
  with_server(streaming(stream), [](WireServer& server, WireClient& client) -> async::Task<void> {
    auto failure = co_await client.failure(server.url("/events"));
    BOOST_TEST((failure.step() == http::TransportError::Step::read));
    BOOST_TEST(server.reports.at(0) == "GET /events: no more");
  });
}

BOOST_AUTO_TEST_CASE(a_stream_ends_when_its_peer_goes_away) {
  bool ended = false;
  auto stream = [&](Send send) -> async::Task<void> {
    async::RealClock clock;
    co_await send("one");
    try {
      co_await clock.sleep_for(Milliseconds(60'000));
    } catch (...) {
      ended = true;
      throw;
    }
  };
  with_server(streaming(stream), [&](WireServer& server, WireClient&) -> async::Task<void> {
    auto connection = co_await server.connect();
    co_await connection->write(request);
    co_await read_until(*connection, "one");
    BOOST_TEST(!ended);
    connection->close();
    BOOST_TEST(co_await eventually([&] { return ended; }));
    BOOST_TEST(co_await eventually([&] { return server.server().connections() == 0; }));
    BOOST_TEST(server.reports.empty());
  });
}

BOOST_AUTO_TEST_CASE(a_silent_stream_outlives_all_limits_but_not_a_stop) {
  http::ServerLimits limits;
  limits.idle_ms = limits.handle_ms = limits.write_ms = Milliseconds(20);
  auto stream = [](Send send) -> async::Task<void> {
    async::RealClock clock;
    co_await clock.sleep_for(Milliseconds(120));
    co_await send("still here");
    co_await clock.sleep_for(Milliseconds(60'000));
  };
  with_server(
      streaming(stream),
      [](WireServer& server, WireClient& client) -> async::Task<void> {
        auto connection = co_await server.connect();
        co_await connection->write(request);
        co_await read_until(*connection, "still here");
        auto before = client.clock().steady_now();
        co_await server.stop(Milliseconds(5'000));
        BOOST_TEST((client.clock().steady_now() - before < Milliseconds(1'000)));
      },
      limits);
}

BOOST_AUTO_TEST_SUITE_END()
