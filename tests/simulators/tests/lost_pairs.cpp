#include <boost/test/unit_test.hpp>

#include "tests/simulators/tests/signing_in_at_github.hpp"

using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

struct OpenHumansPairs : AskingOpenHumans {
  void renew() {
    http::Form form{{"grant_type", "refresh_token"}, {"refresh_token", refresh}};
    auto pair = parsed(post_form("/oauth2/token/", form));
    access = text_at(pair, "/access_token");
    refresh = text_at(pair, "/refresh_token");
  }
  LostPairs lost() { return openhumans.lost_pairs(); }
};

Fault cut(FaultKind kind, const std::string& path) {
  Fault fault;
  fault.kind = kind;
  fault.path = path;
  return fault;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lost_pairs)

BOOST_FIXTURE_TEST_CASE(a_pair_that_is_used_is_not_lost, OpenHumansPairs) {
  BOOST_TEST(lost().answered_unused == 0u);  // made by the test's own hand
  renew();
  BOOST_TEST(lost().answered_unused == 1u);
  renew();  // what it was refreshed with had arrived; the newest has not yet
  BOOST_TEST(lost().answered_unused == 1u);
  get("/api/direct-sharing/project/exchange-member/");
  BOOST_TEST(lost().answered_unused == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_cut_answer_is_counted_apart, OpenHumansPairs) {
  openhumans.faults().add(cut(FaultKind::cut_after, "/oauth2/token/"));
  renew();
  BOOST_TEST(lost().answered_unused == 0u);
  BOOST_TEST(lost().answer_cut == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_request_cut_before_it_arrived_loses_nothing, OpenHumansPairs) {
  openhumans.faults().add(cut(FaultKind::cut_before, "/oauth2/token/"));
  http::Form form{{"grant_type", "refresh_token"}, {"refresh_token", refresh}};
  post_form("/oauth2/token/", form);
  BOOST_TEST(lost().answer_cut == 0u);
  BOOST_TEST(get("/api/direct-sharing/project/exchange-member/").status == 200u);
}

BOOST_FIXTURE_TEST_CASE(an_older_pair_that_lives_keeps_the_member, OpenHumansPairs) {
  std::string place = location_of(
      visit("/direct-sharing/projects/oauth2/authorize/?client_id=tidemark&response_type=code&"
            "redirect_uri=https://tidemark.test/"));
  post_form("/oauth2/token/",
            {{"grant_type", "authorization_code"}, {"code", query_field(place, "code")}});
  BOOST_TEST(lost().answered_unused == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_pair_that_was_lost_before_keeps_nobody, OpenHumansPairs) {
  renew();
  std::string place = location_of(
      visit("/direct-sharing/projects/oauth2/authorize/?client_id=tidemark&response_type=code&"
            "redirect_uri=https://tidemark.test/"));
  auto pair = parsed(post_form("/oauth2/token/", {{"grant_type", "authorization_code"},
                                                  {"code", query_field(place, "code")}}));
  refresh = text_at(pair, "/refresh_token");
  renew();
  BOOST_TEST(lost().answered_unused == 1u);
}

BOOST_FIXTURE_TEST_CASE(tokens_that_live_are_counted_by_whether_they_came_back, OpenHumansPairs) {
  renew();
  BOOST_TEST(openhumans.live_tokens("01234567").unheard == 1u);
  BOOST_TEST(openhumans.live_tokens("01234567").used == 0u);
  get("/api/direct-sharing/project/exchange-member/");
  BOOST_TEST(openhumans.live_tokens("01234567").used == 1u);
  openhumans.leave("01234567");
  BOOST_TEST(openhumans.live_tokens("01234567").used == 0u);
}

BOOST_FIXTURE_TEST_CASE(who_left_has_lost_nothing, OpenHumansPairs) {
  renew();
  openhumans.leave("01234567");
  BOOST_TEST(lost().answered_unused == 0u);
}

BOOST_FIXTURE_TEST_CASE(pairs_of_a_github_app_are_counted_too, SigningInAtGithub) {
  github.credentials().revoke(token);
  github.credentials().github_app = true;
  auto first = exchange({{"code", code()}});
  BOOST_TEST(github.credentials().lost_pairs().answered_unused == 1u);
  github.faults().add(cut(FaultKind::malformed_json, "/login/oauth/access_token"));
  post_form("/login/oauth/access_token", {{"client_id", "Iv1.tidemark"},
                                          {"client_secret", "simulated-secret"},
                                          {"grant_type", "refresh_token"},
                                          {"refresh_token", text_at(first, "/refresh_token")}});
  BOOST_TEST(github.credentials().lost_pairs().answered_unused == 0u);
  BOOST_TEST(github.credentials().lost_pairs().answer_cut == 1u);
  github.faults().clear();
  BOOST_TEST(status_with(sign_in()) == 200u);
  BOOST_TEST(github.credentials().lost_pairs().answer_cut == 0u);  // they signed in again
}

BOOST_AUTO_TEST_SUITE_END()
