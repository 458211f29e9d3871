#include <boost/test/unit_test.hpp>

#include "tests/http/wire_client.hpp"

using namespace tidemark;
using namespace tidemark::test;
using http::TransportError;
using Step = http::TransportError::Step;

namespace {

const http::ExchangeOptions plain;

// What a GET makes of an answer that is exactly these bytes, followed by the end of the stream.
TransportError failure_of(std::string bytes, http::ClientLimits limits = {}) {
  std::optional<TransportError> failure;
  with_peer(
      answering(std::move(bytes)),
      [&](WirePeer& peer, WireClient& client) -> async::Task<void> {
        failure = co_await client.failure(peer.url("/secret?token=s3cret"), plain);
        BOOST_TEST(client.client().statistics().open == 0U);
      },
      limits);
  BOOST_TEST(std::string(failure->what()).find("s3cret") == std::string::npos);
  return *failure;
}

http::Response answer_of(std::string bytes, std::string method = "GET") {
  http::Response response;
  with_peer(answering(std::move(bytes)),
            [&](WirePeer& peer, WireClient& client) -> async::Task<void> {
              http::Request request;
              request.method = method;
              http::ExchangeOptions options;
              auto exchanged = co_await client.send(peer.url("/"), request, options);
              response = exchanged.response;
            });
  return response;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(client_answers)

BOOST_AUTO_TEST_CASE(a_request_carries_what_servers_need) {
  std::string seen;
  auto script = [&](async::Connection& connection, int) -> async::Task<void> {
    seen = co_await read_request(connection);
    std::string answer = whole_answer("ok");
    co_await connection.write(answer);
  };
  with_peer(script, [&](WirePeer& peer, WireClient& client) -> async::Task<void> {
    http::Request request{"POST", "", {{"X-A", "b"}}, "{\"a\":1}"};
    auto url = peer.url("/graphql?x=%20");
    auto exchanged = co_await client.send(url, request, plain);
    BOOST_TEST(exchanged.response.body == "ok");
    BOOST_TEST(exchanged.url.text() == url.text());
    BOOST_TEST((exchanged.sent <= exchanged.received));
    BOOST_TEST(seen == "POST /graphql?x=%20 HTTP/1.1\r\nHost: 127.0.0.1:" + url.endpoint.port +
                           "\r\nUser-Agent: tidemark-test\r\nAccept-Encoding: gzip, deflate\r\n"
                           "X-A: b\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
  });
}

BOOST_AUTO_TEST_CASE(a_large_body_arrives_whole_in_both_directions) {
  const std::string large(3 * 1024 * 1024, 'x');
  auto script = [&](async::Connection& connection, int) -> async::Task<void> {
    std::string request = co_await read_request(connection);
    std::string answer = whole_answer(request.substr(request.find("\r\n\r\n") + 4));
    co_await connection.write(answer);
  };
  with_peer(script, [&](WirePeer& peer, WireClient& client) -> async::Task<void> {
    http::Request request{"PUT", "", {}, large};
    auto exchanged = co_await client.send(peer.url("/"), request, plain);
    BOOST_TEST((exchanged.response.body == large));
  });
}

BOOST_AUTO_TEST_CASE(every_status_is_a_value) {
  for (int status : {200, 202, 404, 429, 500, 503, 599}) {
    auto response =
        answer_of("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 0\r\n\r\n");
    BOOST_TEST(response.status == static_cast<unsigned>(status));
  }
}

BOOST_AUTO_TEST_CASE(chunks_are_joined_and_trailers_do_not_pose_as_headers) {
  auto response = answer_of(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4;name=value\r\nabcd\r\n3\r\nefg\r\n0\r\nX-RateLimit-Remaining: 5000\r\n\r\n");
  BOOST_TEST(response.body == "abcdefg");
  BOOST_TEST(!response.headers.has("X-RateLimit-Remaining"));
}

BOOST_AUTO_TEST_CASE(a_body_without_length_ends_with_the_connection) {
  BOOST_TEST(answer_of("HTTP/1.0 200 OK\r\n\r\nall of it").body == "all of it");
}

BOOST_AUTO_TEST_CASE(interim_answers_are_skipped) {
  auto response =
      answer_of("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" +
                whole_answer("real"));
  BOOST_TEST(response.status == 200U);
  BOOST_TEST(response.body == "real");
  BOOST_TEST(!response.headers.has("Link"));
}

BOOST_AUTO_TEST_CASE(answers_that_have_no_body_have_none_whatever_they_announce) {
  BOOST_TEST(answer_of("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n").body.empty());
  BOOST_TEST(answer_of("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n").body.empty());
  auto head = answer_of("HTTP/1.1 200 OK\r\nContent-Length: 99000000\r\n\r\n", "HEAD");
  BOOST_TEST(head.body.empty());
  BOOST_TEST(head.headers.find("Content-Length").value() == "99000000");
}

BOOST_AUTO_TEST_CASE(a_cut_answer_is_an_error) {
  for (const char* bytes : {
           "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
           "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n",
           "HTTP/1.1 2",
           "",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n",
           "HTTP/1.1 100 Continue\r\n\r\n",
       }) {
    auto failure = failure_of(bytes);
    BOOST_TEST((failure.step() == Step::read), bytes);
    BOOST_TEST(std::string(failure.what()).find("GET http://127.0.0.1:") == 0U);
  }
}

BOOST_AUTO_TEST_CASE(garbage_is_malformed) {
  for (const char* bytes : {
           "SSH-2.0-OpenSSH_9.2\r\n",
           "HTTP/2 200\r\n\r\n",
           "HTTP/1.1 99 X\r\n\r\n",
           "HTTP/1.1 101 Switching Protocols\r\n\r\n",
           "HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
           "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX\r\n0\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
       }) {
    BOOST_TEST((failure_of(bytes).step() == Step::malformed), bytes);
  }
}

BOOST_AUTO_TEST_CASE(interim_answers_without_end_are_malformed) {
  std::string bytes;
  for (int count = 0; count < 100; ++count) bytes += "HTTP/1.1 102 Processing\r\n\r\n";
  BOOST_TEST((failure_of(bytes).step() == Step::malformed));
}

BOOST_AUTO_TEST_CASE(headers_and_bodies_have_limits) {
  http::ClientLimits limits;
  limits.header_bytes = 2000;
  limits.body_bytes = 100;
  std::string one_line = "HTTP/1.1 200 OK\r\nX: " + std::string(5000, 'x') + "\r\n\r\n";
  std::string many_lines = "HTTP/1.1 200 OK\r\n";
  for (int count = 0; count < 300; ++count) many_lines += "X: 0123456789\r\n";
  std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int count = 0; count < 20; ++count) chunks += "a\r\n0123456789\r\n";
  std::string extension =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + std::string(9000, 'e');
  for (const std::string& bytes :
       {one_line, many_lines + "\r\n", whole_answer(std::string(101, 'x')),
        "HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x'), chunks + "0\r\n\r\n", extension}) {
    BOOST_TEST((failure_of(bytes, limits).step() == Step::too_large), bytes.substr(0, 60));
  }
}

BOOST_AUTO_TEST_CASE(a_body_exactly_at_the_limit_passes) {
  http::ClientLimits limits;
  limits.body_bytes = 100;
  with_peer(
      answering(whole_answer(std::string(100, 'x'))),
      [](WirePeer& peer, WireClient& client) -> async::Task<void> {
        auto exchanged = co_await client.get(peer.url("/"));
        BOOST_TEST(exchanged.response.body.size() == 100U);
      },
      limits);
}

BOOST_AUTO_TEST_CASE(an_exchange_may_set_its_own_body_limit) {
  with_peer(answering(whole_answer("0123456789")),
            [](WirePeer& peer, WireClient& client) -> async::Task<void> {
              http::ExchangeOptions options;
              options.body_bytes_max = 5;
              auto failure = co_await client.failure(peer.url("/"), options);
              BOOST_TEST((failure.step() == Step::too_large));
            });
}

BOOST_AUTO_TEST_CASE(
    a_body_may_be_taken_in_pieces_beyond_every_limit_unless_it_tells_of_a_failure) {
  http::ClientLimits limits;
  limits.body_bytes = 100;
  const std::string large(300'000, 'x');
  for (const bool good : {true, false}) {
    const auto bytes =
        good ? whole_answer(large) : "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno";
    std::string taken;
    std::size_t pieces = 0;
    with_peer(
        answering(bytes),
        [&](WirePeer& peer, WireClient& client) -> async::Task<void> {
          http::ExchangeOptions options;
          options.on_body = [&](std::string_view piece) {
            taken += piece;
            ++pieces;
          };
          auto exchanged = co_await client.send(peer.url("/"), http::Request(), options);
          BOOST_TEST(exchanged.response.body == (good ? "" : "no"));
        },
        limits);
    BOOST_TEST((taken == (good ? large : "")));
    BOOST_TEST((pieces > 1) == good);
  }
}

BOOST_AUTO_TEST_CASE(an_early_refusal_of_a_large_body_is_heard) {
  auto script = [](async::Connection& connection, int) -> async::Task<void> {
    co_await read_until(connection, "\r\n\r\n");
    std::string answer = "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno";
    co_await connection.write(answer);
    // Reads a while before it closes, as servers do that want to be heard.
    char piece[65536];
    for (int count = 0; count < 400; ++count) {
      if (co_await connection.read_some(piece) == 0) break;
    }
  };
  with_peer(script, [](WirePeer& peer, WireClient& client) -> async::Task<void> {
    http::Request request{"PUT", "", {}, std::string(8 * 1024 * 1024, 'x')};
    auto exchanged = co_await client.send(peer.url("/"), request, plain);
    BOOST_TEST(exchanged.response.status == 413U);
  });
}

BOOST_AUTO_TEST_SUITE_END()
