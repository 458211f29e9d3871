#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/http/wire_client.hpp"

using namespace tidemark;
using namespace tidemark::test;

namespace {

http::Response redirect(unsigned status, std::string location) {
  http::Response response;
  response.status = status;
  response.headers.add("Location", std::move(location));
  return response;
}

// Routes: /STATUS/rest goes to /rest; "/end" ends. Notes what was asked.
struct Hops {
  http::Handler handler() {
    return [this](http::Request request, http::Peer) -> async::Task<http::Reply> {
      seen.push_back(request);
      http::Reply reply;
      if (request.target == "/loop") {
        reply.response = redirect(302, "/loop");
      } else if (request.target != "/end") {
        unsigned status = static_cast<unsigned>(std::stoul(request.target.substr(1, 3)));
        reply.response = redirect(status, elsewhere + request.target.substr(4));
      } else {
        reply.response.body = "end";
      }
      co_return reply;
    };
  }
  std::vector<http::Request> seen;
  std::string elsewhere;
};

async::Task<http::Exchanged> follow(WireClient& client, http::Url url, std::string method = "GET") {
  http::Request request{
      method, "", {{"Authorization", "Bearer t"}, {"Cookie", "c"}, {"X", "y"}}, ""};
  http::ExchangeOptions options;
  options.redirects_max = 5;
  return client.send(std::move(url), std::move(request), options);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(client_redirects)

BOOST_AUTO_TEST_CASE(redirects_are_followed_and_told_apart) {
  struct Row {
    const char* path;
    bool permanent;
  };
  for (const Row& row : {Row{"/301/end", true}, Row{"/308/301/end", true}, Row{"/302/end", false},
                         Row{"/307/end", false}, Row{"/301/302/end", false}, Row{"/end", false}}) {
    Hops hops;
    with_server(hops.handler(), [&](WireServer& server, WireClient& client) -> async::Task<void> {
      auto exchanged = co_await follow(client, server.url(row.path));
      BOOST_TEST(exchanged.response.body == "end", row.path);
      BOOST_TEST(exchanged.moved_permanently == row.permanent, row.path);
      BOOST_TEST(exchanged.url.text() == server.url("/end").text());
      // The same origin may see all that it saw before.
      BOOST_TEST(hops.seen.back().headers.has("Authorization"));
    });
  }
}

BOOST_AUTO_TEST_CASE(another_origin_gets_no_secrets) {
  Hops first, second;
  with_server(first.handler(), [&](WireServer& server, WireClient& client) -> async::Task<void> {
    WireServer other(co_await boost::asio::this_coro::executor, second.handler());
    first.elsewhere = other.url("").origin();
    auto exchanged = co_await follow(client, server.url("/302/end"));
    BOOST_TEST(exchanged.response.body == "end");
    const http::Headers& told = second.seen.at(0).headers;
    BOOST_TEST(!told.has("Authorization"));
    BOOST_TEST(!told.has("Cookie"));
    BOOST_TEST(told.find("X").value() == "y");
    auto host = "127.0.0.1:" + other.url("").endpoint.port;
    BOOST_TEST(told.find("Host").value() == host);
    co_await other.stop();
  });
}

BOOST_AUTO_TEST_CASE(a_way_back_does_not_bring_the_secrets_back) {
  Hops first, second;
  with_server(first.handler(), [&](WireServer& server, WireClient& client) -> async::Task<void> {
    WireServer other(co_await boost::asio::this_coro::executor, second.handler());
    first.elsewhere = other.url("").origin();
    second.elsewhere = server.url("").origin();
    co_await follow(client, server.url("/302/302/end"));
    BOOST_TEST(first.seen.size() == 2U);
    BOOST_TEST(!first.seen.back().headers.has("Authorization"));
    co_await other.stop();
  });
}

BOOST_AUTO_TEST_CASE(a_loop_ends_with_the_redirect_as_the_answer) {
  Hops hops;
  with_server(hops.handler(), [&](WireServer& server, WireClient& client) -> async::Task<void> {
    auto exchanged = co_await follow(client, server.url("/loop"));
    BOOST_TEST(exchanged.response.status == 302U);
    BOOST_TEST(hops.seen.size() == 6U);
  });
}

BOOST_AUTO_TEST_CASE(what_may_not_be_followed_is_the_answer) {
  Hops hops;
  with_server(hops.handler(), [&](WireServer& server, WireClient& client) -> async::Task<void> {
    auto post = co_await follow(client, server.url("/307/end"), "POST");
    BOOST_TEST(post.response.status == 307U);
    auto other = co_await follow(client, server.url("/303/end"));
    BOOST_TEST(other.response.status == 303U);
    auto nothing_allowed = co_await client.get(server.url("/301/end"));
    BOOST_TEST(nothing_allowed.response.status == 301U);
    hops.elsewhere = "ftp://127.0.0.1";
    auto not_http = co_await follow(client, server.url("/302/end"));
    BOOST_TEST(not_http.response.status == 302U);
    BOOST_TEST(hops.seen.size() == 4U);
  });
}

BOOST_AUTO_TEST_CASE(https_never_goes_to_http) {
  Hops plain, secure;
  http::ListenOn where = WireServer::local();
  where.tls = test_identity();
  with_server(
      secure.handler(),
      [&](WireServer& server, WireClient& client) -> async::Task<void> {
        WireServer other(co_await boost::asio::this_coro::executor, plain.handler());
        secure.elsewhere = other.url("").origin();
        auto exchanged = co_await follow(client, server.url("/301/end"));
        BOOST_TEST(exchanged.response.status == 301U);
        BOOST_TEST(plain.seen.empty());
        plain.elsewhere = server.url("").origin();
        auto upwards = co_await follow(client, other.url("/301/end"));
        BOOST_TEST(upwards.response.body == "end");
        co_await other.stop();
      },
      {}, where);
}

BOOST_AUTO_TEST_SUITE_END()
