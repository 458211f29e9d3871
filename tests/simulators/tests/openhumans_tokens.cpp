#include <boost/test/unit_test.hpp>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/tests/asking.hpp"

using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

struct Tokens : AskingOpenHumans {
  http::Response refresh_with(const std::string& text, bool with_client = true) {
    return post_form("/oauth2/token/", {{"grant_type", "refresh_token"}, {"refresh_token", text}},
                     with_client);
  }
  unsigned status() { return get("/api/direct-sharing/project/exchange-member/").status; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(openhumans_tokens, Tokens)

BOOST_AUTO_TEST_CASE(a_refresh_kills_both_old_tokens_at_once) {
  BOOST_TEST(status() == 200u);
  http::Response answer = refresh_with(refresh);
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(*answer.headers.find("Cache-Control") == "no-store");
  BOOST_TEST(number_at(parsed(answer), "/expires_in") == 36000);
  http::Response dead = get("/api/direct-sharing/project/exchange-member/");
  BOOST_TEST(dead.status == 401u);
  BOOST_TEST(text_at(parsed(dead), "/detail") == "Invalid token.");
  access = text_at(parsed(answer), "/access_token");
  BOOST_TEST(status() == 200u);
}

BOOST_AUTO_TEST_CASE(a_dead_refresh_token_harms_nothing) {
  access = text_at(parsed(refresh_with(refresh)), "/access_token");
  http::Response lost = refresh_with(refresh);
  BOOST_TEST(lost.status == 400u);
  BOOST_TEST(text_at(parsed(lost), "/error") == "invalid_grant");
  BOOST_TEST(status() == 200u);
  openhumans.settings().invalid_grant_status = 401;
  BOOST_TEST(refresh_with(refresh).status == 401u);
}

BOOST_AUTO_TEST_CASE(a_lost_race_may_bring_the_winners_pair) {
  openhumans.settings().same_pair_ms = 50;
  std::string won = text_at(parsed(refresh_with(refresh)), "/refresh_token");
  now_ms += 20;
  BOOST_TEST(text_at(parsed(refresh_with(refresh)), "/refresh_token") == won);
  now_ms += 50;
  BOOST_TEST(refresh_with(refresh).status == 400u);
}

BOOST_AUTO_TEST_CASE(an_access_token_expires_after_ten_hours) {
  now_ms += 36'000'000;
  http::Response expired = get("/api/direct-sharing/project/exchange-member/");
  BOOST_TEST(expired.status == 401u);
  BOOST_TEST(text_at(parsed(expired), "/detail") == "Expired token.");
  BOOST_TEST(refresh_with(refresh).status == 200u);
}

BOOST_AUTO_TEST_CASE(leaving_kills_the_tokens_and_the_refresh) {
  openhumans.leave("01234567");
  BOOST_TEST(status() == 401u);
  BOOST_TEST(text_at(parsed(refresh_with(refresh)), "/error") == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(the_token_endpoint_has_its_own_error_shape) {
  http::Response wrong_client = refresh_with(refresh, false);
  BOOST_TEST(wrong_client.status == 401u);
  BOOST_TEST(text_at(parsed(wrong_client), "/error") == "invalid_client");
  BOOST_TEST(*wrong_client.headers.find("WWW-Authenticate") == "Bearer error=\"invalid_client\"");
  http::Response none = post_form("/oauth2/token/", {{"grant_type", "refresh_token"}});
  BOOST_TEST(text_at(parsed(none), "/error_description") == "Missing refresh token parameter.");
  BOOST_TEST(text_at(parsed(post_form("/oauth2/token/", {})), "/error") ==
             "unsupported_grant_type");
  BOOST_TEST(text_at(parsed(post("/oauth2/token/", {{"grant_type", "refresh_token"}})), "/error") ==
             "unsupported_grant_type");
  BOOST_TEST(get("/oauth2/token/").status == 405u);
  BOOST_TEST(post_form("/oauth2/token/?grant_type=refresh_token", {}).status == 400u);
  BOOST_TEST(get("/oauth2/token").status == 301u);
}

BOOST_AUTO_TEST_CASE(a_token_in_the_query_overrides_the_header) {
  std::string good = access;
  access = "wrong";
  BOOST_TEST(status() == 401u);
  BOOST_TEST(get("/api/direct-sharing/project/exchange-member/?access_token=" + good).status ==
             200u);
  access.clear();
  BOOST_TEST(text_at(parsed(get("/api/direct-sharing/project/")), "/detail") ==
             "Authentication credentials were not provided.");
}

BOOST_AUTO_TEST_CASE(bots_are_refused) {
  http::Request request{"GET", "/api/direct-sharing/project/", {{"User-Agent", "GPTBot/1.0"}}, {}};
  BOOST_TEST(openhumans.answer(request, wall_time(now_ms)).response.status == 403u);
}

BOOST_AUTO_TEST_SUITE_END()
