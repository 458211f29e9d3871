#include "http/github/oauth.hpp"

#include <boost/test/unit_test.hpp>

#include "http/url.hpp"
#include "tests/http/scripted_host.hpp"

namespace tidemark::test {
namespace {

using namespace http::github;

struct SignIn : SimulatedClient {
  ScriptedHost web{simulation, "github.com"};
  ScriptedHost rest{simulation, "api.github.com"};
  ScriptedHost enterprise{simulation, "git.example"};
  std::vector<std::string> told;
  OAuthSettings settings{
      .client_id = "Iv1.8a61f9b3",
      .client_secret = "client-secret",
      .on_secret = [this](const std::string& secret) { told.push_back(secret); }};

  template <class Value>
  OAuthResult<Value> ask(std::function<async::Task<OAuthResult<Value>>(OAuth&)> call) {
    std::optional<OAuthResult<Value>> result;
    simulation.run([&]() -> async::Task<void> {
      OAuth oauth(client, simulation.clock(), settings);
      OAuthResult<Value> got = co_await call(oauth);
      result.emplace(std::move(got));
    });
    return std::move(*result);
  }
  auto exchange() {
    return ask<OAuthGrant>([](OAuth& oauth) {
      return oauth.exchange("code-1", "verifier-1", "https://tidemark.test/github/complete");
    });
  }
  auto refresh() {
    return ask<OAuthGrant>([](OAuth& oauth) { return oauth.refresh("ghr_old"); });
  }
  auto poll() {
    return ask<OAuth::DevicePoll>([](OAuth& oauth) { return oauth.poll_device("device-1"); });
  }
  auto start_device(const std::string& scope) {
    return ask<DeviceCode>([&](OAuth& oauth) { return oauth.start_device(scope); });
  }
  auto revoke_grant() {
    return ask<OAuthNothing>([](OAuth& oauth) { return oauth.revoke_grant("gho_token"); });
  }
  auto revoke_token() {
    return ask<OAuthNothing>([](OAuth& oauth) { return oauth.revoke_token("gho_token"); });
  }
  // "name=value&…", decoded, of the n-th request to github.com.
  std::string field(std::size_t request, std::string_view name) {
    const auto form = http::decode_form(web.seen().at(request).body);
    return std::string(http::form_value(*form, name).value_or("(none)"));
  }
  void check_told(const std::vector<std::string>& expected) {
    BOOST_TEST(told == expected, boost::test_tools::per_element());
  }
};

#define CHECK_OUTCOME(call, expected)                                         \
  do {                                                                        \
    const auto& judged = (call);                                              \
    BOOST_TEST(name_of(judged.outcome) == name_of(expected), judged.message); \
  } while (false)

BOOST_FIXTURE_TEST_SUITE(github_oauth, SignIn)

BOOST_AUTO_TEST_CASE(the_browser_is_sent_with_state_and_challenge_and_the_least_scope) {
  settings.web_url = "https://git.example/sub/";
  const OAuth oauth(client, simulation.clock(), settings);
  AuthorizeQuestion question{"st&te", "challenge", "https://tidemark.test/github/complete", ""};
  const std::string address =
      "https://git.example/sub/login/oauth/authorize?client_id=Iv1.8a61f9b3"
      "&redirect_uri=https%3A%2F%2Ftidemark.test%2Fgithub%2Fcomplete&state=st%26te"
      "&code_challenge=challenge&code_challenge_method=S256";
  BOOST_TEST(oauth.authorize_url(question) == address);
  question.scope = "read:user repo";
  BOOST_TEST(oauth.authorize_url(question) == address + "&scope=read%3Auser%20repo");
  question.scope.clear();
  question.choose_account = true;
  BOOST_TEST(oauth.authorize_url(question) == address + "&prompt=select_account");
}

BOOST_AUTO_TEST_CASE(addresses_that_are_none_are_refused_at_once) {
  settings.web_url = "github.com";
  BOOST_CHECK_THROW(OAuth(client, simulation.clock(), settings), std::invalid_argument);
  settings.web_url = "https://github.com";
  settings.api_url = "";
  BOOST_CHECK_THROW(OAuth(client, simulation.clock(), settings), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(without_a_client_id_it_is_not_configured) {
  BOOST_TEST(OAuth(client, simulation.clock(), settings).configured());
  settings.client_id.clear();
  BOOST_TEST(!OAuth(client, simulation.clock(), settings).configured());
}

BOOST_AUTO_TEST_CASE(a_code_is_exchanged_for_a_token) {
  web.then_json(200, R"({"access_token":"gho_1","token_type":"bearer","scope":"repo"})");
  const auto result = exchange();
  CHECK_OUTCOME(result, OAuthOutcome::ok);
  BOOST_TEST(result.value.access == "gho_1");
  BOOST_TEST(result.value.scope == "repo");
  BOOST_TEST(web.seen().at(0).method == "POST");
  BOOST_TEST(web.seen().at(0).target == "/login/oauth/access_token");
  BOOST_TEST(web.header(0, "accept") == "application/json");
  BOOST_TEST(web.header(0, "content-type") == "application/x-www-form-urlencoded");
  BOOST_TEST(field(0, "client_id") == "Iv1.8a61f9b3");
  BOOST_TEST(field(0, "client_secret") == "client-secret");
  BOOST_TEST(field(0, "code") == "code-1");
  BOOST_TEST(field(0, "code_verifier") == "verifier-1");
  BOOST_TEST(field(0, "redirect_uri") == "https://tidemark.test/github/complete");
  check_told({"gho_1"});
}

BOOST_AUTO_TEST_CASE(an_answer_in_form_encoding_is_understood) {
  web.then(200, {{"Content-Type", "application/x-www-form-urlencoded"}},
           "access_token=ghu_1&expires_in=28800&refresh_token=ghr_1&scope=&token_type=bearer");
  const auto result = exchange();
  CHECK_OUTCOME(result, OAuthOutcome::ok);
  BOOST_TEST(result.value.refresh == "ghr_1");
  BOOST_TEST(result.value.expires_in_s == 28'800);
  check_told({"ghu_1", "ghr_1"});
}

BOOST_AUTO_TEST_CASE(a_refusal_says_what_and_where_and_no_secret) {
  web.then_json(200, R"({"error":"bad_verification_code","error_description":)"
                     R"("The code code-1 passed with client-secret is incorrect or expired."})");
  const auto result = exchange();
  CHECK_OUTCOME(result, OAuthOutcome::bad_code);
  BOOST_TEST(result.message ==
             "could not exchange the code for a token: bad_verification_code: The code … passed "
             "with … is incorrect or expired. (HTTP 200 of "
             "https://github.com/login/oauth/access_token)");
}

BOOST_AUTO_TEST_CASE(nothing_that_dies_at_its_first_arrival_is_sent_twice) {
  simulation.set_faults({.refuse = 0, .cut_answer = 1});
  web.then_json(200, R"({"access_token":"gho_1"})");
  CHECK_OUTCOME(exchange(), OAuthOutcome::transient);
  web.then_json(200, R"({"access_token":"ghu_1","refresh_token":"ghr_1"})");
  CHECK_OUTCOME(refresh(), OAuthOutcome::transient);
  BOOST_TEST(web.seen().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_away_is_transient) {
  simulation.set_faults({.refuse = 1, .cut_answer = 0});
  const auto result = exchange();
  CHECK_OUTCOME(result, OAuthOutcome::transient);
  BOOST_TEST(result.message.find("no answer from https://github.com/login") != std::string::npos,
             result.message);
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_is_given_up) {
  settings.request_ms = async::Milliseconds(2'000);
  web.delay(async::Milliseconds(10'000));
  CHECK_OUTCOME(exchange(), OAuthOutcome::transient);
}

BOOST_AUTO_TEST_CASE(an_answer_of_megabytes_is_not_read) {
  web.then_json(200, R"({"access_token":")" + std::string(1'000'000, 'x') + "\"}");
  CHECK_OUTCOME(exchange(), OAuthOutcome::transient);
}

BOOST_AUTO_TEST_CASE(a_refresh_brings_a_new_pair) {
  web.then_json(200, R"({"access_token":"ghu_2","expires_in":28800,"refresh_token":"ghr_2",)"
                     R"("refresh_token_expires_in":15811200,"scope":"","token_type":"bearer"})");
  const auto result = refresh();
  CHECK_OUTCOME(result, OAuthOutcome::ok);
  BOOST_TEST(result.value.access == "ghu_2");
  BOOST_TEST(result.value.refresh == "ghr_2");
  BOOST_TEST(field(0, "grant_type") == "refresh_token");
  BOOST_TEST(field(0, "refresh_token") == "ghr_old");
  BOOST_TEST(field(0, "client_secret") == "client-secret");
  check_told({"ghr_old", "ghu_2", "ghr_2"});
}

BOOST_AUTO_TEST_CASE(a_refresh_token_that_is_not_replaced_goes_on) {
  web.then_json(200, R"({"access_token":"ghu_2","expires_in":28800})");
  BOOST_TEST(refresh().value.refresh == "ghr_old");
}

BOOST_AUTO_TEST_CASE(a_dead_grant_means_what_was_asked_with) {
  web.then_json(200, R"({"error":"bad_refresh_token"})");
  CHECK_OUTCOME(refresh(), OAuthOutcome::bad_refresh);
  web.then_json(400, R"({"error":"invalid_grant"})");
  CHECK_OUTCOME(refresh(), OAuthOutcome::bad_refresh);
  web.then_json(400, R"({"error":"invalid_grant"})");
  CHECK_OUTCOME(exchange(), OAuthOutcome::bad_code);
}

BOOST_AUTO_TEST_CASE(a_device_asks_for_its_code) {
  const std::string code =
      R"({"device_code":"device-1","user_code":"WDJB-MJHT","verification_uri":)"
      R"("https://github.com/login/device","expires_in":900,"interval":5})";
  web.then_json(200, code);
  const auto result = start_device("repo");
  CHECK_OUTCOME(result, OAuthOutcome::ok);
  BOOST_TEST(result.value.user_code == "WDJB-MJHT");
  BOOST_TEST(web.seen().at(0).target == "/login/device/code");
  BOOST_TEST(web.header(0, "accept") == "application/json");
  BOOST_TEST(web.seen().at(0).body == "client_id=Iv1.8a61f9b3&scope=repo");
  check_told({"device-1"});
  web.then_json(200, code);
  (void)start_device("");
  BOOST_TEST(web.seen().at(1).body == "client_id=Iv1.8a61f9b3");
  web.then_json(404, R"({"error":"Not Found"})");
  CHECK_OUTCOME(start_device(""), OAuthOutcome::bad_client);
  web.then_json(400, R"({"error":"device_flow_disabled"})");
  CHECK_OUTCOME(start_device(""), OAuthOutcome::device_disabled);
}

BOOST_AUTO_TEST_CASE(a_device_polls_until_it_is_let_in) {
  web.then_json(200, R"({"error":"authorization_pending"})");
  web.then_json(200, R"({"error":"slow_down","interval":10})");
  web.then(200, {{"Content-Type", "application/x-www-form-urlencoded"}},
           "error=slow_down&interval=15");
  web.then_json(200, R"({"access_token":"gho_1","token_type":"bearer","scope":"repo"})");
  const auto pending = poll();
  CHECK_OUTCOME(pending, OAuthOutcome::pending);
  BOOST_TEST(pending.value.interval_s == 0);
  const auto slower = poll();
  CHECK_OUTCOME(slower, OAuthOutcome::slow_down);
  BOOST_TEST(slower.value.interval_s == 10);
  BOOST_TEST(poll().value.interval_s == 15);
  const auto in = poll();
  CHECK_OUTCOME(in, OAuthOutcome::ok);
  BOOST_TEST(in.value.grant.access == "gho_1");
  BOOST_TEST(in.value.grant.scope == "repo");
  BOOST_TEST(field(0, "grant_type") == "urn:ietf:params:oauth:grant-type:device_code");
  BOOST_TEST(field(0, "device_code") == "device-1");
  BOOST_TEST(field(0, "client_secret") == "(none)");
  BOOST_TEST(told.back() == "gho_1");
}

BOOST_AUTO_TEST_CASE(a_grant_is_revoked_with_a_body_under_delete) {
  rest.then(204, {}, "");
  CHECK_OUTCOME(revoke_grant(), OAuthOutcome::ok);
  BOOST_TEST(rest.seen().at(0).method == "DELETE");
  BOOST_TEST(rest.seen().at(0).target == "/applications/Iv1.8a61f9b3/grant");
  BOOST_TEST(rest.seen().at(0).body == R"({"access_token":"gho_token"})");
  BOOST_TEST(rest.header(0, "content-type") == "application/json");
  // Iv1.8a61f9b3:client-secret
  BOOST_TEST(rest.header(0, "authorization") == "Basic SXYxLjhhNjFmOWIzOmNsaWVudC1zZWNyZXQ=");
  check_told({"gho_token"});
  rest.then_json(404, R"({"message":"Not Found"})");
  CHECK_OUTCOME(revoke_token(), OAuthOutcome::ok);
  BOOST_TEST(rest.seen().at(1).target == "/applications/Iv1.8a61f9b3/token");
  rest.then_json(422, R"({"message":"Validation Failed"})");
  CHECK_OUTCOME(revoke_grant(), OAuthOutcome::ok);
}

BOOST_AUTO_TEST_CASE(a_revocation_that_failed_says_so_without_the_token) {
  rest.then_json(401, R"({"message":"Bad credentials"})");
  CHECK_OUTCOME(revoke_grant(), OAuthOutcome::bad_client);
  rest.then_json(403, R"({"message":"gho_token may not"})");
  const auto refused = revoke_token();
  CHECK_OUTCOME(refused, OAuthOutcome::rejected);
  BOOST_TEST(refused.message.find("gho_token") == std::string::npos, refused.message);
  rest.then_json(502, "");
  CHECK_OUTCOME(revoke_grant(), OAuthOutcome::transient);
}

BOOST_AUTO_TEST_CASE(an_enterprise_server_has_paths_of_its_own) {
  settings.web_url = "https://git.example/sub";
  settings.api_url = "https://git.example/api/v3/";
  enterprise.then_json(200, R"({"access_token":"gho_1"})");
  enterprise.then(204, {}, "");
  CHECK_OUTCOME(exchange(), OAuthOutcome::ok);
  CHECK_OUTCOME(revoke_grant(), OAuthOutcome::ok);
  BOOST_TEST(enterprise.seen().at(0).target == "/sub/login/oauth/access_token");
  BOOST_TEST(enterprise.seen().at(1).target == "/api/v3/applications/Iv1.8a61f9b3/grant");
}

BOOST_AUTO_TEST_CASE(secrets_never_follow_a_redirect) {
  web.then(307, {{"Location", "https://git.example/login/oauth/access_token"}}, "");
  CHECK_OUTCOME(exchange(), OAuthOutcome::rejected);
  rest.then(307, {{"Location", "https://git.example/x"}}, "");
  CHECK_OUTCOME(revoke_grant(), OAuthOutcome::rejected);
  BOOST_TEST(enterprise.seen().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
