#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "http/client.hpp"
#include "tests/simulators/moment.hpp"
#include "tests/simulators/tests/asking.hpp"
#include "tests/simulators/webhooks.hpp"
#include "tests/support/simulation.hpp"

namespace json = boost::json;
using namespace tidemark::simulators;
namespace async = tidemark::async;
namespace http = tidemark::http;

namespace {

struct Leaving : AskingOpenHumans {
  Leaving() {
    openhumans.settings().deauth_webhook = "https://tidemark.test/openhumans/deauth";
    upload("a.json", "1");
    openhumans.add_file("01234567", "other.json", "2", {}, "direct-sharing-9");
  }
  http::Response leave_page(const std::string& erase = "yes") {
    return visit("/member/me/leave/", {{"erase", erase}});
  }
  bool out() { return get("/api/direct-sharing/project/exchange-member/").status == 401; }
  std::size_t files() { return openhumans.files("01234567").size(); }

  // A project that answers each call with the next status; 0: refuses the connection.
  void deliver(std::vector<unsigned> statuses) {
    tidemark::test::Simulation simulation{tidemark::test::test_seed()};
    http::Client client{
        simulation.executor(), simulation.clock(), simulation.connector(), {}, "test"};
    auto answer = [this, statuses](http::Request request, http::Peer) -> async::Task<http::Reply> {
      http::Reply reply;
      reply.response.status = statuses.at(calls.size());
      calls.push_back(std::move(request));
      co_return reply;
    };
    if (!statuses.empty()) simulation.serve("tidemark.test", answer);
    simulation.run([&]() -> async::Task<void> {
      co_await deliver_webhooks(openhumans, client, simulation.clock());
    });
  }
  std::vector<http::Request> calls;
};

std::string signature_of(const http::Request& call) {
  return std::string(call.headers.find("X-OpenHumans-Webhooks-Signature").value_or("(none)"));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(openhumans_leaving, Leaving)

BOOST_AUTO_TEST_CASE(the_signature_is_the_documented_one) {
  BOOST_TEST(hmac_sha1_hex("abcdefghijklmnop",
                           R"({"project_member_id": "12345678", "erasure_requested": true, )"
                           R"("timestamp": "2020-06-30T20:00:00.000000+00:00"})") ==
             "ebda5c0a38593a4350ad8401b7d8c8f1cd08ec67");
}

BOOST_AUTO_TEST_CASE(erasure_is_told_and_then_the_files_go) {
  BOOST_TEST(leave_page().status == 302u);
  BOOST_TEST(out());
  BOOST_TEST(files() == 1u);
  deliver({204});
  BOOST_REQUIRE(calls.size() == 1u);
  BOOST_TEST(calls[0].method == "POST");
  BOOST_TEST(calls[0].target == "/openhumans/deauth");
  BOOST_TEST(*calls[0].headers.find("Content-Type") == "application/json");
  BOOST_TEST(calls[0].body == R"({"project_member_id": "01234567", "erasure_requested": true, )"
                              R"("timestamp": "2026-01-05T00:00:00.000954+00:00"})");
  BOOST_TEST(signature_of(calls[0]) ==
             "sha1=" + hmac_sha1_hex(openhumans.settings().webhook_secret, calls[0].body));
  BOOST_TEST(files() == 0u);
  BOOST_TEST(openhumans.sent_webhooks().at(0).status == 204u);
}

BOOST_AUTO_TEST_CASE(a_refusal_brings_one_more_call_unsigned_and_encoded_twice) {
  leave_page();
  deliver({403, 500});
  BOOST_REQUIRE(calls.size() == 2u);
  BOOST_TEST(signature_of(calls[1]) == "(none)");
  BOOST_TEST(std::string(json::parse(calls[1].body).as_string()) == calls[0].body);
  BOOST_TEST(openhumans.sent_webhooks().at(1).webhook.second);
  BOOST_TEST(files() == 0u);
}

BOOST_AUTO_TEST_CASE(files_stay_when_nobody_takes_the_call) {
  leave_page();
  deliver({});
  BOOST_TEST(openhumans.sent_webhooks().size() == 1u);
  BOOST_TEST(openhumans.sent_webhooks().at(0).status == 0u);
  BOOST_TEST(files() == 1u);
  BOOST_TEST(out());
}

BOOST_AUTO_TEST_CASE(a_plain_leave_calls_nobody_and_shows_an_error) {
  BOOST_TEST(leave_page("no").status == 500u);
  BOOST_TEST(out());
  BOOST_TEST(!openhumans.next_webhook());
  BOOST_TEST(files() == 1u);
  openhumans.settings().deauth_webhook.clear();
  BOOST_TEST(leave_page("no").status == 302u);
}

BOOST_AUTO_TEST_CASE(without_a_webhook_the_files_go_at_once) {
  openhumans.settings().deauth_webhook.clear();
  leave_page();
  BOOST_TEST(out());
  BOOST_TEST(files() == 0u);
}

BOOST_AUTO_TEST_CASE(without_a_secret_nothing_is_signed) {
  openhumans.settings().webhook_secret.clear();
  leave_page();
  deliver({200});
  BOOST_TEST(signature_of(calls.at(0)) == "(none)");
}

BOOST_AUTO_TEST_CASE(who_left_may_come_back_with_the_same_id) {
  leave_page();
  std::string question =
      "/direct-sharing/projects/oauth2/authorize/?client_id=tidemark&response_type=code&"
      "redirect_uri=https://tidemark.test/";
  BOOST_TEST(visit(question).status == 200u);  // no silent way any more
  std::string code = query_field(location_of(visit(question, {{"allow", "yes"}})), "code");
  auto pair =
      parsed(post_form("/oauth2/token/", {{"grant_type", "authorization_code"}, {"code", code}}));
  access = text_at(pair, "/access_token");
  BOOST_TEST(text_at(parsed(get("/api/direct-sharing/project/exchange-member/")),
                     "/project_member_id") == "01234567");
}

BOOST_AUTO_TEST_CASE(a_code_dies_with_the_membership) {
  std::string question =
      "/direct-sharing/projects/oauth2/authorize/?client_id=tidemark&response_type=code&"
      "redirect_uri=https://tidemark.test/";
  std::string code = query_field(location_of(visit(question)), "code");
  leave_page();
  BOOST_TEST(
      post_form("/oauth2/token/", {{"grant_type", "authorization_code"}, {"code", code}}).status ==
      400u);
}

BOOST_AUTO_TEST_CASE(a_member_page_shows_where_one_stands) {
  BOOST_TEST(visit("/member/me/").body.find("name=\"erase\"") != std::string::npos);
  BOOST_TEST(visit("/member/me/", {}, "77").body.find("have not joined") != std::string::npos);
  BOOST_TEST(location_of(visit("/member/me/", {}, "")) == "/account/login/");
}

BOOST_AUTO_TEST_SUITE_END()
