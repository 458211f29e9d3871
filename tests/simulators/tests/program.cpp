#include "tests/simulators/program.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "http/client.hpp"
#include "http/net.hpp"
#include "tests/simulators/tests/asking.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/this_coro.hpp>

namespace json = boost::json;
using namespace tidemark::simulators;
namespace async = tidemark::async;
namespace http = tidemark::http;

namespace {

// The program on real sockets.
struct Running {
  static Program::Options options() {
    Program::Options options;
    options.commits = TIDEMARK_SOURCE_DIR "/tests/simulators/tests/commits.ndjson";
    options.members = {"00000001:u1:gho_given:access-given:refresh-given"};
    options.people = {"00000008", "00000009:Nora"};
    options.busiest = true;
    options.window_s = 0.5;
    return options;
  }

  http::Request request(const std::string& method, std::string body = {}) const {
    http::Request made{method, "", {}, std::move(body)};
    if (!made.body.empty() && method == "POST")
      made.headers.set("Content-Type", "application/json");
    return made;
  }

  Program program{options()};
  json::value greeting = json::parse(program.greeting());
  std::thread thread{[this] { program.run(); }};
  ~Running() {
    program.stop();
    thread.join();
  }
};

async::Task<http::Response> exchange(http::Client& client, std::string url, http::Request request,
                                     std::string token) {
  http::Url parsed_url = *http::parse_url(url);
  request.target = parsed_url.target;
  if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
  http::Exchanged answer =
      co_await client.exchange(std::move(parsed_url), std::move(request), http::ExchangeOptions{});
  co_return std::move(answer.response);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(program_on_sockets, Running)

BOOST_AUTO_TEST_CASE(the_greeting_names_addresses_and_members) {
  BOOST_TEST(text_at(greeting, "/github").starts_with("http://127.0.0.1:"));
  BOOST_TEST(text_at(greeting, "/members/0/github_token") == "gho_given");
  BOOST_TEST(text_at(greeting, "/members/1/login") == "u2");
  BOOST_TEST(text_at(greeting, "/openhumans_webhook_secret") == "simulated-webhook-secret");
  BOOST_TEST(!text_at(greeting, "/members/1/openhumans_refresh").empty());
}

BOOST_AUTO_TEST_CASE(a_member_can_be_synced_over_sockets) {
  std::string github = text_at(greeting, "/github");
  std::string openhumans = text_at(greeting, "/openhumans") + "/api/direct-sharing/project/";
  tidemark::test::run([&]() -> async::Task<void> {
    async::Executor executor = co_await boost::asio::this_coro::executor;
    async::RealClock clock;
    http::TlsTrust trust;
    auto connector = http::make_connector(executor, clock, trust);
    http::ClientLimits limits;
    http::Client client(executor, clock, *connector, limits, "test");
    http::Response user = co_await exchange(client, github + "/user", request("GET"), "gho_given");
    BOOST_TEST(text_at(parsed(user), "/login") == "u1");
    json::object wanted{{"filename", "a.json"}, {"metadata", R"({"description":"","tags":[]})"}};
    http::Request registering = request("POST", json::serialize(wanted));
    http::Response made = co_await exchange(client, openhumans + "files/upload/direct/",
                                            std::move(registering), "access-given");
    BOOST_TEST(made.status == 201u);
    std::string put_url = text_at(parsed(made), "/url");
    http::Response put = co_await exchange(client, put_url, request("PUT", "weeks"), "");
    BOOST_TEST(put.status == 200u);
    http::Request completing = request("POST", R"({"file_id":1})");
    http::Response done = co_await exchange(client, openhumans + "files/upload/complete/",
                                            std::move(completing), "access-given");
    BOOST_TEST(number_at(parsed(done), "/size") == 5);
    std::string admin = text_at(greeting, "/admin");
    http::Response files = co_await exchange(client, admin + "/files/00000001", request("GET"), "");
    BOOST_TEST(text_at(parsed(files), "/files/0/text") == "weeks");
    client.close();
  });
}

BOOST_AUTO_TEST_CASE(people_are_asked_who_they_are_by_name) {
  std::string login = text_at(greeting, "/openhumans") + "/account/login/";
  tidemark::test::run([&]() -> async::Task<void> {
    async::Executor executor = co_await boost::asio::this_coro::executor;
    async::RealClock clock;
    http::TlsTrust trust;
    auto connector = http::make_connector(executor, clock, trust);
    http::ClientLimits limits;
    http::Client client(executor, clock, *connector, limits, "test");
    http::Response page = co_await exchange(client, login, request("GET"), "");
    BOOST_TEST(page.body.find("value=\"00000008\">00000008</button>") != std::string::npos);
    BOOST_TEST(page.body.find("value=\"00000009\">Nora</button>") != std::string::npos);
    client.close();
  });
}

BOOST_AUTO_TEST_CASE(webhooks_are_sent_over_sockets) {
  // A project that refuses: any path that GitHub does not know.
  std::string refusing = text_at(greeting, "/github") + "/deauth";
  std::string admin = text_at(greeting, "/admin");
  tidemark::test::run([&]() -> async::Task<void> {
    async::Executor executor = co_await boost::asio::this_coro::executor;
    async::RealClock clock;
    http::TlsTrust trust;
    auto connector = http::make_connector(executor, clock, trust);
    http::ClientLimits limits;
    http::Client client(executor, clock, *connector, limits, "test");
    std::string settings = json::serialize(json::object{{"deauth_webhook", refusing}});
    co_await exchange(client, admin + "/settings", request("POST", settings), "");
    co_await exchange(client, admin + "/tokens",
                      request("POST", R"({"openhumans_erase":"00000001"})"), "");
    json::value sent;
    for (int tries = 0; tries < 500 && (tries == 0 || sent.as_array().size() < 2); ++tries) {
      co_await clock.sleep_for(async::Milliseconds(10));
      http::Response ledger = co_await exchange(client, admin + "/ledger", request("GET"), "");
      sent = parsed(ledger).at("webhooks");
    }
    BOOST_TEST(number_at(sent, "/0/status") == 404);
    BOOST_TEST(sent.at_pointer("/1/second").as_bool());
    client.close();
  });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(the_program_ends_by_itself_after_the_time_given) {
  Program::Options options;
  options.stop_after_s = 0.01;
  Program program(std::move(options));
  program.run();
  BOOST_TEST(!program.greeting().empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_member_is_refused_before_anything_starts) {
  Program::Options options;
  options.members = {"1"};
  BOOST_CHECK_THROW(Program{options}, std::invalid_argument);
}
