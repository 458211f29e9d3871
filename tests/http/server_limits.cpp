#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include "http/router.hpp"
#include "tests/http/wire_client.hpp"

using namespace tidemark;
using namespace tidemark::test;
using async::Milliseconds;

namespace {

const http::ExchangeOptions plain;

async::Task<http::Reply> hello(http::Request, http::Peer) {
  co_return http::json_reply(200, "hello");
}

const std::string request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

// What a client hears that sends these bytes and then nothing more, and how long it took.
std::string silence_after(const std::string& bytes, http::ServerLimits limits,
                          const http::Handler& handler = hello) {
  std::string heard;
  with_server(
      handler,
      [&](WireServer& server, WireClient& client) -> async::Task<void> {
        auto before = client.clock().steady_now();
        heard = co_await server.converse(bytes);
        auto took = client.clock().steady_now() - before;
        BOOST_TEST((took < Milliseconds(900)), "the limit was not kept");
      },
      limits);
  return heard;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_limits)

BOOST_AUTO_TEST_CASE(headers_that_are_too_large_are_431) {
  http::ServerLimits limits;
  limits.header_bytes = 1000;
  std::string one_line = "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(3000, 'x') + "\r\n\r\n";
  std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int count = 0; count < 100; ++count) many += "X: 0123456789\r\n";
  std::string target = "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n";
  for (const std::string& bytes : {one_line, many + "\r\n", target}) {
    BOOST_TEST(silence_after(bytes, limits).starts_with("HTTP/1.1 431 "), bytes.substr(0, 40));
  }
}

