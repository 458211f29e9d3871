#include <boost/test/unit_test.hpp>

#include "storage/sign_ins.hpp"
#include "tests/daemon/member_room.hpp"

using namespace tidemark;
using test::Browser;
using test::MemberRoom;

namespace {

const std::string site = MemberRoom::site;
const std::string session_cookie = "__Host-tidemark";

bool is_signed_in(Browser& browser) {
  return browser.cookies("tidemark.test").contains(session_cookie);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sign_in_attacks)

BOOST_AUTO_TEST_CASE(a_state_that_we_never_gave_signs_nobody_in) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser victim = life.browser();
    const std::string right = co_await life.openhumans_return(victim, "00000001");
    const auto state_at = right.find("state=") + 6;
    std::string forged = right;
    forged[state_at] = forged[state_at] == 'A' ? 'B' : 'A';
    const std::vector<std::string> attempts = {
        forged, right.substr(0, right.find("state=")) + "origin=x",
        site + "/openhumans/complete?code=x&state=", site + "/openhumans/complete"};
    for (const std::string& address : attempts) {
      const Browser::Page page = co_await victim.visit(address);
      BOOST_TEST(page.url == site + "/");
      BOOST_TEST(page.status == 200u);
      BOOST_TEST(!is_signed_in(victim));
    }
    BOOST_TEST(!life.knows("00000001"));
    // The right one still works: nothing was spoiled.
    (void)co_await victim.visit(right);
    BOOST_TEST(is_signed_in(victim));
  });
}

BOOST_AUTO_TEST_CASE(a_start_cookie_that_was_tampered_with_is_none) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser victim = life.browser();
    const std::string back = co_await life.openhumans_return(victim, "00000001");
    for (auto& [name, value] : victim.cookies("tidemark.test")) {
      value.back() = value.back() == '0' ? '1' : '0';
    }
    const Browser::Page page = co_await victim.visit(back);
    BOOST_TEST(page.url == site + "/");
    BOOST_TEST(!is_signed_in(victim));
  });
}

BOOST_AUTO_TEST_CASE(a_state_is_good_in_the_browser_that_began_and_in_no_other) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    // Login CSRF: the attacker sends the victim the end of the attacker's own sign-in.
    Browser attacker = life.browser(), victim = life.browser();
    const std::string back = co_await life.openhumans_return(attacker, "00000001");
    const Browser::Page page = co_await victim.visit(back);
    BOOST_TEST(page.url == site + "/");
    BOOST_TEST(!is_signed_in(victim));
    BOOST_TEST(!life.knows("00000001"));
  });
}

BOOST_AUTO_TEST_CASE(a_state_is_good_for_two_hours) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    const std::string back = co_await life.openhumans_return(browser, "00000001");
    co_await room.world.simulation.clock().sleep_for(std::chrono::minutes(121));
    const Browser::Page page = co_await browser.visit(back);
    BOOST_TEST(page.url == site + "/");
    BOOST_TEST(!is_signed_in(browser));
    // Starting over is harmless.
    (void)co_await life.sign_in(browser, "00000001");
    BOOST_TEST(is_signed_in(browser));
  });
}

BOOST_AUTO_TEST_CASE(a_state_is_taken_once_whoever_brings_it) {
  MemberRoom room;
  std::size_t exchanges = 0;  // codes brought to the provider
  room.world.after_openhumans = [&](const http::Request& request) {
    if (request.target == "/oauth2/token/") ++exchanges;
  };
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    const std::string back = co_await life.openhumans_return(browser, "00000001");
    const auto cookies = browser.cookies("tidemark.test");
    (void)co_await browser.visit(back);
    BOOST_TEST(is_signed_in(browser));
    BOOST_TEST(exchanges == 1u);
    // The same browser again, and a thief who copied its cookies before.
    Browser thief = life.browser();
    thief.cookies("tidemark.test") = cookies;
    const Browser::Page again = co_await browser.visit(back);
    const Browser::Page stolen = co_await thief.visit(back);
    BOOST_TEST(again.url == site + "/member");  // still signed in, and told to start again
    BOOST_TEST(stolen.url == site + "/");
    BOOST_TEST(!is_signed_in(thief));
    BOOST_TEST(exchanges == 1u);  // the provider was not even asked
  });
}

