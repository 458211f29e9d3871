// One address cannot take all connections; nothing that comes slowly or without end is kept.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "http/router.hpp"
#include "tests/http/wire_client.hpp"

using namespace tidemark;
using namespace tidemark::test;
using async::Milliseconds;

namespace {

async::Task<http::Reply> hello(http::Request, http::Peer) {
  co_return http::json_reply(200, "hello");
}

const std::string request = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

// A client at an address of our choice; never waits, so that the server runs on the same thread.
class Caller {
 public:
  Caller(const std::string& from, std::uint16_t port)
      : number_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in own = address_of(from, 0);
    sockaddr_in server = address_of("127.0.0.1", port);
    BOOST_REQUIRE(::bind(number_, reinterpret_cast<sockaddr*>(&own), sizeof(own)) == 0);
    BOOST_REQUIRE(::connect(number_, reinterpret_cast<sockaddr*>(&server), sizeof(server)) == 0);
  }
  ~Caller() { ::close(number_); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  void say(const std::string& text) const {
    (void)::send(number_, text.data(), text.size(), MSG_NOSIGNAL);
  }
  // Reads what is there; true at the end of the stream.
  bool ended() {
    char bytes[4'096];
    for (;;) {
      const ssize_t count = ::recv(number_, bytes, sizeof(bytes), MSG_DONTWAIT);
      if (count < 0) return errno != EAGAIN;
      if (count == 0) return true;
      heard_.append(bytes, static_cast<std::size_t>(count));
    }
  }
  [[nodiscard]] const std::string& heard() const { return heard_; }

 private:
  static sockaddr_in address_of(const std::string& text, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    BOOST_REQUIRE(::inet_pton(AF_INET, text.c_str(), &address.sin_addr) == 1);
    return address;
  }
  int number_;
  std::string heard_;
};

// One request from there, and the whole answer; empty when the connection was closed.
async::Task<std::string> answer_to(std::string from, std::uint16_t port) {
  Caller caller(from, port);
  caller.say(request);
  const std::function<bool()> ended = [&] { return caller.ended(); };
  BOOST_TEST(co_await eventually(ended));
  co_return caller.heard();
}

http::ServerLimits per_address(std::size_t connections) {
  http::ServerLimits limits;
  limits.connections_per_address = connections;
  return limits;
}

// Sends a piece every few milliseconds until the server has enough of it.
async::Task<std::string> drip(async::Connection& connection, async::Clock& clock, std::string first,
                              std::string piece) {
  co_await connection.write(first);
  for (int count = 0; count < 400; ++count) {
    bool gone = false;
    try {
      co_await connection.write(piece);
    } catch (const boost::system::system_error&) {
      gone = true;
    }
    if (gone || !connection.quiet()) break;
    co_await clock.sleep_for(Milliseconds(4));
  }
  co_return co_await read_to_end(connection);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_per_address)

BOOST_AUTO_TEST_CASE(slow_connections_of_one_address_leave_room_for_another) {
  with_server(
      hello,
      [](WireServer& server, WireClient&) -> async::Task<void> {
        const std::uint16_t port = server.server().port();
        std::vector<std::unique_ptr<Caller>> slow;
        for (int count = 0; count < 300; ++count) {
          slow.push_back(std::make_unique<Caller>("127.0.0.2", port));
          slow.back()->say("GET / HTT");
        }
        const auto closed = [&] {
          return std::ranges::count_if(slow, [](const auto& caller) { return caller->ended(); });
        };
        BOOST_TEST(co_await eventually([&] { return closed() == 280; }));
        BOOST_TEST(server.server().connections() == 20U);
        const std::string other = co_await answer_to("127.0.0.3", port);
        BOOST_TEST(other.ends_with("hello"));
        const std::string same = co_await answer_to("127.0.0.2", port);
        BOOST_TEST(same == "");

        // As soon as it lets go, it is served again.
        slow.clear();
        BOOST_TEST(co_await eventually([&] { return server.server().connections() == 0; }));
        const std::string again = co_await answer_to("127.0.0.2", port);
        BOOST_TEST(again.ends_with("hello"));
      },
      per_address(20));
}

BOOST_AUTO_TEST_CASE(one_more_of_the_same_address_costs_no_other_its_connection) {
  http::ServerLimits limits = per_address(1);
  limits.connections = 2;
  with_server(
      hello,
      [](WireServer& server, WireClient&) -> async::Task<void> {
        const std::uint16_t port = server.server().port();
        Caller resting("127.0.0.2", port);
        Caller greedy("127.0.0.3", port);
        BOOST_TEST(co_await eventually([&] { return server.server().connections() == 2; }));
        Caller more("127.0.0.3", port);
        BOOST_TEST(co_await eventually([&] { return more.ended(); }));
        BOOST_TEST(!resting.ended());
        BOOST_TEST(!greedy.ended());
      },
      limits);
}

BOOST_AUTO_TEST_CASE(an_exempt_address_is_asked_without_its_port_and_not_counted) {
  http::ServerLimits limits = per_address(1);
  std::vector<std::string> asked;
  limits.exempt = [&asked](const std::string& address) {
    asked.push_back(address);
    return address == "127.0.0.2";
  };
  with_server(
      hello,
      [&](WireServer& server, WireClient&) -> async::Task<void> {
        const std::uint16_t port = server.server().port();
        Caller one("127.0.0.2", port);
        Caller two("127.0.0.2", port);
        BOOST_TEST(co_await eventually([&] { return server.server().connections() == 2; }));
        const std::string third = co_await answer_to("127.0.0.2", port);
        BOOST_TEST(third.ends_with("hello"));
        Caller four("127.0.0.3", port);
        const std::string fifth = co_await answer_to("127.0.0.3", port);
        BOOST_TEST(fifth == "");
      },
      limits);
  BOOST_TEST(asked == std::vector<std::string>(
                          {"127.0.0.2", "127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.3"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_unix_socket_has_no_addresses_to_count) {
  http::ListenOn where;
  where.address = temporary_path("uncounted.sock");
  with_server(
      hello,
      [](WireServer& server, WireClient&) -> async::Task<void> {
        std::vector<std::unique_ptr<async::Connection>> open;
        for (int count = 0; count < 3; ++count) open.push_back(co_await server.connect());
        BOOST_TEST(co_await eventually([&] { return server.server().connections() == 3; }));
      },
      per_address(1), where);
}

BOOST_AUTO_TEST_CASE(a_handshake_that_never_comes_gives_its_place_back) {
  http::ServerLimits limits = per_address(1);
  limits.header_ms = Milliseconds(60);
  http::ListenOn where = WireServer::local();
  where.tls = test_identity();
  with_server(
      hello,
      [](WireServer& server, WireClient& client) -> async::Task<void> {
        Caller silent("127.0.0.1", server.server().port());
        BOOST_TEST(co_await eventually([&] { return server.server().connections() == 1; }));
        BOOST_TEST(co_await eventually([&] { return silent.ended(); }));
        auto exchanged = co_await client.get(server.url("/"));
        BOOST_TEST(exchanged.response.status == 200U);
      },
      limits, where);
}

BOOST_AUTO_TEST_CASE(a_request_that_drips_is_408_however_steadily) {
  http::ServerLimits limits;
  limits.header_ms = Milliseconds(80);
  limits.body_ms = Milliseconds(80);
  with_server(
      hello,
      [](WireServer& server, WireClient& client) -> async::Task<void> {
        const std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";
        const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
        struct Row {
          std::string first, piece;
        };
        const std::vector<Row> rows = {{head, "X: y\r\n"},
                                       {head + "Content-Length: 100000\r\n\r\n", "x"},
                                       {chunked, "1\r\nx\r\n"},
                                       {chunked + "0\r\n", "X: y\r\n"}};
        for (const Row& row : rows) {
          auto connection = co_await server.connect();
          const std::string heard =
              co_await drip(*connection, client.clock(), row.first, row.piece);
          BOOST_TEST(heard.starts_with("HTTP/1.1 408 "), row.piece << ": " << heard);
        }
      },
      limits);
}

BOOST_AUTO_TEST_CASE(what_has_no_end_is_refused_before_it_fills_memory) {
  http::ServerLimits limits;
  limits.header_bytes = 2'000;
  limits.body_bytes = 2'000;
  limits.body_ms = Milliseconds(100);
  with_server(
      hello,
      [](WireServer& server, WireClient&) -> async::Task<void> {
        const std::string chunked =
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
        std::string trailers = chunked + "0\r\n";
        for (int count = 0; count < 2'000; ++count) trailers += "X: 0123456789\r\n";
        for (const std::string& bytes :
             {chunked + "1;x=" + std::string(30'000, 'x'), chunked + std::string(30'000, '0'),
              trailers, chunked + "0\r\nX: " + std::string(30'000, 'x')}) {
          const std::string heard = co_await server.converse(bytes);
          BOOST_TEST(heard.starts_with("HTTP/1.1 4"), bytes.substr(60, 40) << ": " << heard);
        }
      },
      limits);
}

BOOST_AUTO_TEST_SUITE_END()
