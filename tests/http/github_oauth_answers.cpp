// What GitHub's OAuth endpoints say: contract 13, row by row.
#include "http/github/oauth_answers.hpp"

#include <boost/test/unit_test.hpp>

namespace tidemark::test {
namespace {

using namespace http::github;
using http::Response;

Response json(unsigned status, std::string body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, std::move(body)};
}
Response form(unsigned status, std::string body) {
  return {status,
          {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
          std::move(body)};
}
Response page(unsigned status) {
  return {status, {{"Content-Type", "text/html"}}, "<html>access_token=x</html>"};
}
Response plain(unsigned status, std::string body) { return {status, {}, std::move(body)}; }

struct Row {
  Response response;
  OAuthOutcome outcome;
  std::string says = {};
};

void check(const Row& row, const OAuthVerdict& verdict) {
  const std::string what = std::to_string(row.response.status) + " " + row.response.body + ": ";
  BOOST_TEST(name_of(verdict.outcome) == name_of(row.outcome), what << verdict.words);
  BOOST_TEST(verdict.words.find(row.says) != std::string::npos, what << verdict.words);
}

OAuthResult<OAuthGrant> grant_of(const Response& response) {
  return read_oauth_grant(judge_oauth(response, OAuthOutcome::rejected).fields);
}
OAuthResult<DeviceCode> device_of(const std::string& body) {
  return read_device_code(judge_oauth(json(200, body), OAuthOutcome::rejected).fields);
}

IdentityReading identity_of(std::string body, http::Headers headers = {}, unsigned status = 200) {
  http::Exchanged exchanged;
  exchanged.response = {status, std::move(headers), std::move(body)};
  return read_identity(classify_rest(std::move(exchanged)));
}

const std::string user =
    R"({"login":"sferik","id":10308,"type":"User","created_at":"2008-05-14T20:36:12Z"})";

BOOST_AUTO_TEST_SUITE(github_oauth_answers)

BOOST_AUTO_TEST_CASE(errors_come_with_status_200_and_each_has_its_meaning) {
  using Outcome = OAuthOutcome;
  const std::vector<std::pair<std::string, Outcome>> rows = {
      {"bad_verification_code", Outcome::bad_code},
      {"bad_refresh_token", Outcome::bad_refresh},
      {"incorrect_client_credentials", Outcome::bad_client},
      {"redirect_uri_mismatch", Outcome::bad_redirect},
      {"unverified_user_email", Outcome::unverified_mail},
      {"authorization_pending", Outcome::pending},
      {"slow_down", Outcome::slow_down},
      {"expired_token", Outcome::expired},
      {"access_denied", Outcome::denied},
      {"device_flow_disabled", Outcome::device_disabled},
      {"unsupported_grant_type", Outcome::rejected},
      {"incorrect_device_code", Outcome::rejected},
      {"something_new", Outcome::rejected},
      {"server_error", Outcome::transient},
      {"temporarily_unavailable", Outcome::transient},
      {"invalid_client", Outcome::bad_client},
      {"invalid_grant", Outcome::bad_refresh},
  };
  for (const auto& [error, outcome] : rows) {
    const std::string as_json =
        R"({"error":")" + error + R"(","error_description":"The words.","error_uri":"https://x"})";
    const std::string as_form = "error=" + error + "&error_description=The+words.&error_uri=https";
    for (const Response& response :
         {json(200, as_json), form(200, as_form), json(400, as_json), json(401, as_json),
          plain(200, as_json), plain(200, as_form)}) {
      check({response, outcome, error + ": The words."},
            judge_oauth(response, Outcome::bad_refresh));
    }
  }
}

BOOST_AUTO_TEST_CASE(answers_without_an_error_are_judged_by_their_status) {
  using Outcome = OAuthOutcome;
  const std::vector<Row> rows = {
      {json(200, R"({"access_token":"a"})"), Outcome::ok},
      {form(200, "access_token=a&scope=&token_type=bearer"), Outcome::ok},
      {json(200, "{}"), Outcome::ok},  // for the reader to refuse
      {json(200, R"({"error":null,"access_token":"a"})"), Outcome::ok},
      {json(200, R"({"error":7})"), Outcome::rejected, "an error without a name"},
      {json(404, R"({"error":"Not Found"})"), Outcome::bad_client, "Not Found"},
      {json(404, R"({"message":"Not Found"})"), Outcome::rejected, "github.web_url"},
      {page(404), Outcome::rejected, "github.web_url"},
      {json(401, R"({"message":"Bad credentials"})"), Outcome::bad_client},
      {json(422, R"({"message":"Validation"})"), Outcome::rejected, "Validation"},
      {plain(301, ""), Outcome::rejected, "redirect"},
      {json(201, R"({"access_token":"a"})"), Outcome::transient, "not the 200"},
      {page(200), Outcome::transient, "page"},
      {page(403), Outcome::transient, "page"},
      {page(500), Outcome::transient},
      {json(500, R"({"error":"bad_verification_code"})"), Outcome::transient},
      {json(503, ""), Outcome::transient},
      {json(429, R"({"error":"x"})"), Outcome::transient, "too many"},
      {json(408, ""), Outcome::transient},
      {json(200, ""), Outcome::transient},
      {json(200, "[]"), Outcome::transient},
      {json(200, "null"), Outcome::transient},
      {plain(200, "OK"), Outcome::transient},
      {form(200, "%zz=1&access_token=a"), Outcome::transient},
      {form(200, "hello=world"), Outcome::transient},
      {json(200, "access_token=a"), Outcome::transient},
  };
  for (const Row& row : rows) check(row, judge_oauth(row.response, Outcome::rejected));
}

BOOST_AUTO_TEST_CASE(half_a_success_is_not_repeated_in_the_words) {
  const auto verdict = judge_oauth(json(200, R"({"access_token":"gho_half)"), OAuthOutcome::ok);
  BOOST_TEST(verdict.words.find("gho_half") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_grant_is_read_from_json_and_form_alike) {
  const Response of_app = json(
      200,
      R"({"access_token":"ghu_a","expires_in":28800,"refresh_token":"ghr_r","refresh_token_expires_in":15811200,"scope":"","token_type":"bearer"})");
  const Response of_app_form = form(
      200,
      "access_token=ghu_a&expires_in=28800&refresh_token=ghr_r&refresh_token_expires_in=15811200"
      "&scope=&token_type=bearer");
  for (const Response& response : {of_app, of_app_form}) {
    const auto grant = grant_of(response);
    BOOST_TEST(grant.ok(), grant.message);
    BOOST_TEST(grant.value.access == "ghu_a");
    BOOST_TEST(grant.value.refresh == "ghr_r");
    BOOST_TEST(grant.value.expires_in_s == 28'800);
    BOOST_TEST(grant.value.scope == "");
  }
  for (const Response& response :
       {json(200, R"({"access_token":"gho_a","token_type":"bearer","scope":"read:user,repo"})"),
        form(200, "access_token=gho_a&scope=read%3Auser%2Crepo&token_type=bearer")}) {
    const auto grant = grant_of(response);
    BOOST_TEST(grant.value.access == "gho_a");
    BOOST_TEST(grant.value.refresh == "");
    BOOST_TEST(grant.value.expires_in_s == 0);
    BOOST_TEST(grant.value.scope == "read:user,repo");
  }
}

BOOST_AUTO_TEST_CASE(a_token_may_be_long_and_look_like_anything_that_a_header_holds) {
  for (const std::string& token :
       {std::string(520, 'x'), std::string(4'096, 'y'), std::string("ghs_1_eyJh.b-_~+/=")}) {
    const auto grant = grant_of(json(200, R"({"access_token":")" + token + "\"}"));
    BOOST_TEST(grant.ok(), grant.message);
    BOOST_TEST(grant.value.access == token);
  }
}

BOOST_AUTO_TEST_CASE(an_absurd_grant_is_none_and_no_token_is_in_its_message) {
  for (const std::string body :
       {R"({})", R"({"access_token":""})", R"({"access_token":12})", R"({"access_token":null})",
        R"({"access_token":"secret\r\nX-Evil: 1"})", R"({"access_token":"secret b"})",
        R"({"access_token":"secr\u00e9t"})", R"({"access_token":"secret","token_type":"mac"})",
        R"({"access_token":"secret","refresh_token":"secret\n"})"}) {
    const auto grant = grant_of(json(200, body));
    BOOST_TEST(name_of(grant.outcome) == "transient", body);
    BOOST_TEST(grant.message.find("secr") == std::string::npos, grant.message);
    BOOST_TEST(grant.value.access == "");
  }
  BOOST_TEST(!grant_of(json(200, R"({"access_token":")" + std::string(20'000, 'x') + "\"}")).ok());
}

BOOST_AUTO_TEST_CASE(a_token_is_not_thrown_away_over_its_lifetime) {
  for (const std::string lifetime : {"-5", "\"soon\"", "1e99", "null", "99999999999999"}) {
    const auto grant = grant_of(
        json(200, R"({"access_token":"a","refresh_token":"r","expires_in":)" + lifetime + "}"));
    BOOST_TEST(grant.ok(), grant.message);
    BOOST_TEST(grant.value.refresh == "r");
    BOOST_TEST(grant.value.expires_in_s == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_device_code_is_read) {
  const auto code = device_of(
      R"({"device_code":"3584d83530557fdd1f46af8289938c8ef79f9dc5","user_code":"WDJB-MJHT","verification_uri":"https://github.com/login/device","expires_in":600,"interval":7})");
  BOOST_TEST(code.ok(), code.message);
  BOOST_TEST(code.value.device_code == "3584d83530557fdd1f46af8289938c8ef79f9dc5");
  BOOST_TEST(code.value.user_code == "WDJB-MJHT");
  BOOST_TEST(code.value.verification_uri == "https://github.com/login/device");
  BOOST_TEST(code.value.expires_in_s == 600);
  BOOST_TEST(code.value.interval_s == 7);
  const auto sparse =
      device_of(R"({"device_code":"d","user_code":"u","verification_uri":"https://g/d"})");
  BOOST_TEST(sparse.value.expires_in_s == 900);
  BOOST_TEST(sparse.value.interval_s == 5);
  const auto hasty = device_of(
      R"({"device_code":"d","user_code":"u","verification_uri":"https://g/d","interval":0})");
  BOOST_TEST(hasty.value.interval_s == 1);
}

BOOST_AUTO_TEST_CASE(an_absurd_device_code_is_none) {
  for (
      const std::string body :
      {R"({"user_code":"u","verification_uri":"https://g/d"})",
       R"({"device_code":"d e","user_code":"u","verification_uri":"https://g/d"})",
       R"({"device_code":"d","verification_uri":"https://g/d"})",
       R"({"device_code":"d","user_code":"\u001b[2J","verification_uri":"https://g/d"})",
       R"({"device_code":"d","user_code":"u"})",
       R"({"device_code":"d","user_code":"u","verification_uri":"javascript:alert"})
    ",
    R"({"device_code":"d","user_code":"u","verification_uri":"https://g/d","interval":-1})",
       R"({"device_code":"d","user_code":"u","verification_uri":"https://g/d","expires_in":"x"})"}) {
    const auto code = device_of(body);
    BOOST_TEST(name_of(code.outcome) == "transient", body);
    BOOST_TEST(!code.message.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_revocation_of_what_is_gone_is_done) {
  using Outcome = OAuthOutcome;
  const std::vector<Row> rows = {
      {plain(204, ""), Outcome::ok},
      {json(404, R"({"message":"Not Found"})"), Outcome::ok},
      {json(422, R"({"message":"Validation Failed"})"), Outcome::ok},
      {json(401, R"({"message":"Bad credentials"})"), Outcome::bad_client},
      {json(403, R"({"message":"Forbidden"})"), Outcome::rejected, "Forbidden"},
      {plain(301, ""), Outcome::rejected, "github.api_url"},
      {json(200, "{}"), Outcome::transient},
      {page(403), Outcome::transient},
      {json(429, ""), Outcome::transient},
      {json(502, ""), Outcome::transient},
  };
  for (const Row& row : rows) check(row, judge_revocation(row.response));
}

BOOST_AUTO_TEST_CASE(an_identity_is_read_with_its_scopes) {
  const auto reading = identity_of(user, {{"x-oauth-scopes", "read:user, repo"}});
  BOOST_TEST(reading.ok, reading.problem);
  BOOST_TEST(reading.identity.id == 10'308U);
  BOOST_TEST(reading.identity.login == "sferik");
  BOOST_TEST(reading.identity.created_s == 1'210'797'372);
  BOOST_TEST(reading.identity.scopes == "read:user, repo");
  BOOST_TEST(identity_of(user).identity.scopes == "");
}

BOOST_AUTO_TEST_CASE(who_it_is_must_be_said) {
  for (const std::string body :
       {R"([])", R"({"login":"a","created_at":"2008-05-14T20:36:12Z"})",
        R"({"id":0,"login":"a","created_at":"2008-05-14T20:36:12Z"})",
        R"({"id":"7","login":"a","created_at":"2008-05-14T20:36:12Z"})",
        R"({"id":7,"created_at":"2008-05-14T20:36:12Z"})",
        R"({"id":7,"login":"","created_at":"2008-05-14T20:36:12Z"})",
        R"({"id":7,"login":"a b","created_at":"2008-05-14T20:36:12Z"})",
        R"({"id":7,"login":"a","created_at":"yesterday"})", R"({"id":7,"login":"a"})"}) {
    const auto reading = identity_of(body);
    BOOST_TEST(!reading.ok, body);
    BOOST_TEST(!reading.problem.empty(), body);
  }
  const auto dead = identity_of(R"({"message":"Bad credentials"})", {}, 401);
  BOOST_TEST(!dead.ok);
  BOOST_TEST(dead.problem.find("Bad credentials") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(scopes_are_found_in_either_spelling_and_in_wider_ones) {
  for (const std::string_view scopes :
       {"repo,read:user", "repo, read:user", "repo read:user", " read:user ,, repo "}) {
    BOOST_TEST(has_scope(scopes, "repo"), scopes);
    BOOST_TEST(has_scope(scopes, "read:user"), scopes);
    BOOST_TEST(!has_scope(scopes, "user"), scopes);
    BOOST_TEST(!has_scope(scopes, "rep"), scopes);
    BOOST_TEST(!has_scope(scopes, ""), scopes);
  }
  BOOST_TEST(!has_scope("", "repo"));
  BOOST_TEST(!has_scope("public_repo", "repo"));
  BOOST_TEST(has_scope("user", "read:user"));
  BOOST_TEST(has_scope("repo", "public_repo"));
  BOOST_TEST(has_scope("admin:org", "read:org"));
  BOOST_TEST(!has_scope("read:user", "user"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