BOOST_AUTO_TEST_CASE(what_no_handler_answered_can_be_dressed_by_who_owns_the_listener) {
  http::ServerLimits limits;
  limits.header_bytes = 1000;
  limits.body_bytes = 10;
  limits.header_ms = limits.handle_ms = Milliseconds(50);
  limits.on_refusal = [](http::Reply& reply) {
    reply.response.headers.set("X-Dressed", std::to_string(reply.response.status));
    reply.response.body = "other words";
  };
  const http::Handler never = [](http::Request, http::Peer) -> async::Task<http::Reply> {
    async::RealClock clock;
    co_await clock.sleep_for(Milliseconds(5'000));
    co_return http::Reply{};
  };
  const http::Handler throws = [](http::Request, http::Peer) -> async::Task<http::Reply> {
    throw std::runtime_error("broken");
    co_return http::Reply{};
  };
  const std::string body = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n";
  const std::string large =
      "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(3000, 'x') + "\r\n\r\n";
  const auto check = [&](const std::string& bytes, const std::string& status,
                         const http::Handler& handler = hello) {
    const std::string heard = silence_after(bytes, limits, handler);
    BOOST_TEST(heard.starts_with("HTTP/1.1 " + status), heard);
    BOOST_TEST(heard.find("X-Dressed: " + status) != std::string::npos, heard);
    BOOST_TEST(heard.ends_with("\r\n\r\nother words"), heard);
  };
  check("nonsense\r\n\r\n", "400");
  check("GET / HT", "408");
  check(body, "413");
  check(large, "431");
  check("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "500", throws);
  check(request, "503", never);
}

BOOST_AUTO_TEST_CASE(headers_that_trickle_in_are_limited_in_sum) {
  http::ServerLimits limits;
  limits.header_bytes = 1000;
  with_server(
      hello,
      [](WireServer& server, WireClient& client) -> async::Task<void> {
        auto connection = co_await server.connect();
        co_await connection->write("GET / HTTP/1.1\r\nHost: h\r\n");
        for (int count = 0; count < 20; ++count) {
          std::string line = "X: " + std::string(95, 'x') + "\r\n";
          co_await connection->write(line);
          co_await client.clock().sleep_for(Milliseconds(2));
        }
        std::string heard = co_await read_to_end(*connection);
        BOOST_TEST(heard.starts_with("HTTP/1.1 431 "));
      },
      limits);
}

BOOST_AUTO_TEST_CASE(bodies_that_are_too_large_are_413) {
  http::ServerLimits limits;
  limits.body_bytes = 10;
  std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";
  std::string by_length = head + "Content-Length: 11\r\n\r\n";
  std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  std::string many = chunked;
  for (int count = 0; count < 20; ++count) many += "9\r\n012345678\r\n";
  for (const std::string& bytes : {by_length, chunked + "ffffff\r\n", many}) {
    BOOST_TEST(silence_after(bytes, limits).starts_with("HTTP/1.1 413 "), bytes);
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_reaches_a_client_that_still_sends) {
  http::ServerLimits limits;
  limits.body_bytes = 1000;
  with_server(
      hello,
      [](WireServer& server, WireClient& client) -> async::Task<void> {
        http::Request large{"POST", "", {}, std::string(2 * 1024 * 1024, 'x')};
        auto exchanged = co_await client.send(server.url("/"), large, plain);
        BOOST_TEST(exchanged.response.status == 413U);
      },
      limits);
}

BOOST_AUTO_TEST_CASE(slow_requests_are_408) {
  http::ServerLimits limits;
  limits.header_ms = Milliseconds(40);
  limits.body_ms = Milliseconds(40);
  BOOST_TEST(silence_after("GET / HT", limits).starts_with("HTTP/1.1 408 "));
  BOOST_TEST(silence_after("GET / HTTP/1.1\r\nHost: h\r\n", limits).starts_with("HTTP/1.1 408 "));
  BOOST_TEST(silence_after("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab", limits)
                 .starts_with("HTTP/1.1 408 "));
}

BOOST_AUTO_TEST_CASE(a_slow_request_after_an_answered_one_is_408_too) {
  http::ServerLimits limits;
  limits.header_ms = Milliseconds(40);
  std::string heard = silence_after(request + "GET", limits);
  BOOST_TEST(heard.starts_with("HTTP/1.1 200 "));
  BOOST_TEST(heard.find("HTTP/1.1 408 ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_without_a_word) {
  http::ServerLimits limits;
  limits.idle_ms = Milliseconds(50);
  BOOST_TEST(silence_after("", limits) == "");
  BOOST_TEST(silence_after(request, limits).ends_with("\r\n\r\nhello"));
}

BOOST_AUTO_TEST_CASE(a_handler_that_takes_too_long_is_stopped_and_answered_503) {
  http::ServerLimits limits;
  limits.handle_ms = Milliseconds(50);
  bool stopped = false;
  auto handler = [&](http::Request, http::Peer) -> async::Task<http::Reply> {
    async::RealClock clock;
    try {
      co_await clock.sleep_for(Milliseconds(5'000));
    } catch (...) {
      stopped = true;
      throw;
    }
    co_return http::Reply{};
  };
  with_server(
      handler,
      [&](WireServer& server, WireClient& client) -> async::Task<void> {
        auto exchanged = co_await client.get(server.url("/slow?x"));
        BOOST_TEST(exchanged.response.status == 503U);
        BOOST_TEST(stopped);
        BOOST_TEST(server.reports.at(0).starts_with("GET /slow: the handler was stopped"));
      },
      limits);
}

BOOST_AUTO_TEST_CASE(a_peer_that_does_not_read_is_dropped) {
  http::ServerLimits limits;
  limits.write_ms = Milliseconds(60);
  auto handler = [](http::Request, http::Peer) -> async::Task<http::Reply> {
    co_return http::json_reply(200, std::string(30 * 1024 * 1024, 'x'));
  };
  with_server(
      handler,
      [](WireServer& server, WireClient&) -> async::Task<void> {
        auto connection = co_await server.connect();
        co_await connection->write(request);
        BOOST_TEST(co_await eventually([&] { return server.server().connections() == 1; }));
        BOOST_TEST(co_await eventually([&] { return server.server().connections() == 0; }));
      },
      limits);
}

BOOST_AUTO_TEST_CASE(at_the_limit_the_longest_idle_connection_makes_room) {
  http::ServerLimits limits;
  limits.connections = 2;
  with_server(
      hello,
      [](WireServer& server, WireClient& client) -> async::Task<void> {
        std::vector<std::unique_ptr<async::Connection>> open;
        for (int count = 0; count < 4; ++count) {
          open.push_back(co_await server.connect());
          co_await open.back()->write(request);
          co_await read_until(*open.back(), "hello");
          co_await client.clock().sleep_for(Milliseconds(2));
        }
        BOOST_TEST(co_await eventually([&] { return server.server().connections() == 2; }));
        std::string oldest = co_await read_to_end(*open[0]);
        BOOST_TEST(oldest == "");
        co_await open[3]->write(request);
        co_await read_until(*open[3], "hello");
      },
      limits);
}

BOOST_AUTO_TEST_CASE(half_requests_do_not_keep_others_out) {
  http::ServerLimits limits;
  limits.connections = 2;
  limits.undisturbed_ms = Milliseconds(50);
  with_server(
      hello,
      [](WireServer& server, WireClient& client) -> async::Task<void> {
        std::vector<std::unique_ptr<async::Connection>> slow;
        for (int count = 0; count < 2; ++count) {
          slow.push_back(co_await server.connect());
          co_await slow.back()->write("GET / HTTP/1.1\r\nHost: a");
          co_await client.clock().sleep_for(Milliseconds(2));
        }
        auto too_early = co_await server.connect();
        BOOST_TEST(co_await read_to_end(*too_early) == "");
        co_await client.clock().sleep_for(Milliseconds(60));
        auto honest = co_await server.connect();
        co_await honest->write(request);
        co_await read_until(*honest, "hello");
        BOOST_TEST(co_await read_to_end(*slow[0]) == "");
      },
      limits);
}

BOOST_AUTO_TEST_CASE(when_all_connections_are_at_work_a_new_one_is_closed) {
  http::ServerLimits limits;
  limits.connections = 1;
  auto handler = [](http::Request, http::Peer) -> async::Task<http::Reply> {
    async::RealClock clock;
    co_await clock.sleep_for(Milliseconds(100));
    co_return http::json_reply(200, "hello");
  };
  with_server(
      handler,
      [](WireServer& server, WireClient& client) -> async::Task<void> {
        auto first = co_await server.connect();
        co_await first->write(request);
        co_await client.clock().sleep_for(Milliseconds(10));
        auto second = co_await server.connect();
        std::string heard = co_await read_to_end(*second);
        BOOST_TEST(heard == "");
        co_await read_until(*first, "hello");
      },
      limits);
}

BOOST_AUTO_TEST_SUITE_END()
