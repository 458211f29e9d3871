#include <boost/test/unit_test.hpp>

#include "tests/simulators/sign_in/page.hpp"
#include "tests/simulators/tests/asking.hpp"

using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

const std::string authorize = "/direct-sharing/projects/oauth2/authorize/";
const std::string back = "http://127.0.0.1:7411/openhumans/complete";
const std::string nobody, newcomer = "00000042";

struct AuthorizePage : AskingOpenHumans {
  static std::string question(http::Form more = {}, const std::string& redirect_uri = back) {
    http::Form form{{"client_id", "tidemark"}, {"response_type", "code"}, {"state", "a b"}};
    if (!redirect_uri.empty()) form.emplace_back("redirect_uri", redirect_uri);
    form.insert(form.end(), more.begin(), more.end());
    return authorize + "?" + http::encode_form(form);
  }
};

bool mentions(const http::Response& page, std::string_view text) {
  return page.body.find(text) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(openhumans_authorize, AuthorizePage)

BOOST_AUTO_TEST_CASE(an_unknown_client_is_not_found) {
  for (const char* client : {"?response_type=code", "?client_id=other&response_type=code"}) {
    http::Response page = visit(authorize + client);
    BOOST_TEST(page.status == 404u);
    BOOST_TEST(page.headers.find("Content-Type")->starts_with("text/html"));
  }
}

BOOST_AUTO_TEST_CASE(who_is_logged_out_logs_in_and_comes_back) {
  http::Response asked = visit(question(), {}, nobody);
  BOOST_TEST(asked.status == 302u);
  BOOST_TEST(location_of(asked) == "/account/login/");
  std::string kept(*asked.headers.find("Set-Cookie"));
  http::Response login = visit("/account/login/", {}, nobody);
  BOOST_TEST(mentions(login, "<button class=\"main\" name=\"member\" value=\"01234567\">"));
  http::Request chosen{"POST", "/account/login/", {}, "member=01234567"};
  chosen.headers.set("Content-Type", "application/x-www-form-urlencoded");
  chosen.headers.set("Cookie", kept.substr(0, kept.find(';')));
  auto done =
      openhumans.answer(chosen, tidemark::async::WallTime(std::chrono::milliseconds(now_ms)))
          .response;
  BOOST_TEST(done.headers.find("Set-Cookie")->starts_with("sim_oh=01234567;"));
  BOOST_TEST(location_of(done).starts_with(authorize + "?client_id=tidemark&"));
  BOOST_TEST(query_field(location_of(done), "state") == "a b");
}

BOOST_AUTO_TEST_CASE(login_leads_nowhere_but_to_our_own_pages) {
  http::Request chosen{"POST", "/account/login/", {}, "member=01234567"};
  chosen.headers.set("Content-Type", "application/x-www-form-urlencoded");
  chosen.headers.set("Cookie", "sim_oh_next=https%3A%2F%2Fevil.test%2F");
  auto done =
      openhumans.answer(chosen, tidemark::async::WallTime(std::chrono::milliseconds(now_ms)))
          .response;
  BOOST_TEST(location_of(done) == "/member/me/");
}

BOOST_AUTO_TEST_CASE(someone_new_gets_an_id_of_eight_digits) {
  http::Response first = visit("/account/login/", {{"new", "1"}}, nobody);
  http::Response second = visit("/account/login/", {{"new", "1"}}, nobody);
  std::string cookie(*first.headers.find("Set-Cookie"));
  BOOST_TEST(cookie.substr(0, cookie.find(';')).size() == std::string("sim_oh=12345678").size());
  BOOST_TEST(*second.headers.find("Set-Cookie") != cookie);
  BOOST_TEST(openhumans.members().size() == 3u);
  BOOST_TEST(openhumans.members().back().left);  // has an account, not joined
}

BOOST_AUTO_TEST_CASE(consent_brings_a_code_the_state_and_the_origin) {
  http::Response page = visit(question(), {}, newcomer);
  BOOST_TEST(page.status == 200u);
  BOOST_TEST(mentions(page, "<title>Open Humans (simulated)</title>"));
  BOOST_TEST(mentions(page, "<input type=\"hidden\" name=\"state\" value=\"a b\">"));
  BOOST_TEST(openhumans.find_member(newcomer)->left);
  std::string place = location_of(visit(question(), {{"allow", "yes"}}, newcomer));
  BOOST_TEST(place.starts_with(back + "?code="));
  BOOST_TEST(place.ends_with("&state=a+b&origin=external"));
  BOOST_TEST(query_field(place, "code").size() == 30u);
  BOOST_TEST(!openhumans.find_member(newcomer)->left);
}

BOOST_AUTO_TEST_CASE(the_consent_form_alone_holds_all_that_was_asked) {
  http::Form form{{"client_id", "tidemark"},
                  {"response_type", "code"},
                  {"redirect_uri", back},
                  {"state", "s"},
                  {"allow", "yes"}};
  BOOST_TEST(query_field(location_of(visit(authorize, form, newcomer)), "state") == "s");
}

BOOST_AUTO_TEST_CASE(cancelling_is_an_error_without_origin) {
  std::string place = location_of(visit(question(), {{"allow", "no"}}, newcomer));
  BOOST_TEST(place == back + "?error=access_denied&state=a+b");
  BOOST_TEST(openhumans.find_member(newcomer)->left);
}

BOOST_AUTO_TEST_CASE(wrong_questions_come_back_as_errors) {
  auto error_of = [&](const std::string& response_type, const std::string& scope) {
    http::Form form{{"client_id", "tidemark"}, {"redirect_uri", back}, {"scope", scope}};
    if (!response_type.empty()) form.emplace_back("response_type", response_type);
    return location_of(visit(authorize + "?" + http::encode_form(form)));
  };
  BOOST_TEST(error_of("", "") ==
             back +
                 "?error=invalid_request&error_description=Missing+response_type"
                 "+parameter.");
  BOOST_TEST(error_of("token", "") == back + "?error=unauthorized_client");
  BOOST_TEST(error_of("code", "read secrets") == back + "?error=invalid_scope");
  BOOST_TEST(error_of("code", "read write").starts_with(back + "?code="));
}

BOOST_AUTO_TEST_CASE(a_wrong_redirect_uri_is_a_page_and_no_redirect) {
  openhumans.settings().redirect_uris = back + " https://tidemark.test/openhumans/complete";
  for (const std::string& wrong :
       {std::string("https://evil.test/"), back + "/more", std::string()}) {
    http::Response page = visit(question({}, wrong));
    BOOST_TEST(page.status == 400u);
    BOOST_TEST(location_of(page).empty());
  }
  std::string place = location_of(visit(question({}, back + "?lang=en")));
  BOOST_TEST(place.starts_with(back + "?lang=en&code="));
  openhumans.settings().redirect_uris = back;
  BOOST_TEST(location_of(visit(question({}, ""))).starts_with(back + "?code="));
}

BOOST_AUTO_TEST_CASE(without_registration_only_loopback_and_https_are_taken) {
  BOOST_TEST(visit(question({}, "https://tidemark.test/x")).status == 302u);
  BOOST_TEST(visit(question({}, "http://localhost:9/x")).status == 302u);
  BOOST_TEST(visit(question({}, "http://tidemark.test/x")).status == 400u);
  BOOST_TEST(visit(question({}, "http://127.0.0.1.evil.test/x")).status == 400u);
}

BOOST_AUTO_TEST_CASE(a_member_with_a_live_token_sees_no_page) {
  BOOST_TEST(location_of(visit(question())).starts_with(back + "?code="));
  BOOST_TEST(visit(question({{"approval_prompt", "force"}})).status == 200u);
  openhumans.expire_access_tokens();
  BOOST_TEST(visit(question()).status == 200u);
}

BOOST_AUTO_TEST_CASE(nobody_joins_an_inactive_project) {
  openhumans.settings().project_active = false;
  BOOST_TEST(location_of(visit(question())) == "/direct-sharing/authorize-inactive/");
  BOOST_TEST(visit("/direct-sharing/authorize-inactive/").status == 200u);
  BOOST_TEST(get("/api/direct-sharing/project/exchange-member/").status == 200u);
}

BOOST_AUTO_TEST_CASE(the_project_page_leads_to_the_enrollment_url) {
  openhumans.settings().enrollment_url = "http://127.0.0.1:7411/openhumans/start";
  BOOST_TEST(mentions(visit("/project/"),
                      "<a href=\"http://127.0.0.1:7411/openhumans/start\">Connect</a>"));
}

BOOST_AUTO_TEST_CASE(pages_escape_what_they_are_given) {
  http::Response page = visit(question({{"code_challenge", "\"><script>'&"}}), {}, newcomer);
  BOOST_TEST(mentions(page, "value=\"&quot;&gt;&lt;script&gt;&#39;&amp;\""));
}

BOOST_AUTO_TEST_SUITE_END()
