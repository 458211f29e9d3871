#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "storage/secrets.hpp"
#include "tests/daemon/member_room.hpp"
#include "tests/daemon/webhook_call.hpp"

using namespace tidemark;
using test::Browser;
using test::erasure;
using test::MemberRoom;
using test::webhook;
namespace json = boost::json;

namespace {

const std::string site = MemberRoom::site;

// Somebody whose weeks are at Open Humans.
async::Task<Browser::Page> settle_in(MemberRoom::Life& life, Browser& browser, std::string id,
                                     std::string login) {
  (void)co_await life.sign_in(browser, id);
  (void)co_await life.connect(browser, std::move(login));
  co_await life.settled("sync", std::move(id));
  co_return co_await browser.visit(site + "/member");
}

// What the store holds in any table, key and value, tokens unsealed.
bool holds(MemberRoom& room, const std::string& text) {
  bool found = false;
  room.world.engine->read([&](const storage::Reader& reader) {
    for (int number = 0; number <= 17; ++number) {
      const auto table = static_cast<storage::Table>(number);
      auto look = [&](std::string_view key, std::string_view value) {
        found = found || key.find(text) != std::string_view::npos ||
                value.find(text) != std::string_view::npos;
        if (table == storage::Table::secrets) {
          found = found || room.world.sealer.open(value, key).find(text) != std::string::npos;
        }
        return true;
      };
      reader.scan(table, "", "", look);
    }
  });
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(member_leaving)

BOOST_AUTO_TEST_CASE(who_deletes_their_data_leaves_nothing_behind) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    Browser::Page page = co_await settle_in(life, browser, "00001111", "mona");
    BOOST_TEST(!room.world.openhumans.files("00001111").empty());
    const auto openhumans_token = life.token("00001111", "openhumans");
    const auto github_token = life.token("00001111", "github");
    BOOST_TEST(holds(room, github_token.access));
    page = co_await browser.visit(site + "/member/delete");
    BOOST_TEST(page.shows("remove_files"));
    page = co_await browser.submit(site + "/member/delete",
                                   test::form("csrf", page.hidden("csrf"), "remove_files", "yes"));
    BOOST_TEST(page.url == site + "/goodbye");
    co_await life.settled("leave", "00001111");
    BOOST_TEST(!life.knows("00001111"));
    for (const std::string& text :
         {std::string("00001111"), std::string("mona"), openhumans_token.access,
          openhumans_token.refresh, github_token.access}) {
      BOOST_TEST(!holds(room, text), "the store still holds " << text);
    }
    BOOST_TEST(room.world.openhumans.files("00001111").empty());
    {
      const auto answer = co_await browser.get(site + "/member");
      BOOST_TEST(answer.status == 303u);
    }
    // The tokens are dead upstream.
    const auto identity = co_await life.parts.github.get(github_token.access, "/user");
    BOOST_TEST(identity.status == 401u);
    const auto listing = co_await life.parts.openhumans.member(openhumans_token.access);
    BOOST_TEST(name_of(listing.outcome) == "invalid token");
  });
  room.world.check();
}

BOOST_AUTO_TEST_CASE(files_stay_at_open_humans_when_the_member_wants_them_to) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    const Browser::Page page = co_await settle_in(life, browser, "00001111", "mona");
    const auto files = room.world.openhumans.files("00001111").size();
    (void)co_await browser.submit(site + "/member/delete", test::form("csrf", page.hidden("csrf")));
    co_await life.settled("leave", "00001111");
    BOOST_TEST(room.world.openhumans.files("00001111").size() == files);
    BOOST_TEST(!life.knows("00001111"));
    // They may come back, and are new.
    (void)co_await life.sign_in(browser, "00001111");
    BOOST_TEST(storage::name_of(life.member("00001111").state) == "not connected");
  });
}

BOOST_AUTO_TEST_CASE(files_that_are_out_of_reach_are_not_promised_to_go) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    Browser::Page page = co_await settle_in(life, browser, "00001111", "mona");
    const std::string csrf = page.hidden("csrf");
    const auto files = room.world.openhumans.files("00001111").size();
    // The pair is lost, and nobody has noticed: asked for the files, we notice.
    room.world.engine->write([&](storage::Writer& writer) {
      storage::put_token(writer, room.world.sealer, "00001111", "openhumans",
                         {"lost", "lost-too", 0, ""});
    });
    page = co_await browser.submit(site + "/member/delete",
                                   test::form("csrf", csrf, "remove_files", "yes"));
    BOOST_TEST(page.url == site + "/member/delete");
    BOOST_TEST(page.shows("Nothing was deleted yet"));
    BOOST_TEST(page.shows("/openhumans/start"));
    BOOST_TEST(!page.shows("remove_files"));
    BOOST_TEST(life.knows("00001111"));
    // Noticed: the page does not offer it.
    room.world.engine->write([&](storage::Writer& writer) {
      auto member = storage::find_member(writer, "00001111").value();
      member.state = storage::MemberState::needs_sign_in;
      member.state_reason = "Open Humans no longer accepts the sign-in";
      storage::put_member(writer, member);
    });
    page = co_await browser.visit(site + "/member/delete");
    BOOST_TEST(page.shows("/openhumans/start"));
    BOOST_TEST(!page.shows("remove_files"));
    // Signed in again, it is offered and kept.
    (void)co_await life.sign_in(browser, "00001111");
    page = co_await browser.visit(site + "/member/delete");
    BOOST_TEST(page.shows("remove_files"));
    BOOST_TEST(room.world.openhumans.files("00001111").size() == files);
    page = co_await browser.submit(site + "/member/delete",
                                   test::form("csrf", page.hidden("csrf"), "remove_files", "yes"));
    BOOST_TEST(page.url == site + "/goodbye");
    co_await life.settled("leave", "00001111");
    BOOST_TEST(room.world.openhumans.files("00001111").empty());
  });
}