BOOST_AUTO_TEST_CASE(two_returns_at_the_same_time_are_one_sign_in) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    const std::string back = co_await life.openhumans_return(browser, "00000001");
    Browser twin = life.browser();
    twin.cookies("tidemark.test") = browser.cookies("tidemark.test");
    async::TaskGroup both(room.world.simulation.executor(), 2,
                          [](const std::string&, std::exception_ptr) { BOOST_TEST(false); });
    auto visit = [back](Browser& one) -> async::Task<void> { (void)co_await one.visit(back); };
    BOOST_TEST(both.spawn("first", visit(browser)));
    BOOST_TEST(both.spawn("second", visit(twin)));
    co_await both.join();
    BOOST_TEST((is_signed_in(browser) != is_signed_in(twin)));
  });
  room.world.check();
}

BOOST_AUTO_TEST_CASE(a_code_of_somebody_else_is_worth_nothing_in_our_sign_in) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    // Code injection: the attacker's own code in the victim's return. PKCE tells them apart.
    Browser attacker = life.browser(), victim = life.browser();
    const std::string stolen = co_await life.openhumans_return(attacker, "00000666");
    const std::string mine = co_await life.openhumans_return(victim, "00000001");
    const auto code = [](const std::string& address) {
      const auto start = address.find("code=") + 5;
      return address.substr(start, address.find('&', start) - start);
    };
    std::string injected = mine;
    injected.replace(injected.find(code(mine)), code(mine).size(), code(stolen));
    const Browser::Page page = co_await victim.visit(injected);
    BOOST_TEST(page.url == site + "/");
    BOOST_TEST(!is_signed_in(victim));
    BOOST_TEST(!life.knows("00000666"));
  });
}

BOOST_AUTO_TEST_CASE(a_github_return_counts_only_for_the_member_who_set_out) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await life.sign_in(browser, "00000001");
    const std::string back = co_await life.github_return(browser, "mona");
    // Somebody else signs in with the same browser before the return.
    (void)co_await life.sign_in(browser, "00000002");
    const Browser::Page page = co_await browser.visit(back);
    BOOST_TEST(page.url == site + "/member");
    for (const char* id : {"00000001", "00000002"}) {
      BOOST_TEST(storage::name_of(life.member(id).state) == "not connected");
    }
    // And one provider's return is none of the other's.
    const std::string openhumans = co_await life.openhumans_return(browser, "00000002");
    const std::string crossed = site + "/github/complete" + openhumans.substr(openhumans.find('?'));
    (void)co_await browser.visit(crossed);
    BOOST_TEST(storage::name_of(life.member("00000002").state) == "not connected");
  });
}

BOOST_AUTO_TEST_CASE(a_session_cannot_be_fixed_from_outside) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    const std::string planted = "00000001." + std::string(43, 'x');
    browser.set_cookie("tidemark.test", session_cookie, planted);
    (void)co_await life.sign_in(browser, "00000001");
    BOOST_TEST(browser.cookies("tidemark.test")[session_cookie] != planted);
    Browser attacker = life.browser();
    attacker.set_cookie("tidemark.test", session_cookie, planted);
    {
      const auto answer = co_await attacker.get(site + "/member");
      BOOST_TEST(answer.status == 303u);
    }
  });
}

