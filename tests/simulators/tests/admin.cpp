#include "tests/simulators/admin.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/tests/asking.hpp"

namespace json = boost::json;
using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

struct AdminPort {
  http::Response ask(const std::string& method, const std::string& target,
                     const json::object& body = {}) {
    http::Request request{method, target, {}, body.empty() ? "" : json::serialize(body)};
    return admin.answer(request, wall_time(github.now_ms));
  }
  std::string error_of(const std::string& target, const json::object& body) {
    http::Response refused = ask("POST", target, body);
    BOOST_TEST(refused.status == 400u);
    return text_at(parsed(refused), "/error");
  }

  AskingGithub github;
  AskingOpenHumans openhumans;
  Admin admin{github.github, openhumans.openhumans};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(admin_port, AdminPort)

BOOST_AUTO_TEST_CASE(the_ledgers_can_be_read_and_reset) {
  github.ask("/user");
  openhumans.upload("a.json", "abc");
  json::value ledger = parsed(ask("GET", "/ledger"));
  BOOST_TEST(text_at(ledger, "/github/owners/0/owner") == github.owner());
  BOOST_TEST(number_at(ledger, "/github/owners/0/windows/0/points") == 1);
  BOOST_TEST(number_at(ledger, "/uploads/members/0/bytes_put") == 3);
  BOOST_TEST(text_at(ledger, "/uploads/members/0/events/2/what") == "completed");
  ask("POST", "/ledger/reset");
  BOOST_TEST(parsed(ask("GET", "/ledger")).at_pointer("/github/owners").as_array().empty());
}

BOOST_AUTO_TEST_CASE(files_are_shown_with_their_bytes) {
  openhumans.upload("a.json", "{\"week\": 1}\n");
  openhumans.upload("b.bin", "\xff");
  json::value files = parsed(ask("GET", "/files/01234567"));
  BOOST_TEST(text_at(files, "/files/0/text") == "{\"week\": 1}\n");
  BOOST_TEST(text_at(files, "/files/1/base64") == "/w==");
}

BOOST_AUTO_TEST_CASE(faults_and_quotas_are_set) {
  ask("POST", "/faults",
      {{"github", json::array{json::object{{"kind", "status_html"}, {"status", 503}}}}});
  BOOST_TEST(github.ask("/user").status == 503u);
  ask("POST", "/faults", {{"clear", true}});
  ask("POST", "/quota", {{"core", 1}, {"window_ms", 1000}, {"refusal_status", 429}});
  BOOST_TEST(github.ask("/user").status == 200u);
  BOOST_TEST(github.ask("/user").status == 429u);
  BOOST_TEST(error_of("/quota", {{"window_ms", 0}}) == "quota: cannot use \"window_ms\"");
  BOOST_TEST(error_of("/faults", {{"github", json::array{json::object{{"kind", "hail"}}}}}) ==
             "fault: unknown kind \"hail\"");
}

BOOST_AUTO_TEST_CASE(the_world_is_changed) {
  json::object commit{{"repo", "acme/tool"},
                      {"sha", "abc"},
                      {"author", "alice"},
                      {"authored", "2024-01-01T00:00:00Z"},
                      {"committed", "2024-01-01T00:00:00Z"},
                      {"additions", 1},
                      {"deletions", 0},
                      {"subject", "late"}};
  BOOST_TEST(ask("POST", "/world", {{"add_commits", json::array{commit}}}).status == 200u);
  BOOST_TEST(github.ask("/repos/acme/tool/commits").status == 200u);
  ask("POST", "/world",
      {{"rename", json::array{json::object{{"repo", "acme/tool"}, {"to", "acme/axe"}}}}});
  BOOST_TEST(github.ask("/repos/acme/tool").status == 301u);
  ask("POST", "/world",
      {{"access", json::array{json::object{{"repo", "acme/axe"}, {"access", "dmca"}}}}});
  BOOST_TEST(github.ask("/repos/acme/axe").status == 451u);
  BOOST_TEST(error_of("/world", {{"empty", json::array{json::object{{"repo", "no/such"}}}}}) ==
             "no repository \"no/such\" in this world");
}

BOOST_AUTO_TEST_CASE(members_and_tokens_are_made_and_taken) {
  json::value member = parsed(ask("POST", "/members", {{"id", "00000009"}, {"login", "Alice"}}));
  BOOST_TEST(text_at(member, "/login") == "alice");
  github.token = text_at(member, "/github_token");
  openhumans.access = text_at(member, "/openhumans_access");
  BOOST_TEST(github.ask("/user").status == 200u);
  BOOST_TEST(text_at(parsed(openhumans.get("/api/direct-sharing/project/exchange-member/")),
                     "/project_member_id") == "00000009");
  ask("POST", "/tokens", {{"revoke_github", github.token}, {"openhumans_leaves", "00000009"}});
  BOOST_TEST(github.ask("/user").status == 401u);
  BOOST_TEST(openhumans.get("/api/direct-sharing/project/exchange-member/").status == 401u);
  BOOST_TEST(
      error_of("/members", {{"id", "1"}, {"login", "nobody"}}).starts_with("member 1: no account"));
}

BOOST_AUTO_TEST_CASE(a_member_leaves_with_erasure_and_the_ledger_shows_the_call) {
  ask("POST", "/settings",
      {{"deauth_webhook", "http://127.0.0.1:1/deauth"}, {"webhook_secret", "abcdefghijklmnop"}});
  ask("POST", "/tokens", {{"openhumans_erase", "01234567"}});
  auto webhook = openhumans.openhumans.next_webhook();
  BOOST_REQUIRE(webhook.has_value());
  BOOST_TEST(webhook->signature.starts_with("sha1="));
  openhumans.openhumans.webhook_answered(*webhook, 200, wall_time(github.now_ms));
  json::value ledger = parsed(ask("GET", "/ledger"));
  BOOST_TEST(number_at(ledger, "/webhooks/0/status") == 200);
  BOOST_TEST(text_at(ledger, "/webhooks/0/member") == "01234567");
  BOOST_TEST(ledger.at_pointer("/webhooks/0/signed").as_bool());
}

BOOST_AUTO_TEST_CASE(the_ledger_counts_members_who_must_sign_in_again) {
  http::Form form{{"grant_type", "refresh_token"}, {"refresh_token", openhumans.refresh}};
  openhumans.post_form("/oauth2/token/", form);
  json::value ledger = parsed(ask("GET", "/ledger"));
  BOOST_TEST(number_at(ledger, "/lost_pairs/answered_unused") == 1);
  BOOST_TEST(number_at(ledger, "/lost_pairs/answer_cut") == 0);
  BOOST_TEST(number_at(ledger, "/lost_pairs/openhumans/answered_unused") == 1);
  BOOST_TEST(number_at(ledger, "/lost_pairs/github/answered_unused") == 0);
}

BOOST_AUTO_TEST_CASE(the_registration_is_changed) {
  ask("POST", "/settings",
      {{"enrollment_url", "http://127.0.0.1:2/start"},
       {"openhumans_redirect_uris", "https://a.test/"},
       {"project_active", false},
       {"github_redirect_uris", "https://b.test/"},
       {"github_app", true},
       {"github_access_lifetime_s", 5},
       {"device_flow", false},
       {"unverified_logins", json::array{"alice"}}});
  BOOST_TEST(openhumans.openhumans.settings().redirect_uris == "https://a.test/");
  BOOST_TEST(!openhumans.openhumans.settings().project_active);
  const Credentials& credentials = github.github.credentials();
  BOOST_TEST(credentials.github_app);
  BOOST_TEST(credentials.access_lifetime_s == 5);
  BOOST_TEST(!credentials.device_flow);
  BOOST_TEST(credentials.unverified_logins.contains("alice"));
  BOOST_TEST(error_of("/settings", {{"colour", "red"}}) == "settings: unknown key \"colour\"");
}

BOOST_AUTO_TEST_SUITE_END()
