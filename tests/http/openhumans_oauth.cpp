// The sign-in with Open Humans: contract 3.1, 3.2 and 3.4, answer by answer.
#include <boost/test/unit_test.hpp>

#include "http/openhumans/api.hpp"
#include "http/openhumans/verdict.hpp"
#include "http/url.hpp"
#include "tests/http/scripted_host.hpp"

namespace tidemark::test {
namespace {

using http::openhumans::Api;
using http::openhumans::ApiSettings;
using http::openhumans::Grant;
using http::openhumans::name_of;
using http::openhumans::Nothing;
using http::openhumans::Outcome;
using http::openhumans::Result;

struct SignIn : SimulatedClient {
  ScriptedHost host{simulation, "www.openhumans.org"};
  ApiSettings settings{
      .url = "https://www.openhumans.org", .client_id = "id", .client_secret = "secret+1"};

  template <class Value>
  Result<Value> ask(std::function<async::Task<Result<Value>>(Api&)> call) {
    std::optional<Result<Value>> result;
    simulation.run([&]() -> async::Task<void> {
      Api api(client, simulation.clock(), settings);
      Result<Value> got = co_await call(api);
      result.emplace(std::move(got));
    });
    return std::move(*result);
  }
  Result<Grant> exchange(const std::string& code = "code-1") {
    return ask<Grant>([&](Api& api) {
      return api.exchange(code, "verifier-1", "https://tidemark.test/openhumans/complete");
    });
  }
  Result<Nothing> revoke(const std::string& token = "token-1") {
    return ask<Nothing>([&](Api& api) { return api.revoke(token); });
  }
  http::Form form(std::size_t request) { return *http::decode_form(host.seen().at(request).body); }
};

#define CHECK_OUTCOME(call, expected)                                         \
  do {                                                                        \
    const auto& judged = (call);                                              \
    BOOST_TEST(name_of(judged.outcome) == name_of(expected), judged.message); \
  } while (false)

const std::string granted =
    R"({"access_token":"a1","expires_in":36000,"token_type":"Bearer","scope":"read write","refresh_token":"r1"})";

BOOST_FIXTURE_TEST_SUITE(openhumans_oauth, SignIn)

BOOST_AUTO_TEST_CASE(the_browser_is_sent_with_state_and_challenge_and_no_scope) {
  settings.url = "https://www.openhumans.org/";
  settings.client_id = "a&b";
  const Api api(client, simulation.clock(), settings);
  BOOST_TEST(api.configured());
  BOOST_TEST(
      api.authorize_url("st&te", "challenge_-", "https://tidemark.test/openhumans/complete") ==
      "https://www.openhumans.org/direct-sharing/projects/oauth2/authorize/?client_id=a%26b"
      "&response_type=code&redirect_uri=https%3A%2F%2Ftidemark.test%2Fopenhumans%2Fcomplete"
      "&state=st%26te&code_challenge=challenge_-&code_challenge_method=S256");
}

BOOST_AUTO_TEST_CASE(without_a_client_id_there_is_no_sign_in) {
  settings.client_id.clear();
  BOOST_TEST(!Api(client, simulation.clock(), settings).configured());
}

BOOST_AUTO_TEST_CASE(a_code_is_exchanged_with_its_verifier_and_our_secret_in_the_header) {
  host.then_json(200, granted);
  const auto result = exchange();
  CHECK_OUTCOME(result, Outcome::ok);
  BOOST_TEST(result.value.access == "a1");
  BOOST_TEST(result.value.refresh == "r1");
  BOOST_TEST(result.value.expires_in_s == 36'000);
  BOOST_TEST(host.seen().at(0).method == "POST");
  BOOST_TEST(host.seen().at(0).target == "/oauth2/token/");
  BOOST_TEST(host.header(0, "authorization") == "Basic aWQ6c2VjcmV0JTJCMQ==");  // id:secret%2B1
  BOOST_TEST(host.header(0, "content-type") == "application/x-www-form-urlencoded");
  BOOST_TEST(http::form_value(form(0), "grant_type").value() == "authorization_code");
  BOOST_TEST(http::form_value(form(0), "code").value() == "code-1");
  BOOST_TEST(http::form_value(form(0), "code_verifier").value() == "verifier-1");
  BOOST_TEST(http::form_value(form(0), "redirect_uri").value() ==
             "https://tidemark.test/openhumans/complete");
  BOOST_TEST(!http::form_value(form(0), "client_secret").has_value());
}

BOOST_AUTO_TEST_CASE(every_refusal_of_a_code_has_its_meaning) {
  struct Row {
    unsigned status;
    std::string body;
    Outcome outcome;
    std::string says = {};
  };
  const std::vector<Row> rows = {
      {400, R"({"error": "invalid_grant"})", Outcome::invalid_grant},
      {401, R"({"error": "invalid_grant"})", Outcome::invalid_grant},
      {400, R"({"error": "invalid_request", "error_description": "Missing code parameter."})",
       Outcome::rejected, "Missing code"},
      {400, R"({"error": "invalid_request", "error_description": "Mismatching redirect URI."})",
       Outcome::rejected, "Mismatching redirect URI"},
      {400, R"({"error": "invalid_request", "error_description": "Code verifier required."})",
       Outcome::rejected, "Code verifier"},
      {401, R"({"error": "invalid_client"})", Outcome::invalid_client},
      {400, R"({"error": "unsupported_grant_type"})", Outcome::rejected},
      {400, R"({"error": "unauthorized_client"})", Outcome::rejected},
      {200, R"({"access_token":"a1","expires_in":36000})", Outcome::transient, "refresh_token"},
      {200, "[]", Outcome::transient, "access_token"},
      {200, R"({"access_token":"secret-half)", Outcome::transient, "not JSON"},
      {301, "", Outcome::rejected, "redirect"},
      {500, R"({"detail":"x"})", Outcome::transient},
  };
  for (const Row& row : rows) {
    host.then_json(row.status, row.body);
    const auto result = exchange();
    CHECK_OUTCOME(result, row.outcome);
    BOOST_TEST(result.message.find(row.says) != std::string::npos, result.message);
    BOOST_TEST(result.message.find("secret-half") == std::string::npos, result.message);
    BOOST_TEST(result.value.access == "");
  }
  BOOST_TEST(host.seen().size() == rows.size());
}

BOOST_AUTO_TEST_CASE(a_page_where_tokens_belong_is_for_later) {
  for (const unsigned status : {200U, 400U, 405U, 503U}) {
    host.then(status, {{"Content-Type", "text/html"}}, "<html>Application error</html>");
    CHECK_OUTCOME(exchange(), Outcome::transient);
  }
}

BOOST_AUTO_TEST_CASE(a_code_is_sent_once_whatever_happens) {
  simulation.set_faults({.refuse = 0, .cut_answer = 1});
  host.then_json(200, granted);
  CHECK_OUTCOME(exchange(), Outcome::transient);
  BOOST_TEST(host.seen().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_revoked_token_has_an_empty_answer) {
  host.then(200, {}, "");
  CHECK_OUTCOME(revoke(), Outcome::ok);
  BOOST_TEST(host.seen().at(0).method == "POST");
  BOOST_TEST(host.seen().at(0).target == "/oauth2/revoke_token/");
  BOOST_TEST(host.seen().at(0).body == "token=token-1");
  BOOST_TEST(host.header(0, "authorization") == "Basic aWQ6c2VjcmV0JTJCMQ==");
  host.then_json(200, "{}");
  CHECK_OUTCOME(revoke(), Outcome::ok);
}

BOOST_AUTO_TEST_CASE(a_revocation_that_did_not_happen_is_not_ok) {
  host.then_json(401, R"({"error": "invalid_client"})");
  CHECK_OUTCOME(revoke(), Outcome::invalid_client);
  host.then_json(400, R"({"error": "unsupported_token_type"})");
  CHECK_OUTCOME(revoke(), Outcome::rejected);
  host.then(200, {{"Content-Type", "text/html"}}, "<html>Sign in to the hotel's network</html>");
  CHECK_OUTCOME(revoke(), Outcome::transient);
  host.then(204, {}, "");
  CHECK_OUTCOME(revoke(), Outcome::transient);
  host.then(503, {}, "");
  CHECK_OUTCOME(revoke(), Outcome::transient);
}

BOOST_AUTO_TEST_CASE(tokens_are_told_and_no_secret_is_in_a_message) {
  std::vector<std::string> told;
  settings.on_secret = [&told](const std::string& secret) { told.push_back(secret); };
  host.then_json(200, granted);
  (void)exchange();
  // Not the code and its verifier: anybody may bring one, and would fill the log's memory.
  BOOST_TEST(told == std::vector<std::string>({"a1", "r1"}), boost::test_tools::per_element());
  told.clear();
  host.then_json(400, R"({"detail": "code-1 and verifier-1 of secret+1"})");
  const auto refused = exchange();
  BOOST_TEST(refused.message.find("code-1") == std::string::npos, refused.message);
  BOOST_TEST(refused.message.find("verifier-1") == std::string::npos, refused.message);
  host.then_json(400, R"({"detail": "token-1"})");
  const auto kept = revoke();
  BOOST_TEST(told.back() == "token-1");
  BOOST_TEST(kept.message.find("token-1") == std::string::npos, kept.message);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