BOOST_AUTO_TEST_CASE(a_session_ends_when_it_is_not_used_or_old_or_signed_out) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    auto& clock = room.world.simulation.clock();
    Browser idle = life.browser(), busy = life.browser(), out = life.browser();
    (void)co_await life.sign_in(idle, "00000001");
    (void)co_await life.sign_in(busy, "00000001");
    for (int day = 0; day < 29; ++day) {
      co_await clock.sleep_for(std::chrono::hours(24));
      {
        const auto answer = co_await busy.get(site + "/member");
        BOOST_TEST(answer.status == 200u);
      }
    }
    {
      const auto answer = co_await idle.get(site + "/member");
      BOOST_TEST(answer.status == 303u);
    }
    co_await clock.sleep_for(std::chrono::hours(25));
    {
      const auto answer = co_await busy.get(site + "/member");
      BOOST_TEST(answer.status == 303u);
    }
    const Browser::Page page = co_await life.sign_in(out, "00000001");
    const auto copied = out.cookies("tidemark.test");
    (void)co_await out.submit(site + "/sign-out", test::form("csrf", page.hidden("csrf")));
    BOOST_TEST(!is_signed_in(out));
    Browser thief = life.browser();
    thief.cookies("tidemark.test") = copied;
    {
      const auto answer = co_await thief.get(site + "/member");
      BOOST_TEST(answer.status == 303u);
    }
  });
}

BOOST_AUTO_TEST_CASE(changes_are_taken_from_forms_of_this_session_only) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser(), other = life.browser();
    const Browser::Page mine = co_await life.sign_in(browser, "00000001");
    const Browser::Page theirs = co_await life.sign_in(other, "00000002");
    const std::string right = mine.hidden("csrf");
    for (const char* path : {"/github/connect", "/member/update", "/member/disconnect",
                             "/member/delete", "/sign-out"}) {
      BOOST_TEST_CONTEXT(path) {
        for (const std::string& csrf : {std::string(), theirs.hidden("csrf"), right + "0"}) {
          const auto page = co_await browser.post(site + path, test::form("csrf", csrf));
          BOOST_TEST(page.status == 403u);
        }
        browser.extra.set("Sec-Fetch-Site", "cross-site");
        const auto page = co_await browser.post(site + path, test::form("csrf", right));
        BOOST_TEST(page.status == 403u);
        browser.extra = {};
        Browser stranger = life.browser();
        {
          const auto answer = co_await stranger.post(site + path, test::form("csrf", right));
          BOOST_TEST(answer.status == 303u);
        }
      }
    }
    {
      const auto answer = co_await browser.get(site + "/member");
      BOOST_TEST(answer.status == 200u);
    }
    BOOST_TEST(life.knows("00000001"));
  });
}

BOOST_AUTO_TEST_CASE(no_redirect_leads_where_a_stranger_wants) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    const std::vector<std::string> paths = {"/openhumans/start?next=https://evil.test",
                                            "/openhumans/start?redirect_uri=https://evil.test/",
                                            "/openhumans/complete?next=//evil.test&state=x",
                                            "/github/complete?return_to=https://evil.test",
                                            "//evil.test/openhumans/start",
                                            "/member?next=https://evil.test",
                                            "/favicon.ico?x=https://evil.test"};
    for (const std::string& path : paths) {
      const Browser::Page page = co_await browser.get(site + path);
      BOOST_TEST(page.header("Location").find("evil") == std::string::npos, path);
    }
    // Nor by a Host that is not ours.
    http::Request request;
    request.target = "/openhumans/start";
    request.headers.set("Host", "evil.test");
    const http::Reply reply = co_await life.ask(std::move(request));
    BOOST_TEST(reply.response.status == 421u);
  });
}

