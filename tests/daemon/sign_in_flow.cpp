#include <boost/test/unit_test.hpp>

#include "storage/secrets.hpp"
#include "storage/sessions.hpp"
#include "tests/daemon/member_room.hpp"

using namespace tidemark;
using test::Browser;
using test::MemberRoom;

namespace {

const std::string site = MemberRoom::site;

}  // namespace

BOOST_AUTO_TEST_SUITE(sign_in_flow)

BOOST_AUTO_TEST_CASE(a_person_gets_from_the_landing_page_to_uploaded_weeks) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    Browser::Page page = co_await browser.visit(site);
    BOOST_TEST(page.status == 200u);
    BOOST_TEST(page.shows("/openhumans/start"));
    page = co_await life.sign_in(browser, "01234567");
    BOOST_TEST(page.url == site + "/member");
    BOOST_TEST(page.status == 200u);
    BOOST_TEST(page.shows("/github/connect"));
    BOOST_TEST(storage::name_of(life.member("01234567").state) == "not connected");
    page = co_await life.connect(browser, "mona");
    BOOST_TEST(page.url == site + "/member");
    co_await life.settled("sync", "01234567");
    page = co_await browser.visit(site + "/member");
    BOOST_TEST(page.shows("mona"));
    const storage::Member member = life.member("01234567");
    BOOST_TEST(storage::name_of(member.state) == "active");
    BOOST_TEST(member.login == "mona");
    BOOST_TEST(member.last_synced_ms > 0);
    BOOST_TEST(!room.world.openhumans.files("01234567").empty());
  });
  room.world.check();
}

BOOST_AUTO_TEST_CASE(the_enrollment_address_needs_nothing_and_leads_to_the_consent_page) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    const Browser::Page page = co_await browser.get(site + "/openhumans/start");
    BOOST_TEST(page.status == 303u);
    const std::string address = page.header("Location");
    BOOST_TEST(address.starts_with("https://openhumans.test/direct-sharing/projects/oauth2/"));
    BOOST_TEST(address.find("code_challenge_method=S256") != std::string::npos);
    BOOST_TEST(address.find("scope") == std::string::npos);
  });
}

BOOST_AUTO_TEST_CASE(who_says_no_at_open_humans_is_told_that_nothing_was_changed) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    room.world.openhumans.add_person("00000002", room.world.simulation.clock().wall_now());
    browser.set_cookie("openhumans.test", "sim_oh", "00000002");
    Browser::Page page = co_await browser.get(site + "/openhumans/start");
    const std::string authorize = page.header("Location");
    page = co_await browser.submit(authorize, test::form("allow", "no"));
    BOOST_TEST(page.url == site + "/");
    BOOST_TEST(page.status == 200u);
    BOOST_TEST(browser.cookies("tidemark.test").empty());  // the start and the flash are gone
    BOOST_TEST(!life.knows("00000002"));
  });
}

BOOST_AUTO_TEST_CASE(who_says_no_at_github_stays_signed_in_and_unconnected) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    Browser::Page page = co_await life.sign_in(browser, "00000003");
    browser.set_cookie("github.test", "sim_github", "mona");
    const http::Form form{{"csrf", page.hidden("csrf")}, {"private", "no"}};
    page = co_await browser.post(site + "/github/connect", form);
    const std::string authorize = page.header("Location");
    page = co_await browser.submit(authorize, test::form("allow", "no"));
    BOOST_TEST(page.url == site + "/member");
    BOOST_TEST(page.status == 200u);
    BOOST_TEST(storage::name_of(life.member("00000003").state) == "not connected");
  });
}

BOOST_AUTO_TEST_CASE(private_work_is_asked_for_by_scope_and_must_be_granted) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    Browser::Page page = co_await life.sign_in(browser, "00000004");
    browser.set_cookie("github.test", "sim_github", "mona");
    const http::Form form{{"csrf", page.hidden("csrf")}, {"private", "yes"}};
    page = co_await browser.post(site + "/github/connect", form);
    const std::string authorize = page.header("Location");
    BOOST_TEST(authorize.find("scope=repo") != std::string::npos);
    // The person takes the tick away: GitHub grants less than was asked.
    page = co_await browser.submit(authorize, test::form("allow", "yes", "choose", "yes"));
    const auto state = life.member("00000004").state;
    page = co_await life.connect(browser, "mona", "yes");
    BOOST_TEST(life.member("00000004").wants_private);
    BOOST_TEST(storage::name_of(state) == "not connected");
    BOOST_TEST(storage::name_of(life.member("00000004").state) == "active");
  });
}

