#include <boost/test/unit_test.hpp>

#include "tests/simulators/tests/asking.hpp"

using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

const std::string back = "http://127.0.0.1:7411/openhumans/complete";
// RFC 7636, appendix B.
const std::string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const std::string challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

struct CodeExchange : AskingOpenHumans {
  std::string code(http::Form more = {}) {
    http::Form form{{"client_id", "tidemark"}, {"response_type", "code"}, {"redirect_uri", back}};
    form.insert(form.end(), more.begin(), more.end());
    std::string target = "/direct-sharing/projects/oauth2/authorize/?" + http::encode_form(form);
    return query_field(location_of(visit(target)), "code");
  }
  http::Response exchange(const std::string& text, http::Form more = {{"redirect_uri", back}},
                          bool with_client = true) {
    http::Form form{{"grant_type", "authorization_code"}, {"code", text}};
    form.insert(form.end(), more.begin(), more.end());
    return post_form("/oauth2/token/", form, with_client);
  }
  std::string error_of(const http::Response& response, unsigned status = 400) {
    BOOST_TEST(response.status == status);
    return text_at(parsed(response), "/error");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(openhumans_codes, CodeExchange)

BOOST_AUTO_TEST_CASE(a_code_brings_a_pair_of_its_own) {
  http::Response answer = exchange(code());
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(*answer.headers.find("Cache-Control") == "no-store");
  BOOST_TEST(text_at(parsed(answer), "/token_type") == "Bearer");
  BOOST_TEST(number_at(parsed(answer), "/expires_in") == 36000);
  BOOST_TEST(get("/api/direct-sharing/project/exchange-member/").status == 200u);  // the older one
  access = text_at(parsed(answer), "/access_token");
  BOOST_TEST(text_at(parsed(get("/api/direct-sharing/project/exchange-member/")),
                     "/project_member_id") == "01234567");
}

BOOST_AUTO_TEST_CASE(a_code_is_good_once_and_its_tokens_outlive_a_second_try) {
  std::string text = code();
  access = text_at(parsed(exchange(text)), "/access_token");
  BOOST_TEST(error_of(exchange(text)) == "invalid_grant");
  BOOST_TEST(get("/api/direct-sharing/project/exchange-member/").status == 200u);
  BOOST_TEST(error_of(exchange("unknown")) == "invalid_grant");
  BOOST_TEST(error_of(exchange("")) == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(a_code_is_good_for_half_an_hour) {
  std::string text = code(), late = code();
  now_ms += 1'799'000;
  BOOST_TEST(exchange(text).status == 200u);
  now_ms += 1'000;
  BOOST_TEST(error_of(exchange(late)) == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(a_missing_code_is_said) {
  http::Response refused = post_form("/oauth2/token/", {{"grant_type", "authorization_code"}});
  BOOST_TEST(error_of(refused) == "invalid_request");
  BOOST_TEST(text_at(parsed(refused), "/error_description") == "Missing code parameter.");
}

BOOST_AUTO_TEST_CASE(a_wrong_redirect_uri_does_not_use_the_code_up) {
  std::string text = code();
  http::Response refused = exchange(text, {{"redirect_uri", back + "/"}});
  BOOST_TEST(error_of(refused) == "invalid_request");
  BOOST_TEST(text_at(parsed(refused), "/error_description") == "Mismatching redirect URI.");
  BOOST_TEST(exchange(text).status == 200u);
  BOOST_TEST(exchange(code(), {}).status == 200u);  // may be left out with one registered
  openhumans.settings().redirect_uris = back + " https://tidemark.test/";
  BOOST_TEST(error_of(exchange(code(), {})) == "invalid_request");
}

BOOST_AUTO_TEST_CASE(a_challenge_wants_its_verifier) {
  auto challenged = [&] {
    return code({{"code_challenge", challenge}, {"code_challenge_method", "S256"}});
  };
  std::string text = challenged();
  http::Response none = exchange(text);
  BOOST_TEST(error_of(none) == "invalid_request");
  BOOST_TEST(text_at(parsed(none), "/error_description") == "Code verifier required.");
  BOOST_TEST(error_of(exchange(text, {{"redirect_uri", back}, {"code_verifier", challenge}})) ==
             "invalid_grant");
  BOOST_TEST(exchange(text, {{"redirect_uri", back}, {"code_verifier", verifier}}).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_challenge_without_a_method_is_compared_plainly) {
  std::string text = code({{"code_challenge", challenge}});
  BOOST_TEST(error_of(exchange(text, {{"redirect_uri", back}, {"code_verifier", verifier}})) ==
             "invalid_grant");
}

BOOST_AUTO_TEST_CASE(the_client_speaks_for_itself_in_the_header_or_the_body) {
  http::Form in_body{{"redirect_uri", back},
                     {"client_id", "tidemark"},
                     {"client_secret", openhumans.settings().client_secret}};
  BOOST_TEST(exchange(code(), in_body, false).status == 200u);
  BOOST_TEST(error_of(exchange(code(), {{"redirect_uri", back}}, false), 401) == "invalid_client");
  in_body.back().second = "wrong";
  BOOST_TEST(error_of(exchange(code(), in_body, false), 401) == "invalid_client");
  BOOST_TEST(error_of(post_form("/oauth2/token/", {{"grant_type", "client_credentials"}})) ==
             "unauthorized_client");
}

BOOST_AUTO_TEST_CASE(an_encoded_secret_in_the_header_is_decoded) {
  openhumans.settings().client_secret = "a secret:50%";
  http::Request request{"POST", "/oauth2/token/", {}, "grant_type=refresh_token&refresh_token=x"};
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.headers.set("Authorization", "Basic " + base64("tidemark:a+secret%3A50%25", false));
  auto now = tidemark::async::WallTime(std::chrono::milliseconds(now_ms));
  BOOST_TEST(error_of(openhumans.answer(request, now).response) == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(a_scope_that_was_narrowed_stays_so) {
  auto refreshed = [&](http::Form form) {
    form.emplace_back("grant_type", "refresh_token");
    form.emplace_back("refresh_token", refresh);
    auto answer = parsed(post_form("/oauth2/token/", form));
    refresh = text_at(answer, "/refresh_token");
    return text_at(answer, "/scope");
  };
  BOOST_TEST(refreshed({}).find("wildlife") != std::string::npos);
  BOOST_TEST(refreshed({{"scope", "read"}}) == "read");
  BOOST_TEST(refreshed({}) == "read");
}

BOOST_AUTO_TEST_CASE(revoking_ends_one_pair_only) {
  std::string other = text_at(parsed(exchange(code())), "/access_token");
  http::Response revoked = post_form("/oauth2/revoke_token/", {{"token", access}});
  BOOST_TEST(revoked.status == 200u);
  BOOST_TEST(revoked.body.empty());
  BOOST_TEST(get("/api/direct-sharing/project/exchange-member/").status == 401u);
  access = other;
  BOOST_TEST(get("/api/direct-sharing/project/exchange-member/").status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