BOOST_AUTO_TEST_CASE(every_cookie_is_secure_http_only_and_lax) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    const Browser::Page page = co_await life.sign_in(browser, "00000001");
    (void)co_await life.connect(browser, "mona");
    (void)co_await browser.submit(site + "/sign-out", test::form("csrf", page.hidden("csrf")));
    BOOST_TEST(browser.set_cookies().size() > 5u);
    for (const std::string& cookie : browser.set_cookies()) {
      if (cookie.starts_with("sim_")) continue;
      BOOST_TEST_CONTEXT(cookie) {
        BOOST_TEST(cookie.starts_with("__Host-"));
        for (const char* part : {"; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"}) {
          BOOST_TEST(cookie.find(part) != std::string::npos);
        }
        BOOST_TEST(cookie.find("Domain") == std::string::npos);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(no_page_can_be_framed_or_runs_anything_that_is_not_ours) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await life.sign_in(browser, "00000001");
    for (const char* path : {"/", "/about", "/sharing", "/member", "/member/progress",
                             "/member/delete", "/nothing", "/openhumans/start", "/goodbye"}) {
      BOOST_TEST_CONTEXT(path) {
        const Browser::Page page = co_await browser.get(site + path);
        const std::string policy = page.header("Content-Security-Policy");
        BOOST_TEST(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self';"));
        BOOST_TEST(policy.find("frame-ancestors 'none'") != std::string::npos);
        BOOST_TEST(policy.find("unsafe") == std::string::npos);
        BOOST_TEST(page.header("X-Frame-Options") == "DENY");
        BOOST_TEST(page.header("X-Content-Type-Options") == "nosniff");
        BOOST_TEST(page.header("Referrer-Policy") == "same-origin");
        BOOST_TEST(page.header("Strict-Transport-Security").starts_with("max-age="));
        BOOST_TEST(!page.header("Cache-Control").empty());
        BOOST_TEST(page.body.find("<style") == std::string::npos);
        BOOST_TEST(page.body.find(" style=") == std::string::npos);
        BOOST_TEST(page.body.find("<script>") == std::string::npos);
        BOOST_TEST(page.body.find(" onclick") == std::string::npos);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(ten_thousand_who_never_come_back_leave_no_trace) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    const std::size_t rows = life.rows();
    for (int i = 0; i < 10'000; ++i) {
      http::Request request;
      request.target = "/openhumans/start";
      const http::Reply reply = co_await life.ask(std::move(request));
      if (reply.response.status != 303) BOOST_TEST(reply.response.status == 303u);
    }
    BOOST_TEST(life.rows() == rows);
    // And one browser that starts again and again keeps four starts.
    Browser browser = life.browser();
    for (int i = 0; i < 50; ++i) (void)co_await browser.get(site + "/openhumans/start");
    BOOST_TEST(browser.cookies("tidemark.test").size() == 4u);
  });
}

BOOST_AUTO_TEST_CASE(an_address_that_asks_too_often_is_told_to_wait_and_others_are_not) {
  MemberRoom room;
  room.requests_per_minute = 60;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    auto ask = [&](std::string address, std::string forwarded = {}) -> async::Task<unsigned> {
      http::Request request;
      if (!forwarded.empty()) request.headers.set("X-Forwarded-For", forwarded);
      const http::Reply reply = co_await life.ask(std::move(request), std::move(address));
      if (reply.response.status == 429) BOOST_TEST(reply.response.headers.has("Retry-After"));
      co_return reply.response.status;
    };
    for (int i = 0; i < 60; ++i) (void)co_await ask("192.0.2.1:1");
    BOOST_TEST(co_await ask("192.0.2.1:2") == 429u);
    BOOST_TEST(co_await ask("192.0.2.2:1") == 200u);
    // What a stranger writes into the header does not help, what our proxy writes counts.
    BOOST_TEST(co_await ask("192.0.2.1:3", "198.51.100.1") == 429u);
    BOOST_TEST(co_await ask("10.0.0.1:1", "192.0.2.1") == 429u);
    BOOST_TEST(co_await ask("10.0.0.1:1", "198.51.100.1") == 200u);
    co_await room.world.simulation.clock().sleep_for(std::chrono::seconds(2));
    BOOST_TEST(co_await ask("192.0.2.1:4") == 200u);
  });
}

BOOST_AUTO_TEST_SUITE_END()
