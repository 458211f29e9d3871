#include "daemon/public_door.hpp"

#include <boost/test/unit_test.hpp>

#include "daemon/outlive.hpp"
#include "storage/engine.hpp"
#include "storage/pool.hpp"
#include "tests/support/simulation.hpp"

using namespace tidemark;

namespace {

using Thrower = void (*)();

// A door before one route that may throw.
struct DoorRoom {
  http::Response ask(const std::string& method, const std::string& target,
                     const std::string& host = "tidemark.test", http::Headers headers = {}) {
    http::Reply reply;
    simulation.run([&]() -> async::Task<void> {
      http::Request request;
      request.method = method;
      request.target = target;
      request.headers = std::move(headers);
      if (!host.empty()) request.headers.set("Host", host);
      http::Peer peer;
      peer.address = "192.0.2.1:1";
      reply = co_await handler(std::move(request), std::move(peer));
    });
    return reply.response;
  }

  test::Simulation simulation{test::test_seed()};
  daemon::Log log{daemon::LogLevel::error, daemon::LogFormat::text};
  Thrower thrower = nullptr;
  std::string fatal;
  http::Router router{{http::Route{.method = "GET",
                                   .pattern = "/",
                                   .summary = "throws",
                                   .handle = [this](http::Call) -> async::Task<http::Reply> {
                                     if (thrower != nullptr) thrower();
                                     co_return http::Reply{};
                                   }}}};
  daemon::PublicDoor door{router, simulation.clock(),
                          daemon::PublicRules{"http://tidemark.test", {}, {}, 10'000}, log,
                          [this](const std::string& what) { fatal = what; }};
  http::Handler handler{door.handler()};
};

bool is_page(const http::Response& response) {
  return response.headers.find("Content-Type").value_or("").starts_with("text/html") &&
         response.body.find("<h1") != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(public_door, DoorRoom)

BOOST_AUTO_TEST_CASE(what_is_not_there_is_a_page_that_leads_on) {
  const auto missing = ask("GET", "/nothing");
  BOOST_TEST(missing.status == 404u);
  BOOST_TEST(is_page(missing));
  const auto wrong = ask("DELETE", "/");
  BOOST_TEST(wrong.status == 405u);
  BOOST_TEST(wrong.headers.find("Allow").value_or("") == "GET, HEAD");
  BOOST_TEST(is_page(wrong));
  BOOST_TEST(ask("GET", "/%zz").status == 400u);
  BOOST_TEST(ask("GET", "/?x=%00").status == 400u);
}

BOOST_AUTO_TEST_CASE(another_host_is_not_served) {
  for (const char* host :
       {"evil.test", "tidemark.test.evil.test", "", "tidemark.test:81", "localhost"}) {
    BOOST_TEST(ask("GET", "/", host).status == 421u, host);
  }
  BOOST_TEST(ask("GET", "/", "TIDEMARK.test").status == 200u);
}

BOOST_AUTO_TEST_CASE(an_outage_is_a_page_without_detail_and_a_lost_store_ends_the_daemon) {
  thrower = [] { throw storage::PoolFull(); };
  auto answer = ask("GET", "/");
  BOOST_TEST(answer.status == 503u);
  BOOST_TEST(answer.headers.has("Retry-After"));
  thrower = [] { throw daemon::TooMany("arrivals"); };
  BOOST_TEST(ask("GET", "/").status == 503u);
  thrower = [] { throw storage::DiskFull("0 of 64 MB free at /var/lib/tidemark"); };
  answer = ask("GET", "/");
  BOOST_TEST(answer.status == 507u);
  BOOST_TEST(answer.body.find("/var/lib") == std::string::npos);
  BOOST_TEST(fatal.empty());
  thrower = [] { throw storage::StoreError("input/output error"); };
  BOOST_TEST(ask("GET", "/").status == 503u);
  BOOST_TEST(fatal == "input/output error");
}

BOOST_AUTO_TEST_CASE(over_plain_http_no_browser_is_told_to_insist_on_tls) {
  const auto answer = ask("GET", "/");
  BOOST_TEST(!answer.headers.has("Strict-Transport-Security"));
  BOOST_TEST(answer.headers.has("Content-Security-Policy"));
}

BOOST_AUTO_TEST_CASE(what_the_listener_refuses_by_itself_is_a_page_with_our_headers) {
  for (const unsigned status : {400u, 408u, 413u, 431u, 500u, 503u}) {
    http::Reply reply = http::problem(status, "/problems/x", "Title", "Detail");
    door.dress(reply);
    BOOST_TEST(reply.response.status == status);
    BOOST_TEST(is_page(reply.response));
    BOOST_TEST(reply.response.headers.has("Content-Security-Policy"));
    BOOST_TEST(reply.response.headers.find("X-Content-Type-Options").value_or("") == "nosniff");
  }
}

BOOST_AUTO_TEST_CASE(who_asks_a_trusted_proxy_without_tls_is_sent_to_https) {
  daemon::PublicRules rules{"https://tidemark.test", {}, http::TrustedProxies({"192.0.2.1"}), 100};
  daemon::PublicDoor behind{router, simulation.clock(), rules, log, [](const std::string&) {}};
  handler = behind.handler();
  const http::Headers plain{{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "http"}};
  const auto sent = ask("GET", "/?a=b", "tidemark.test", plain);
  BOOST_TEST(sent.status == 307u);
  BOOST_TEST(sent.headers.find("Location").value_or("") == "https://tidemark.test/?a=b");
  // Over TLS browsers send this one: the proxy is wrong, and a circle must not begin.
  http::Headers circle = plain;
  circle.set("Sec-Fetch-Site", "none");
  BOOST_TEST(ask("GET", "/", "tidemark.test", circle).status == 200u);
  http::Headers right = plain;
  right.set("X-Forwarded-Proto", "https");
  BOOST_TEST(ask("GET", "/", "tidemark.test", right).status == 200u);
  BOOST_TEST(ask("GET", "/").status == 200u);
}

BOOST_AUTO_TEST_CASE(an_error_that_nobody_waits_for_ends_the_daemon_when_the_store_is_lost) {
  door.unheard("write", std::make_exception_ptr(storage::DiskFull("no room")));
  door.unheard("write", std::make_exception_ptr(storage::CorruptRecord("a row")));
  door.unheard("sign-in", std::make_exception_ptr(storage::PoolFull()));
  BOOST_TEST(fatal.empty());
  door.unheard("write", std::make_exception_ptr(storage::StoreError("the disk is gone")));
  BOOST_TEST(fatal == "the disk is gone");
}

BOOST_AUTO_TEST_SUITE_END()
