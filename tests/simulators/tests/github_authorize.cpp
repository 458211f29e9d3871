#include <boost/test/unit_test.hpp>

#include "tests/simulators/tests/signing_in_at_github.hpp"

using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

const std::string nobody;
const std::string challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

bool mentions(const http::Response& page, std::string_view text) {
  return page.body.find(text) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(github_authorize, SigningInAtGithub)

BOOST_AUTO_TEST_CASE(an_unknown_client_is_not_found) {
  BOOST_TEST(visit("/login/oauth/authorize?client_id=other").status == 404u);
}

BOOST_AUTO_TEST_CASE(who_is_logged_out_logs_in_and_comes_back) {
  http::Response asked = visit(question(), {}, nobody);
  BOOST_TEST(asked.status == 302u);
  BOOST_TEST(location_of(asked).starts_with("/login?client_id=Iv1.tidemark&return_to="));
  http::Response login = visit(location_of(asked), {}, nobody);
  BOOST_TEST(mentions(login, "<button name=\"login\" value=\"alice\">"));
  std::string return_to = query_field(location_of(asked), "return_to");
  http::Response done = visit("/login", {{"login", "alice"}, {"return_to", return_to}}, nobody);
  BOOST_TEST(done.headers.find("Set-Cookie")->starts_with("sim_github=alice;"));
  BOOST_TEST(query_field(location_of(done), "state") == "s 1");
  done = visit("/login", {{"login", "alice"}, {"return_to", "https://evil.test/"}}, nobody);
  BOOST_TEST(location_of(done) == "/login/device");
  BOOST_TEST(location_of(visit(question(), {}, "mallory")).starts_with("/login?"));
}

BOOST_AUTO_TEST_CASE(another_account_can_be_chosen) {
  http::Response asked = visit(question({{"prompt", "select_account"}}));
  BOOST_TEST(location_of(asked).starts_with("/login?"));
  BOOST_TEST(query_field(location_of(asked), "return_to").find("prompt") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(consent_names_the_scopes_and_brings_a_code_and_the_state) {
  http::Response page = visit(question({{"scope", "repo read:user"}}));
  BOOST_TEST(mentions(page, "<title>GitHub (simulated)</title>"));
  BOOST_TEST(mentions(page, "name=\"grant\" value=\"read:user\" checked"));
  BOOST_TEST(mentions(visit(question()), "public data only"));
  std::string place = consent({{"scope", "repo read:user"}});
  BOOST_TEST(place.starts_with(github_back + "?code="));
  BOOST_TEST(query_field(place, "state") == "s 1");
  auto granted = exchange({{"code", query_field(place, "code")}});
  BOOST_TEST(text_at(granted, "/scope") == "repo,read:user");
  BOOST_TEST(status_with(text_at(granted, "/access_token")) == 200u);
  BOOST_TEST(*last.response.headers.find("X-OAuth-Scopes") == "repo, read:user");
}

BOOST_AUTO_TEST_CASE(fewer_scopes_can_be_granted_than_were_asked) {
  http::Form ticked{{"allow", "yes"}, {"choose", "1"}, {"grant", "read:user"}, {"grant", "gist"}};
  std::string place = consent({{"scope", "repo read:user"}}, ticked);
  auto granted = exchange({{"code", query_field(place, "code")}});
  BOOST_TEST(text_at(granted, "/scope") == "read:user");
  http::Form none{{"allow", "yes"}, {"choose", "1"}};
  granted = exchange({{"code", query_field(consent({{"scope", "repo"}}, none), "code")}});
  BOOST_TEST(text_at(granted, "/scope").empty());
}

BOOST_AUTO_TEST_CASE(cancelling_is_access_denied) {
  std::string place = consent({}, {{"allow", "no"}});
  BOOST_TEST(query_field(place, "error") == "access_denied");
  BOOST_TEST(query_field(place, "error_description") ==
             "The user has denied your application access.");
  BOOST_TEST(query_field(place, "error_uri").starts_with("https://docs.github.com/"));
  BOOST_TEST(query_field(place, "state") == "s 1");
}

BOOST_AUTO_TEST_CASE(a_foreign_redirect_uri_leads_to_the_registered_one_or_to_a_page) {
  auto asked = [&](const std::string& redirect_uri) {
    http::Form form{{"client_id", "Iv1.tidemark"}, {"redirect_uri", redirect_uri}};
    return visit("/login/oauth/authorize?" + http::encode_form(form), {{"allow", "yes"}});
  };
  http::Response page = asked("http://evil.test/");
  BOOST_TEST(page.status == 400u);
  BOOST_TEST(location_of(page).empty());
  github.credentials().redirect_uris = "https://tidemark.test/github";
  std::string place = location_of(asked("https://evil.test/github"));
  BOOST_TEST(place.starts_with("https://tidemark.test/github?error=redirect_uri_mismatch&"));
  BOOST_TEST(location_of(asked("https://tidemark.test/github/complete"))
                 .starts_with("https://tidemark.test/github/complete?code="));
  BOOST_TEST(query_field(location_of(asked("https://tidemark.test/githubber")), "error") ==
             "redirect_uri_mismatch");
  BOOST_TEST(location_of(visit("/login/oauth/authorize?client_id=Iv1.tidemark"))
                 .starts_with("https://tidemark.test/github?code="));
}

BOOST_AUTO_TEST_CASE(a_challenge_must_be_s256_and_43_letters) {
  auto error_of = [&](const std::string& text, const std::string& method) {
    http::Form more{{"code_challenge", text}};
    if (!method.empty()) more.emplace_back("code_challenge_method", method);
    return query_field(consent(more), "error");
  };
  BOOST_TEST(error_of(challenge, "plain") == "invalid_request");
  BOOST_TEST(error_of(challenge, "") == "invalid_request");
  BOOST_TEST(error_of("short", "S256") == "invalid_request");
  BOOST_TEST(error_of(challenge, "S256") == "(none)");
}

BOOST_AUTO_TEST_CASE(an_account_that_agreed_before_sees_no_page) {
  BOOST_TEST(visit(question({{"scope", "repo"}})).status == 200u);
  consent({{"scope", "repo"}});
  BOOST_TEST(location_of(visit(question({{"scope", "repo"}}))).starts_with(github_back + "?code="));
  BOOST_TEST(visit(question({{"scope", "repo gist"}})).status == 200u);
  BOOST_TEST(visit(question({{"scope", "repo"}}), {}, "bob").status == 302u);  // to log in
}

BOOST_AUTO_TEST_CASE(without_a_scope_come_all_that_were_granted_before) {
  consent({{"scope", "repo"}});
  consent({{"scope", "gist"}});
  std::string place = location_of(visit(question()));
  auto granted = exchange({{"code", query_field(place, "code")}});
  BOOST_TEST(text_at(granted, "/scope") == "gist,repo");
}

BOOST_AUTO_TEST_CASE(signing_in_spends_no_quota) {
  token = sign_in();
  BOOST_TEST(github.ledger().total("core").points == 0u);
  ask("/user");
  BOOST_TEST(github.ledger().total("core").points == 1u);
}

BOOST_AUTO_TEST_CASE(faults_meet_the_pages_by_their_path) {
  Fault fault;
  fault.path = "/login/oauth/authorize";
  fault.times = 1;
  github.faults().add(fault);
  BOOST_TEST(visit("/login").status == 200u);
  BOOST_TEST(visit(question()).status == 502u);
  BOOST_TEST(visit(question()).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