BOOST_AUTO_TEST_CASE(an_outage_of_open_humans_keeps_nobody_from_leaving) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    Browser::Page page = co_await settle_in(life, browser, "00001111", "mona");
    simulators::Fault slow;
    slow.kind = simulators::FaultKind::slow;
    slow.delay_ms = 600'000;
    room.world.openhumans.faults().add(slow);
    const auto start = room.world.simulation.clock().steady_now();
    page = co_await browser.submit(site + "/member/delete",
                                   test::form("csrf", page.hidden("csrf"), "remove_files", "yes"));
    BOOST_TEST(page.url == site + "/goodbye");
    const auto took = room.world.simulation.clock().steady_now() - start;
    BOOST_TEST((took < std::chrono::seconds(10)));
    BOOST_TEST(storage::name_of(life.member("00001111").state) == "leaving");
  });
}

BOOST_AUTO_TEST_CASE(disconnecting_forgets_the_token_and_ends_the_grant_and_keeps_the_weeks) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    Browser::Page page = co_await settle_in(life, browser, "00001111", "mona");
    const auto token = life.token("00001111", "github");
    const auto commits = room.world.seen("00001111").commits.size();
    page = co_await browser.submit(site + "/member/disconnect",
                                   test::form("csrf", page.hidden("csrf")));
    BOOST_TEST(page.url == site + "/member");
    BOOST_TEST(page.shows("/github/connect"));
    co_await life.settled("disconnect", "00001111");
    BOOST_TEST(!holds(room, token.access));
    BOOST_TEST(storage::name_of(life.member("00001111").state) == "not connected");
    const auto identity = co_await life.parts.github.get(token.access, "/user");
    BOOST_TEST(identity.status == 401u);
    BOOST_TEST(room.world.seen("00001111").commits.size() == commits);
    // And back again, with the same account.
    (void)co_await life.connect(browser, "mona");
    BOOST_TEST(storage::name_of(life.member("00001111").state) == "active");
  });
  room.world.check();
}

BOOST_AUTO_TEST_CASE(an_erasure_that_open_humans_signs_is_done) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await settle_in(life, browser, "00001111", "mona");
    const auto token = life.token("00001111", "github");
    room.world.openhumans.leave("00001111");
    const auto start = room.world.simulation.clock().steady_now();
    const auto answer = co_await webhook(life, erasure("00001111", true), "secret-of-the-webhook");
    const auto took = room.world.simulation.clock().steady_now() - start;
    BOOST_TEST(answer.status == 200u);
    BOOST_TEST((took < std::chrono::seconds(1)));
    co_await life.settled("leave", "00001111");
    BOOST_TEST(!holds(room, "00001111"));
    const auto identity = co_await life.parts.github.get(token.access, "/user");
    BOOST_TEST(identity.status == 401u);
  });
}

BOOST_AUTO_TEST_CASE(what_is_not_signed_with_our_secret_erases_nobody) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await settle_in(life, browser, "00001111", "mona");
    const std::string body = erasure("00001111", true);
    {
      const auto answer = co_await webhook(life, body, "");
      BOOST_TEST(answer.status == 403u);
    }
    {
      const auto answer = co_await webhook(life, body, "another secret");
      BOOST_TEST(answer.status == 403u);
    }
    // The second POST of Open Humans: unsigned, and encoded twice.
    {
      const auto answer = co_await webhook(life, json::serialize(json::value(body)), "");
      BOOST_TEST(answer.status == 403u);
    }
    BOOST_TEST(life.knows("00001111"));
    const auto unknown = co_await webhook(life, erasure("99999999", true), "secret-of-the-webhook");
    BOOST_TEST(unknown.status == 200u);
  });
}

BOOST_AUTO_TEST_CASE(an_erasure_that_is_told_again_after_the_member_came_back_is_not_done) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    co_await room.world.simulation.clock().sleep_for(std::chrono::hours(24));
    Browser browser = life.browser();
    (void)co_await settle_in(life, browser, "00001111", "mona");
    // Of midnight, a day before.
    const auto answer = co_await webhook(life, erasure("00001111", true), "secret-of-the-webhook");
    BOOST_TEST(answer.status == 200u);
    BOOST_TEST(storage::name_of(life.member("00001111").state) == "active");
  });
}

