#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/simulators/tests/signing_in_at_github.hpp"

using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

// RFC 7636, appendix B.
const std::string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const http::Form challenge{{"code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
                           {"code_challenge_method", "S256"}};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(github_exchange, SigningInAtGithub)

BOOST_AUTO_TEST_CASE(a_challenge_wants_its_verifier) {
  std::string text = code(challenge);
  BOOST_TEST(text_at(exchange({{"code", text}}), "/error") == "bad_verification_code");
  BOOST_TEST(text_at(exchange({{"code", text}, {"code_verifier", "wrong"}}), "/error") ==
             "bad_verification_code");
  BOOST_TEST(text_at(exchange({{"code", text}, {"code_verifier", verifier}}), "/token_type") ==
             "bearer");
}

BOOST_AUTO_TEST_CASE(the_redirect_uri_must_match) {
  std::string text = code();
  BOOST_TEST(text_at(exchange({{"code", text}, {"redirect_uri", "http://127.0.0.1:1/"}}),
                     "/error") == "redirect_uri_mismatch");
  auto granted = exchange({{"code", text}, {"redirect_uri", github_back}});
  BOOST_TEST(text_at(granted, "/access_token").starts_with("gho_"));
  BOOST_TEST(!granted.as_object().contains("expires_in"));
}

BOOST_AUTO_TEST_CASE(an_unconfirmed_mail_address_is_said) {
  github.credentials().unverified_logins = {"alice"};
  std::string text = code();
  BOOST_TEST(text_at(exchange({{"code", text}}), "/error") == "unverified_user_email");
  github.credentials().unverified_logins.clear();
  BOOST_TEST(text_at(exchange({{"code", text}}), "/scope").empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_grant_type_is_said) {
  BOOST_TEST(text_at(exchange({{"grant_type", "password"}}), "/error") == "unsupported_grant_type");
}

BOOST_AUTO_TEST_CASE(a_github_app_gets_tokens_with_an_end) {
  github.credentials().github_app = true;
  github.credentials().access_lifetime_s = 60;
  auto granted = exchange({{"code", code({{"scope", "repo"}})}});
  std::string access = text_at(granted, "/access_token");
  BOOST_TEST(access.starts_with("ghu_"));
  BOOST_TEST(text_at(granted, "/refresh_token").starts_with("ghr_"));
  BOOST_TEST(number_at(granted, "/expires_in") == 60);
  BOOST_TEST(number_at(granted, "/refresh_token_expires_in") == 15811200);
  BOOST_TEST(text_at(granted, "/scope").empty());
  BOOST_TEST(status_with(access) == 200u);
  BOOST_TEST(!last.response.headers.has("X-OAuth-Scopes"));
  now_ms += 60'000;
  BOOST_TEST(status_with(access) == 401u);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_ends_after_six_months) {
  github.credentials().github_app = true;
  auto granted = exchange({{"code", code()}});
  now_ms += 15'811'200'000;
  auto refused = exchange(
      {{"grant_type", "refresh_token"}, {"refresh_token", text_at(granted, "/refresh_token")}});
  BOOST_TEST(text_at(refused, "/error") == "bad_refresh_token");
}

BOOST_AUTO_TEST_CASE(the_oldest_of_more_than_ten_tokens_alike_dies) {
  std::string other = sign_in("gist");
  std::string first = sign_in("repo"), second = sign_in("repo");
  for (int i = 0; i < 8; ++i) sign_in("repo");
  BOOST_TEST(status_with(first) == 200u);
  sign_in("repo");
  BOOST_TEST(status_with(first) == 401u);
  BOOST_TEST(status_with(second) == 200u);
  BOOST_TEST(status_with(other) == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
