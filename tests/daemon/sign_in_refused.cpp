// People who come back from a provider without a code, and those who only look.
#include <boost/test/unit_test.hpp>

#include "http/cookie.hpp"
#include "tests/daemon/member_room.hpp"

using namespace tidemark;
using test::Browser;
using test::MemberRoom;

namespace {

const std::string site = MemberRoom::site;

std::string state_in(const std::string& address) {
  const auto at = address.find("state=") + 6;
  return address.substr(at, address.find('&', at) - at);
}

struct Row {
  std::string error, words;
};
const std::vector<Row> rows = {
    {"access_denied", "You did not allow access at"},
    {"redirect_uri_mismatch", "Something is set up wrongly on our side"},
    {"application_suspended", "Something is set up wrongly on our side"},
    {"invalid_request", "Something is set up wrongly on our side"},
    {"unauthorized_client", "Something is set up wrongly on our side"},
    {"server_error", "could not be finished just now"},
    {"temporarily_unavailable", "could not be finished just now"},
    {"<b>never heard of</b>", "without letting you in"},
    {"", "used already, was too old, or was begun in another browser"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sign_in_refused)

BOOST_AUTO_TEST_CASE(who_comes_back_from_open_humans_without_a_code_reads_what_is_true) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    for (const Row& row : rows) {
      Browser browser = life.browser();
      Browser::Page page = co_await browser.get(site + "/openhumans/start");
      const http::Form back{{"error", row.error},
                            {"error_description", "words of the provider"},
                            {"state", state_in(page.header("Location"))}};
      page = co_await browser.visit(site + "/openhumans/complete?" + http::encode_form(back));
      BOOST_TEST(page.url == site + "/");
      BOOST_TEST(page.shows(row.words), row.error);
      BOOST_TEST(!page.shows("words of the provider"));
    }
  });
}

BOOST_AUTO_TEST_CASE(who_comes_back_from_github_without_a_code_reads_what_is_true) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await life.sign_in(browser, "00001111");
    for (const Row& row : rows) {
      Browser::Page page = co_await browser.visit(site + "/member");
      const http::Form connect{{"csrf", page.hidden("csrf")}};
      page = co_await browser.post(site + "/github/connect", connect);
      const http::Form back{{"error", row.error}, {"state", state_in(page.header("Location"))}};
      page = co_await browser.visit(site + "/github/complete?" + http::encode_form(back));
      BOOST_TEST(page.url == site + "/member");
      BOOST_TEST(page.shows(row.words), row.error);
    }
  });
}

BOOST_AUTO_TEST_CASE(who_says_no_to_a_second_grant_reads_that_the_first_one_has_ended) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await life.sign_in(browser, "00001111");
    (void)co_await life.connect(browser, "mona", "yes");
    co_await life.settled("sync", "00001111");
    Browser::Page page = co_await browser.visit(site + "/member");
    const http::Form narrow{{"csrf", page.hidden("csrf")}, {"private", "no"}};
    page = co_await browser.post(site + "/github/connect", narrow);
    const std::string first = state_in(page.header("Location"));
    // GitHub gives the union of what was granted before, so they are sent there again.
    page = co_await browser.get(page.header("Location"));
    page = co_await browser.get(page.header("Location"));
    const std::string second = state_in(page.header("Location"));
    BOOST_REQUIRE(second != first);
    const http::Form back{{"error", "access_denied"}, {"state", second}};
    page = co_await browser.visit(site + "/github/complete?" + http::encode_form(back));
    BOOST_TEST(page.shows("GitHub is not connected now"));
    BOOST_TEST(!page.shows("Nothing was changed"));
    BOOST_TEST(!life.member("00001111").wants_private);
    BOOST_TEST(life.commits("00001111") == 0u);
  });
}

BOOST_AUTO_TEST_CASE(what_strangers_bring_back_is_told_once_an_hour) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    daemon::Hourly& told = life.services.told;
    const std::int64_t now_ms = life.services.now_ms();
    for (int turn = 0; turn < 3; ++turn) {
      Browser browser = life.browser();
      Browser::Page page = co_await browser.get(site + "/openhumans/start");
      const http::Form back{{"error", "invalid_client"},
                            {"state", state_in(page.header("Location"))}};
      (void)co_await browser.visit(site + "/openhumans/complete?" + http::encode_form(back));
    }
    BOOST_TEST(!told.due("Open Humans invalid_client", now_ms));
    BOOST_TEST(told.due("Open Humans invalid_client", now_ms + 3'700'000));
  });
}

BOOST_AUTO_TEST_CASE(head_takes_no_code) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    const std::string back = co_await life.openhumans_return(browser, "00001111");
    std::string cookies;
    for (const auto& [name, value] : browser.cookies("tidemark.test")) {
      cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
    }
    http::Request request;
    request.method = "HEAD";
    request.target = back.substr(site.size());
    request.headers.set("Cookie", cookies);
    const http::Reply looked = co_await life.ask(std::move(request));
    BOOST_TEST(looked.response.status == 405u);
    BOOST_TEST(!life.knows("00001111"));
    const Browser::Page page = co_await browser.visit(back);
    BOOST_TEST(page.url == site + "/member");
    BOOST_TEST(life.knows("00001111"));
  });
}

BOOST_AUTO_TEST_CASE(open_pages_of_members_leave_the_sign_in_to_others_behind_their_address) {
  MemberRoom room;
  room.requests_per_minute = 30;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await life.sign_in(browser, "00001111");
    for (int look = 0; look < 200; ++look) {
      const auto page = co_await browser.get(site + "/member/progress");
      BOOST_REQUIRE(page.status == 200u);
    }
    BOOST_TEST((co_await browser.get(site + "/assets/site.css")).status == 200u);
    Browser other = life.browser();
    BOOST_TEST((co_await other.get(site + "/openhumans/start")).status == 303u);
    // A cookie that only looks like a session opens no second budget.
    Browser stranger = life.browser();
    unsigned refused = 0;
    for (int look = 0; look < 60; ++look) {
      stranger.set_cookie("tidemark.test", "__Host-tidemark", "00001111." + std::string(43, 'x'));
      const auto page = co_await stranger.get(site + "/member/progress");
      if (page.status == 429u) ++refused;
    }
    BOOST_TEST(refused >= 30u);
    // Nor does a session that has ended.
    const auto own = co_await browser.get(site + "/member");
    BOOST_TEST(own.status == 200u);
  });
}

BOOST_AUTO_TEST_SUITE_END()