BOOST_AUTO_TEST_CASE(an_account_that_another_member_has_is_explained) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser first = life.browser(), second = life.browser();
    (void)co_await life.sign_in(first, "00000005");
    (void)co_await life.connect(first, "mona");
    (void)co_await life.sign_in(second, "00000006");
    const Browser::Page page = co_await life.connect(second, "mona");
    BOOST_TEST(page.url == site + "/member");
    BOOST_TEST(storage::name_of(life.member("00000006").state) == "not connected");
    BOOST_TEST(storage::name_of(life.member("00000005").state) == "active");
  });
}

BOOST_AUTO_TEST_CASE(who_signs_in_again_is_the_same_member_in_a_new_session) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await life.sign_in(browser, "00000007");
    const std::string before = browser.cookies("tidemark.test")["__Host-tidemark"];
    (void)co_await life.sign_in(browser, "00000007");
    const std::string after = browser.cookies("tidemark.test")["__Host-tidemark"];
    BOOST_TEST(before != after);
    // The old session of this browser ended with it.
    Browser thief = life.browser();
    thief.set_cookie("tidemark.test", "__Host-tidemark", before);
    const Browser::Page page = co_await thief.get(site + "/member");
    BOOST_TEST(page.status == 303u);
  });
}

BOOST_AUTO_TEST_CASE(a_grant_for_more_than_is_wanted_now_is_given_anew) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await life.sign_in(browser, "00000008");
    (void)co_await life.connect(browser, "mona", "yes");
    BOOST_TEST(life.member("00000008").wants_private);
    // GitHub asks nothing and gives what it was allowed before; we end that and ask once more.
    Browser::Page page = co_await life.connect(browser, "mona", "no");
    BOOST_TEST(page.url.starts_with("https://github.test/login/oauth/authorize"), page.url);
    BOOST_TEST(page.status == 200u);
    BOOST_TEST(page.url.find("scope") == std::string::npos);
    page = co_await browser.submit(page.url, test::form("allow", "yes"));
    BOOST_TEST(page.url == site + "/member");
    const storage::Member member = life.member("00000008");
    BOOST_TEST(!member.wants_private);
    BOOST_TEST(storage::name_of(member.state) == "active");
    BOOST_TEST(life.token("00000008", "github").scope.find("repo") == std::string::npos);
    co_await life.settled("sync", "00000008");
    co_await life.settled("disconnect", "00000008");
  });
  BOOST_TEST(room.world.github.credentials().live_tokens("mona").used == 1u);
  room.world.check();
}

BOOST_AUTO_TEST_CASE(a_return_that_comes_twice_at_once_leads_to_the_members_page_both_times) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser(), twin = life.browser();
    const std::string from_openhumans = co_await life.openhumans_return(browser, "00000009");
    twin.cookies("tidemark.test") = browser.cookies("tidemark.test");
    Browser::Page page = co_await browser.visit(from_openhumans);
    BOOST_TEST(page.url == site + "/member");
    page = co_await twin.get(from_openhumans);
    BOOST_TEST(page.header("Location") == "/member");
    for (const std::string& set : twin.set_cookies())
      BOOST_TEST(set.find("flash") == set.npos, set);
    const std::string from_github = co_await life.github_return(browser, "mona");
    twin.cookies("tidemark.test") = browser.cookies("tidemark.test");
    page = co_await browser.visit(from_github);
    BOOST_TEST(page.url == site + "/member");
    page = co_await twin.get(from_github);
    BOOST_TEST(page.header("Location") == "/member");
    for (const std::string& set : twin.set_cookies())
      BOOST_TEST(set.find("flash") == set.npos, set);
  });
}

BOOST_AUTO_TEST_SUITE_END()
