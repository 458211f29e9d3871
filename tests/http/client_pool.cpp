#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/http/wire_client.hpp"

using namespace tidemark;
using namespace tidemark::test;
using async::Milliseconds;
using Step = http::TransportError::Step;

namespace {

// Answers every request on a connection with its number.
WirePeer::Script keeping_alive() {
  return [](async::Connection& connection, int number) -> async::Task<void> {
    std::string answer = whole_answer(std::to_string(number));
    while (true) {
      co_await read_request(connection);
      co_await connection.write(answer);
    }
  };
}

// Serves one request, says nothing of closing, and closes: what a busy server does.
WirePeer::Script closing_after_one() { return answering(whole_answer("once")); }

http::ClientLimits one_connection(Milliseconds queue_ms = Milliseconds(5'000)) {
  http::ClientLimits limits;
  limits.connections_per_endpoint = 1;
  limits.queue_ms = queue_ms;
  return limits;
}

// Exchanges that run at the same time, joined at the end.
class Several {
 public:
  explicit Several(async::Executor executor)
      : tasks_(std::move(executor), 100, [](const std::string&, const std::exception_ptr&) {}) {}
  void start(async::Task<void> task) {
    const bool started = tasks_.spawn("exchange", std::move(task));
    BOOST_REQUIRE(started);
  }
  void cancel() { tasks_.cancel(); }
  async::Task<void> join() { return tasks_.join(); }

 private:
  async::TaskGroup tasks_;
};

async::Task<void> get_into(WireClient& client, http::Url url, std::vector<std::string>& into) {
  auto exchanged = co_await client.get(std::move(url));
  into.push_back(exchanged.response.body);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(client_pool)

BOOST_AUTO_TEST_CASE(a_kept_alive_connection_is_used_again) {
  with_peer(keeping_alive(), [](WirePeer& peer, WireClient& client) -> async::Task<void> {
    for (int count = 0; count < 5; ++count) {
      auto exchanged = co_await client.get(peer.url("/"));
      BOOST_TEST(exchanged.response.body == "0");
    }
    auto statistics = client.client().statistics();
    BOOST_TEST(statistics.connects == 1U);
    BOOST_TEST(statistics.exchanges == 5U);
    BOOST_TEST(statistics.idle == 1U);
    BOOST_TEST(statistics.open == 1U);
    client.client().close();
    BOOST_TEST(client.client().statistics().open == 0U);
  });
}

BOOST_AUTO_TEST_CASE(a_connection_is_not_kept_when_the_answer_says_close) {
  for (const char* headers : {"Connection: close\r\n", "Connection: Close, x\r\n"}) {
    with_peer(answering(whole_answer("x", headers)),
              [](WirePeer& peer, WireClient& client) -> async::Task<void> {
                co_await client.get(peer.url("/"));
                BOOST_TEST(client.client().statistics().open == 0U);
              });
  }
}

BOOST_AUTO_TEST_CASE(a_connection_with_bytes_after_the_answer_is_not_kept) {
  auto script = answering(whole_answer("x") + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
  with_peer(script, [](WirePeer& peer, WireClient& client) -> async::Task<void> {
    for (int count = 0; count < 2; ++count) {
      auto exchanged = co_await client.get(peer.url("/"));
      BOOST_TEST(exchanged.response.body == "x");
    }
    BOOST_TEST(peer.connections() == 2);
  });
}

BOOST_AUTO_TEST_CASE(a_request_that_finds_its_connection_closed_is_sent_once_more) {
  with_peer(closing_after_one(), [](WirePeer& peer, WireClient& client) -> async::Task<void> {
    for (int count = 0; count < 3; ++count) {
      auto exchanged = co_await client.get(peer.url("/"));
      BOOST_TEST(exchanged.response.body == "once");
    }
    BOOST_TEST(client.client().statistics().stale_retries == 2U);
    BOOST_TEST(peer.connections() == 3);
  });
}

BOOST_AUTO_TEST_CASE(a_request_that_is_not_idempotent_avoids_a_closed_connection) {
  with_peer(closing_after_one(), [](WirePeer& peer, WireClient& client) -> async::Task<void> {
    http::Request post{"POST", "", {}, "x"};
    co_await client.send(peer.url("/"), post, {});
    co_await client.clock().sleep_for(Milliseconds(20));
    auto exchanged = co_await client.send(peer.url("/"), post, {});
    BOOST_TEST(exchanged.response.body == "once");
    BOOST_TEST(client.client().statistics().stale_retries == 0U);
  });
}

BOOST_AUTO_TEST_CASE(a_request_that_is_not_idempotent_is_never_sent_twice) {
  // The second request is read and then dropped: the peer may have acted on it.
  int requests = 0;
  auto script = [&](async::Connection& connection, int) -> async::Task<void> {
    std::string answer = whole_answer("x");
    co_await read_request(connection);
    ++requests;
    co_await connection.write(answer);
    co_await read_request(connection);
    ++requests;
  };
  with_peer(script, [&](WirePeer& peer, WireClient& client) -> async::Task<void> {
    co_await client.get(peer.url("/"));
    auto failure = co_await client.failure(peer.url("/"));
    BOOST_TEST((failure.step() == Step::read));
    BOOST_TEST(!failure.before_sending());
    BOOST_TEST(requests == 2);
    BOOST_TEST(peer.connections() == 1);
  });
}

BOOST_AUTO_TEST_CASE(after_the_first_byte_of_an_answer_nothing_is_sent_again) {
  auto script = [](async::Connection& connection, int) -> async::Task<void> {
    std::string answer = whole_answer("x"), start = "HTTP/1.1 200";
    co_await read_request(connection);
    co_await connection.write(answer);
    co_await read_request(connection);
    co_await connection.write(start);
  };
  with_peer(script, [](WirePeer& peer, WireClient& client) -> async::Task<void> {
    co_await client.get(peer.url("/"));
    http::ExchangeOptions options;
    options.idempotent = true;
    auto failure = co_await client.failure(peer.url("/"), options);
    BOOST_TEST((failure.step() == Step::read));
    BOOST_TEST(peer.connections() == 1);
  });
}

BOOST_AUTO_TEST_CASE(an_idle_connection_expires) {
  http::ClientLimits limits;
  limits.idle_connection_ms = Milliseconds(30);
  with_peer(
      keeping_alive(),
      [](WirePeer& peer, WireClient& client) -> async::Task<void> {
        co_await client.get(peer.url("/"));
        co_await client.clock().sleep_for(Milliseconds(50));
        auto exchanged = co_await client.get(peer.url("/"));
        BOOST_TEST(exchanged.response.body == "1");
        BOOST_TEST(client.client().statistics().open == 1U);
      },
      limits);
}

BOOST_AUTO_TEST_CASE(the_number_of_connections_is_bounded_and_waiting_is_in_order) {
  auto limits = one_connection();
  with_peer(
      [](async::Connection& connection, int) -> async::Task<void> {
        while (true) {
          std::string request = co_await read_request(connection);
          std::string answer = whole_answer(request.substr(4, request.find(" HTTP") - 4));
          co_await connection.write(answer);
        }
      },
      [](WirePeer& peer, WireClient& client) -> async::Task<void> {
        Several several(co_await boost::asio::this_coro::executor);
        std::vector<std::string> bodies;
        for (int count = 0; count < 10; ++count) {
          several.start(get_into(client, peer.url("/" + std::to_string(count)), bodies));
        }
        co_await several.join();
        std::vector<std::string> expected;
        for (int count = 0; count < 10; ++count) expected.push_back("/" + std::to_string(count));
        BOOST_TEST(bodies == expected, boost::test_tools::per_element());
        BOOST_TEST(peer.connections() == 1);
        BOOST_TEST(client.client().statistics().waiting == 0U);
      },
      limits);
}

BOOST_AUTO_TEST_CASE(a_wait_for_a_connection_has_its_own_limit) {
  auto limits = one_connection(Milliseconds(40));
  with_peer([](async::Connection& connection,
               int) -> async::Task<void> { co_await read_to_end(connection); },
            [](WirePeer& peer, WireClient& client) -> async::Task<void> {
              Several several(co_await boost::asio::this_coro::executor);
              std::vector<std::string> nothing;
              several.start(get_into(client, peer.url("/"), nothing));
              co_await client.clock().sleep_for(Milliseconds(5));
              auto failure = co_await client.failure(peer.url("/"));
              BOOST_TEST((failure.step() == Step::pool));
              BOOST_TEST(failure.before_sending());
              several.cancel();
              co_await several.join();
              BOOST_TEST(client.client().statistics().open == 0U);
              BOOST_TEST(client.client().statistics().waiting == 0U);
            },
            limits);
}

BOOST_AUTO_TEST_CASE(a_deadline_ends_an_exchange_and_its_connection) {
  auto script = [](async::Connection& connection, int number) -> async::Task<void> {
    std::string start = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                whole = whole_answer("x");
    co_await read_request(connection);
    co_await connection.write(number == 0 ? start : whole);
    co_await read_to_end(connection);
  };
  for (bool tls : {false, true}) {
    std::optional<http::TlsIdentity> identity;
    if (tls) identity = test_identity();
    with_peer(
        script,
        [](WirePeer& peer, WireClient& client) -> async::Task<void> {
          http::ExchangeOptions options;
          options.deadline = async::Deadline::after(client.clock(), Milliseconds(60));
          auto before = client.clock().steady_now();
          auto failure = co_await client.failure(peer.url("/"), options);
          BOOST_TEST((client.clock().steady_now() - before < Milliseconds(1'000)));
          BOOST_TEST((failure.step() == Step::deadline));
          BOOST_TEST(client.client().statistics().open == 0U);
          auto exchanged = co_await client.get(peer.url("/"));
          BOOST_TEST(exchanged.response.body == "x");
        },
        {}, identity);
  }
}

BOOST_AUTO_TEST_CASE(cancellation_at_any_moment_leaves_nothing_half_used) {
  auto script = [](async::Connection& connection, int number) -> async::Task<void> {
    async::RealClock clock;
    std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n",
                body = std::to_string(number);
    body.resize(6, '.');
    while (true) {
      co_await read_request(connection);
      co_await connection.write(head);
      co_await clock.sleep_for(Milliseconds(2));
      co_await connection.write(body);
    }
  };
  auto limits = one_connection();
  with_peer(
      script,
      [](WirePeer& peer, WireClient& client) -> async::Task<void> {
        for (int wait_us = 0; wait_us < 6'000; wait_us += 250) {
          Several several(co_await boost::asio::this_coro::executor);
          std::vector<std::string> bodies;
          for (int count = 0; count < 3; ++count) {
            several.start(get_into(client, peer.url("/"), bodies));
          }
          auto until = client.clock().steady_now() + std::chrono::microseconds(wait_us);
          co_await client.clock().sleep_until(until);
          several.cancel();
          co_await several.join();
          BOOST_TEST(client.client().statistics().waiting == 0U);
          BOOST_TEST(client.client().statistics().open <= 1U);
          auto exchanged = co_await client.get(peer.url("/"));
          BOOST_TEST(exchanged.response.body.size() == 6U);
        }
      },
      limits);
}

BOOST_AUTO_TEST_CASE(idle_connections_are_bounded_over_all_endpoints) {
  http::ClientLimits limits;
  limits.idle_connections = 1;
  with_peer(
      keeping_alive(),
      [](WirePeer& peer, WireClient& client) -> async::Task<void> {
        WirePeer other(co_await boost::asio::this_coro::executor, keeping_alive());
        co_await client.get(peer.url("/"));
        co_await client.get(other.url("/"));
        BOOST_TEST(client.client().statistics().idle == 1U);
        co_await client.get(other.url("/"));
        BOOST_TEST(other.connections() == 1);
        co_await client.get(peer.url("/"));
        BOOST_TEST(peer.connections() == 2);
        co_await other.stop();
      },
      limits);
}

BOOST_AUTO_TEST_SUITE_END()