BOOST_AUTO_TEST_CASE(a_plain_leave_that_is_told_or_noticed_asks_for_a_new_sign_in) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser told = life.browser(), silent = life.browser();
    (void)co_await settle_in(life, told, "00001111", "mona");
    room.world.openhumans.leave("00001111");
    const auto answer = co_await webhook(life, erasure("00001111", false), "secret-of-the-webhook");
    BOOST_TEST(answer.status == 200u);
    BOOST_TEST(storage::name_of(life.member("00001111").state) == "needs sign-in");
    const Browser::Page page = co_await told.visit(site + "/member");
    BOOST_TEST(page.shows("/openhumans/start"));
    (void)co_await life.sign_in(told, "00001111");
    BOOST_TEST(storage::name_of(life.member("00001111").state) == "active");
    // Nobody tells: the next sync meets 401 and a refused refresh.
    room.world.openhumans.leave("00001111");
    co_await room.world.simulation.clock().sleep_for(std::chrono::hours(24 * 7));
    const Browser::Page before = co_await told.visit(site + "/member");
    (void)co_await told.submit(site + "/member/update", test::form("csrf", before.hidden("csrf")));
    co_await life.settled("sync", "00001111");
    BOOST_TEST(storage::name_of(life.member("00001111").state) == "needs sign-in");
  });
}

BOOST_AUTO_TEST_CASE(a_member_takes_everything_along_as_one_json_document) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await settle_in(life, browser, "00001111", "mona");
    const Browser::Page page = co_await browser.get(site + "/member/download");
    BOOST_TEST(page.header("Content-Disposition").find("attachment") != std::string::npos);
    const json::object all = json::parse(page.body).as_object();
    BOOST_TEST(all.at("member").at("github_login").as_string() == "mona");
    std::size_t commits = 0;
    for (const auto& week : all.at("weeks").as_array()) {
      if (week.as_object().contains("commits")) commits += week.at("commits").as_array().size();
    }
    BOOST_TEST(commits == life.commits("00001111"));
    BOOST_TEST(commits > 0u);
    const json::object& about = all.at("member").as_object();
    BOOST_TEST(about.at("commits").to_number<std::uint64_t>() == commits);
    BOOST_TEST(about.at("lines_added").to_number<std::uint64_t>() > 0u);
    BOOST_TEST(about.at("weeks").at("uploaded").to_number<std::uint64_t>() > 0u);
    BOOST_TEST(about.at("state_reason").is_null());
    BOOST_TEST(about.at("first_week").is_string());
    BOOST_TEST(about.at("github_created").is_string());
    BOOST_TEST(all.at("grants").as_array().size() == 2u);
    BOOST_TEST(all.at("grants").at(0).at("provider").as_string() == "openhumans");
    BOOST_TEST(all.at("sessions").at(0).at("ends").is_string());
    BOOST_TEST(all.at("jobs").at(0).at("kind").as_string() == "sync");
    BOOST_TEST(all.at("weeks").at(0).as_object().contains("lines_added"));
    BOOST_TEST(all.at("quota").at(0).at("spent").to_number<std::uint64_t>() > 0u);
    BOOST_TEST(all.at("files_under_way").at("upload").is_null());
    BOOST_TEST(all.at("notes").as_object().contains("sync-memory"));
    for (const char* provider : {"openhumans", "github"}) {
      BOOST_TEST(page.body.find(life.token("00001111", provider).access) == std::string::npos);
    }
    Browser stranger = life.browser();
    {
      const auto answer = co_await stranger.get(site + "/member/download");
      BOOST_TEST(answer.status == 303u);
    }
  });
}

BOOST_AUTO_TEST_CASE(an_update_can_be_asked_for_once_in_the_cool_down) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    Browser::Page page = co_await settle_in(life, browser, "00001111", "mona");
    const std::string csrf = page.hidden("csrf");
    (void)co_await browser.submit(site + "/member/update", test::form("csrf", csrf));
    const auto asked = life.member("00001111").update_asked_ms;
    BOOST_TEST(asked > 0);
    (void)co_await browser.submit(site + "/member/update", test::form("csrf", csrf));
    BOOST_TEST(life.member("00001111").update_asked_ms == asked);
    co_await room.world.simulation.clock().sleep_for(std::chrono::minutes(61));
    (void)co_await browser.submit(site + "/member/update", test::form("csrf", csrf));
    BOOST_TEST(life.member("00001111").update_asked_ms > asked);
  });
}

BOOST_AUTO_TEST_CASE(an_update_is_possible_after_the_clock_was_set_back) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await settle_in(life, browser, "00001111", "mona");
    storage::Member member = life.member("00001111");
    const auto now_ms = life.services.now_ms();
    member.update_asked_ms = now_ms + 24 * 3'600'000;
    room.world.engine->write([&](storage::Writer& writer) { storage::put_member(writer, member); });
    const Browser::Page page = co_await browser.visit(site + "/member");
    BOOST_TEST(page.shows("You can ask for one once an hour."));
    (void)co_await browser.submit(site + "/member/update", test::form("csrf", page.hidden("csrf")));
    BOOST_TEST(life.member("00001111").update_asked_ms <= life.services.now_ms());
  });
}

BOOST_AUTO_TEST_SUITE_END()
