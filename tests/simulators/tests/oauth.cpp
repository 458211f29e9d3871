#include <boost/test/unit_test.hpp>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/tests/asking.hpp"

using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

struct TokenEndpoint : AskingGithub {
  http::Response exchange(http::Form form, bool as_json = true) {
    form.emplace_back("client_id", github.credentials().client_id);
    form.emplace_back("client_secret", github.credentials().client_secret);
    http::Request request{
        "POST", "/login/oauth/access_token", {{"User-Agent", "test"}}, http::encode_form(form)};
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    if (as_json) request.headers.set("Accept", "application/json");
    return github.answer(request, wall_time(now_ms)).response;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(github_tokens, TokenEndpoint)

BOOST_AUTO_TEST_CASE(a_code_is_good_once_and_for_ten_minutes) {
  std::string code = github.credentials().add_code(*world.find_login("alice"), now_ms / 1000).text;
  token = text_at(parsed(exchange({{"code", code}})), "/access_token");
  BOOST_TEST(ask("/user").status == 200u);
  http::Response again = exchange({{"code", code}});
  BOOST_TEST(again.status == 200u);
  BOOST_TEST(text_at(parsed(again), "/error") == "bad_verification_code");
  std::string late = github.credentials().add_code(*world.find_login("alice"), now_ms / 1000).text;
  now_ms += 601'000;
  BOOST_TEST(text_at(parsed(exchange({{"code", late}})), "/error") == "bad_verification_code");
}

BOOST_AUTO_TEST_CASE(the_default_answer_is_a_form) {
  std::string code = github.credentials().add_code(*world.find_login("alice"), now_ms / 1000).text;
  BOOST_TEST(exchange({{"code", code}}, false).body.starts_with("access_token=gho_"));
}

BOOST_AUTO_TEST_CASE(a_refresh_kills_the_old_pair_at_once) {
  GithubToken first = github.credentials().add_expiring(*world.find_login("alice"), now_ms / 1000);
  auto refreshed =
      parsed(exchange({{"grant_type", "refresh_token"}, {"refresh_token", first.refresh}}));
  BOOST_TEST(number_at(refreshed, "/expires_in") == 28800);
  token = first.text;
  BOOST_TEST(ask("/user").status == 401u);
  token = text_at(refreshed, "/access_token");
  BOOST_TEST(ask("/user").status == 200u);
  auto again =
      parsed(exchange({{"grant_type", "refresh_token"}, {"refresh_token", first.refresh}}));
  BOOST_TEST(text_at(again, "/error") == "bad_refresh_token");
  now_ms += 28'800'000;
  BOOST_TEST(ask("/user").status == 401u);
}

BOOST_AUTO_TEST_CASE(a_wrong_client_is_told_with_status_200) {
  github.credentials().client_secret = "another";
  http::Form form{
      {"code", "x"}, {"client_id", github.credentials().client_id}, {"client_secret", "wrong"}};
  http::Request request{"POST",
                        "/login/oauth/access_token",
                        {{"User-Agent", "t"}, {"Accept", "application/json"}},
                        http::encode_form(form)};
  http::Response refused = github.answer(request, wall_time(now_ms)).response;
  BOOST_TEST(refused.status == 200u);
  BOOST_TEST(text_at(parsed(refused), "/error") == "incorrect_client_credentials");
}

BOOST_AUTO_TEST_SUITE_END()
