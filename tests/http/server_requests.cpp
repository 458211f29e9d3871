#include <boost/test/unit_test.hpp>

#include "http/router.hpp"
#include "tests/http/wire_client.hpp"

using namespace tidemark;
using namespace tidemark::test;

namespace {

// Tells what it was asked.
async::Task<http::Reply> echo(http::Request request, http::Peer) {
  http::Reply reply;
  reply.response.headers.add("Content-Type", "text/plain");
  reply.response.body = request.method + " " + request.target + " " + request.body;
  co_return reply;
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// All that comes back for these bytes, whatever is in them.
std::string reply_to(const std::string& bytes, http::ServerLimits limits = {}) {
  std::string replied;
  with_server(
      echo,
      [&](WireServer& server, WireClient&) -> async::Task<void> {
        replied = co_await server.converse(bytes);
        BOOST_TEST(server.reports.empty());
        BOOST_TEST(co_await eventually([&] { return server.server().connections() == 0; }));
      },
      limits);
  return replied;
}

const std::string ending = "GET /end HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(server_requests)

BOOST_AUTO_TEST_CASE(an_answer_has_a_length_and_ends_with_the_connection_when_asked) {
  BOOST_TEST(reply_to(ending) ==
             "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n"
             "Connection: close\r\n\r\nGET /end ");
}

BOOST_AUTO_TEST_CASE(an_absolute_address_means_its_path_and_its_host_whatever_the_header_says) {
  auto tell_host = [](http::Request request, http::Peer) -> async::Task<http::Reply> {
    http::Reply reply;
    reply.response.body = std::string(request.headers.find("Host").value()) + request.target;
    co_return reply;
  };
  with_server(tell_host, [](WireServer& server, WireClient&) -> async::Task<void> {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"http://evil.example/v1/a%2Fb?c=d", "evil.example/v1/a%2Fb?c=d"},
        {"HTTP://[::1]:7410/v1", "[::1]:7410/v1"},
        {"https://h:8443", "h:8443/"},
        {"http://h?x=1", "h/?x=1"},
        {"http://user@h/v1", "localhosthttp://user@h/v1"},
        {"*", "localhost*"}};
    for (const auto& [target, told] : cases) {
      const std::string replied = co_await server.converse(
          "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      BOOST_TEST(replied.ends_with("\r\n\r\n" + told), replied);
    }
  });
}

BOOST_AUTO_TEST_CASE(requests_in_one_packet_are_answered_in_order) {
  std::string bytes;
  for (int count = 0; count < 50; ++count) {
    bytes +=
        "POST /" + std::to_string(count) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi";
  }
  std::string replied = reply_to(bytes + ending);
  std::size_t at = 0;
  for (int count = 0; count < 50; ++count) {
    at = replied.find("POST /" + std::to_string(count) + " hi", at);
    BOOST_REQUIRE(at != std::string::npos);
  }
  BOOST_TEST(replied.ends_with("GET /end "));
}

BOOST_AUTO_TEST_CASE(a_request_may_come_byte_by_byte) {
  with_server(echo, [](WireServer& server, WireClient& client) -> async::Task<void> {
    auto connection = co_await server.connect();
    for (char byte :
         "PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close"
         "\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n" +
             std::string()) {
      co_await connection->write(std::string_view(&byte, 1));
      if (byte == '\n') co_await client.clock().sleep_for(async::Milliseconds(1));
    }
    std::string replied = co_await read_to_end(*connection);
    BOOST_TEST(replied.ends_with("PUT /a abc"));
  });
}

BOOST_AUTO_TEST_CASE(an_empty_line_between_requests_is_forgiven) {
  BOOST_TEST(reply_to("\r\n" + ending).starts_with("HTTP/1.1 200"));
}

BOOST_AUTO_TEST_CASE(head_is_answered_without_the_body_but_with_its_length) {
  std::string replied = reply_to("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n" + ending);
  BOOST_TEST(replied.find("Content-Length: 8\r\n\r\nHTTP/1.1 200 OK") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(http_1_0_closes_unless_asked_to_stay) {
  std::string one = "GET /1 HTTP/1.0\r\n\r\n";
  BOOST_TEST(count_of(reply_to(one + one), "HTTP/1.1 200") == 1U);
  std::string stay = "GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  BOOST_TEST(count_of(reply_to(stay + one), "HTTP/1.1 200") == 2U);
}

BOOST_AUTO_TEST_CASE(a_client_that_asks_first_is_told_to_go_on) {
  with_server(echo, [](WireServer& server, WireClient&) -> async::Task<void> {
    auto connection = co_await server.connect();
    std::string head =
        "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n"
        "Connection: close\r\n\r\n";
    co_await connection->write(head);
    std::string interim = co_await read_until(*connection, "\r\n\r\n");
    BOOST_TEST(interim == "HTTP/1.1 100 Continue\r\n\r\n");
    co_await connection->write("abc");
    std::string replied = co_await read_to_end(*connection);
    BOOST_TEST(replied.ends_with("PUT / abc"));
  });
}

BOOST_AUTO_TEST_CASE(a_client_that_asks_first_for_too_much_is_not_told_to_go_on) {
  std::string replied = reply_to(
      "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
  BOOST_TEST(replied.starts_with("HTTP/1.1 413"));
  BOOST_TEST(count_of(replied, "HTTP/1.1") == 1U);
}

BOOST_AUTO_TEST_CASE(malformed_requests_are_refused_and_end_the_connection) {
  for (const char* bytes : {
           "GET\r\n\r\n",
           "GET / HTTP/3.0\r\nHost: h\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: h\r\nBad Header: x\r\n\r\n",
           "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0",
           "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0",
           "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
           "\x16\x03\x01\x02\x01\x01\xfc\x03\x03",
       }) {
    std::string replied = reply_to(std::string(bytes) + ending);
    BOOST_TEST(replied.starts_with("HTTP/1.1 400 Bad Request\r\n"), bytes);
    BOOST_TEST(replied.find("Connection: close\r\n") != std::string::npos, bytes);
    BOOST_TEST(replied.find("\"type\":\"/problems/malformed-request\"") != std::string::npos);
    // Nothing after it may be taken for a request.
    BOOST_TEST(count_of(replied, "HTTP/1.1 ") == 1U, bytes);
  }
}

BOOST_AUTO_TEST_CASE(trailers_do_not_pose_as_headers) {
  auto handler = [](http::Request request, http::Peer) -> async::Task<http::Reply> {
    bool fooled = request.headers.has("Authorization");
    co_return http::json_reply(fooled ? 500 : 200, request.body);
  };
  with_server(handler, [](WireServer& server, WireClient&) -> async::Task<void> {
    std::string replied = co_await server.converse(
        "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\nok\r\n0\r\nAuthorization: Bearer x\r\n\r\n");
    BOOST_TEST(replied.starts_with("HTTP/1.1 200"));
    BOOST_TEST(replied.ends_with("ok"));
  });
}

BOOST_AUTO_TEST_CASE(a_failing_handler_is_a_500_without_detail_and_is_reported) {
  auto handler = [](http::Request request, http::Peer) -> async::Task<http::Reply> {
    if (request.target == "/odd") throw 42;
    throw std::runtime_error("the secret reason");
  };
  with_server(handler, [](WireServer& server, WireClient& client) -> async::Task<void> {
    for (const char* target : {"/x?token=t", "/odd"}) {
      auto exchanged = co_await client.get(server.url(target));
      BOOST_TEST(exchanged.response.status == 500U);
      BOOST_TEST(exchanged.response.headers.find("Content-Type").value() ==
                 "application/problem+json");
      BOOST_TEST(exchanged.response.body.find("secret") == std::string::npos);
    }
    BOOST_TEST(server.reports.at(0) == "GET /x: the secret reason");
    BOOST_TEST(server.reports.size() == 2U);
    BOOST_TEST(client.client().statistics().connects == 1U);
  });
}

BOOST_AUTO_TEST_CASE(a_reply_cannot_inject_headers) {
  auto handler = [](http::Request, http::Peer) -> async::Task<http::Reply> {
    http::Reply reply;
    reply.response.headers.add("Location", "/x\r\nSet-Cookie: session=evil");
    co_return reply;
  };
  with_server(handler, [](WireServer& server, WireClient& client) -> async::Task<void> {
    auto exchanged = co_await client.get(server.url("/"));
    BOOST_TEST(exchanged.response.status == 500U);
    BOOST_TEST(!exchanged.response.headers.has("Set-Cookie"));
    BOOST_TEST(server.reports.at(0).find("Location") != std::string::npos);
  });
}

BOOST_AUTO_TEST_CASE(a_peer_is_known_by_its_address) {
  std::string seen;
  auto handler = [&](http::Request, http::Peer peer) -> async::Task<http::Reply> {
    seen = peer.address;
    BOOST_TEST(!peer.user_id.has_value());
    co_return http::Reply{};
  };
  with_server(handler, [&](WireServer& server, WireClient& client) -> async::Task<void> {
    co_await client.get(server.url("/"));
    BOOST_TEST(seen.starts_with("127.0.0.1:"));
  });
}

BOOST_AUTO_TEST_CASE(large_answers_arrive_whole_with_and_without_tls) {
  const std::string large(5 * 1024 * 1024, 'y');
  auto handler = [&](http::Request, http::Peer) -> async::Task<http::Reply> {
    co_return http::json_reply(200, large);
  };
  for (bool tls : {false, true}) {
    http::ListenOn where = WireServer::local();
    if (tls) where.tls = test_identity();
    with_server(
        handler,
        [&](WireServer& server, WireClient& client) -> async::Task<void> {
          auto exchanged = co_await client.get(server.url("/"));
          BOOST_TEST((exchanged.response.body == large));
        },
        {}, where);
  }
}

BOOST_AUTO_TEST_SUITE_END()
