#include <boost/test/unit_test.hpp>

#include "tests/daemon/mortal_room.hpp"

// The process dies at each instant of signing in, connecting, renewing, disconnecting and leaving.
// Every time the person reloads the page that did not come, goes on or starts over, and gets there;
// nothing is left half done, and no token of it stays alive that anybody knows.

using namespace tidemark;  // NOLINT: a test of everything together
using test::Browser;
using test::MemberRoom;
using test::MortalRoom;
using Life = MortalRoom::Life;

namespace {

const std::string site = MemberRoom::site, id = "00001111", login = "mona";

bool is_own(const Browser::Page& page) {
  return page.status == 200 && page.url == site + "/member";
}
bool is_connected(const Browser::Page& page) { return page.shows("action=\"/member/disconnect\""); }

async::Task<void> settle_in(MortalRoom& room, Life& life, Browser& browser) {
  (void)co_await life.sign_in(browser, id);
  (void)co_await life.connect(browser, login);
  co_await room.until([&] { return room.job_is_over("sync", id); });
}

async::Task<void> begin_sign_in(MortalRoom& room, Life& life, Browser& browser) {
  room.back = co_await life.openhumans_return(browser, id);
  (void)co_await browser.visit(room.back);
}

async::Task<void> begin_connect(MortalRoom& room, Life& life, Browser& browser) {
  room.back = co_await life.github_return(browser, login);
  (void)co_await browser.visit(room.back);
}

// As a person does: reload, look, start over.
async::Task<void> get_there(MortalRoom& room, Life& life, Browser& browser) {
  if (room.back.starts_with("https://")) (void)co_await browser.visit(room.back);
  Browser::Page page = co_await browser.visit(site + "/member");
  if (!is_own(page)) page = co_await life.sign_in(browser, id);
  BOOST_TEST(is_own(page), page.url << ": " << page.body.substr(0, 300));
}

async::Task<void> get_connected(MortalRoom& room, Life& life, Browser& browser) {
  co_await get_there(room, life, browser);
  Browser::Page page = co_await browser.visit(site + "/member");
  if (!is_connected(page)) page = co_await life.connect(browser, login);
  BOOST_TEST(is_connected(page), page.url << ": " << page.body.substr(0, 300));
  co_await room.until([&] { return room.job_is_over("sync", id); });
}

// What may still be under way is spared for ten minutes.
async::Task<void> tidy_up(MortalRoom& room, Life& life) {
  co_await room.room.world.simulation.clock().sleep_for(std::chrono::minutes(11));
  co_await room.run_job(life, "tidy", "all");
  co_await room.until([&] { return room.job_is_over("disconnect", id); });
}

void check_tokens(MortalRoom& mortal, std::uint64_t at_openhumans, std::uint64_t at_github) {
  auto& world = mortal.room.world;
  const auto openhumans = world.openhumans.live_tokens(id);
  const auto github = world.github.credentials().live_tokens(login);
  BOOST_TEST(openhumans.used == at_openhumans);
  BOOST_TEST(github.used == at_github);
  BOOST_TEST(openhumans.unheard + github.unheard == (mortal.answer_lost() ? 1U : 0U));
  BOOST_TEST(mortal.half_done_sign_ins() == 0U);
}

void check_member(MortalRoom& mortal, std::string_view state) {
  BOOST_TEST(storage::name_of(mortal.room.world.member(id).state) == state);
}

// Rows of any table that hold a text, and tokens of anybody.
std::size_t traces(MortalRoom& mortal) {
  std::size_t count = 0;
  mortal.room.world.engine->read([&](const storage::Reader& reader) {
    for (int number = 0; number <= 17; ++number) {
      const auto table = static_cast<storage::Table>(number);
      reader.scan(table, "", "", [&](std::string_view key, std::string_view value) {
        for (const std::string_view text : {std::string_view(id), std::string_view(login)}) {
          const bool here = key.find(text) != std::string_view::npos ||
                            value.find(text) != std::string_view::npos;
          if (here || table == storage::Table::secrets) ++count;
        }
        return true;
      });
    }
  });
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sign_in_crashes)

BOOST_AUTO_TEST_CASE(death_at_any_instant_of_a_sign_in_lets_the_person_get_there) {
  MortalRoom::Story story;
  story.meanwhile = begin_sign_in;
  story.after = [](MortalRoom& room, Life& life, Browser& browser) -> async::Task<void> {
    co_await get_there(room, life, browser);
    co_await tidy_up(room, life);
  };
  story.end = [](MortalRoom& mortal) {
    check_member(mortal, "not connected");
    check_tokens(mortal, 1, 0);
  };
  // Two requests and two commits at least, each with a before and an after.
  BOOST_TEST(MortalRoom::tell(story) >= 8U);
}

BOOST_AUTO_TEST_CASE(death_at_any_instant_of_connecting_lets_the_person_get_there) {
  for (const bool github_app : {false, true}) {
    MortalRoom::Story story;
    story.github_app = github_app;
    story.before = [](MortalRoom&, Life& life, Browser& browser) -> async::Task<void> {
      (void)co_await life.sign_in(browser, id);
    };
    story.meanwhile = begin_connect;
    story.after = [](MortalRoom& room, Life& life, Browser& browser) -> async::Task<void> {
      co_await get_connected(room, life, browser);
      co_await tidy_up(room, life);
    };
    story.end = [](MortalRoom& mortal) {
      check_member(mortal, "active");
      BOOST_TEST(!mortal.room.world.openhumans.files(id).empty());
      check_tokens(mortal, 1, 1);
    };
    BOOST_TEST(MortalRoom::tell(story) >= 8U);
  }
}

BOOST_AUTO_TEST_CASE(death_at_any_instant_of_signing_in_again_keeps_one_sign_in_alive) {
  MortalRoom::Story story;
  story.before = [](MortalRoom&, Life& life, Browser& browser) -> async::Task<void> {
    (void)co_await life.sign_in(browser, id);
  };
  story.meanwhile = [](MortalRoom& room, Life& life, Browser& browser) -> async::Task<void> {
    co_await begin_sign_in(room, life, browser);
    co_await room.until([&] { return room.job_is_over("disconnect", id); });
  };
  story.after = [](MortalRoom& room, Life& life, Browser& browser) -> async::Task<void> {
    co_await get_there(room, life, browser);
    co_await tidy_up(room, life);
  };
  story.end = [](MortalRoom& mortal) {
    check_member(mortal, "not connected");
    check_tokens(mortal, 1, 0);
  };
  BOOST_TEST(MortalRoom::tell(story) > 12U);
}

BOOST_AUTO_TEST_CASE(death_at_any_instant_of_connecting_again_keeps_one_grant_alive) {
  MortalRoom::Story story;
  story.before = settle_in;
  story.meanwhile = [](MortalRoom& room, Life& life, Browser& browser) -> async::Task<void> {
    co_await begin_connect(room, life, browser);
    co_await room.until([&] { return room.job_is_over("disconnect", id); });
  };
  story.after = [](MortalRoom& room, Life& life, Browser& browser) -> async::Task<void> {
    co_await get_connected(room, life, browser);
    co_await tidy_up(room, life);
  };
  story.end = [](MortalRoom& mortal) {
    check_member(mortal, "active");
    check_tokens(mortal, 1, 1);
  };
  BOOST_TEST(MortalRoom::tell(story) > 12U);
}

BOOST_AUTO_TEST_CASE(death_at_any_instant_of_a_refresh_costs_the_sign_in_only_with_its_answer) {
  for (const std::string provider : {"openhumans", "github"}) {
    bool refused = false;
    int lost = 0;
    const auto renew = [&](MortalRoom& room, Life& life, Browser&) -> async::Task<void> {
      const jobs::FreshToken fresh = co_await life.parts.tokens.fresh(id, provider);
      const auto* trouble = std::get_if<jobs::TokenTrouble>(&fresh);
      refused = trouble != nullptr;
      if (refused && !room.dead()) {
        BOOST_TEST((trouble->kind == jobs::TokenTrouble::Kind::refused));
      }
    };
    MortalRoom::Story story;
    story.github_app = true;
    story.before = [&](MortalRoom& room, Life& life, Browser& browser) -> async::Task<void> {
      co_await settle_in(room, life, browser);
      storage::Token old = life.token(id, provider);
      old.expires_ms = 1;
      room.room.world.engine->write([&](storage::Writer& writer) {
        storage::put_token(writer, room.room.world.sealer, id, provider, old);
      });
    };
    story.meanwhile = renew;
    story.after = renew;
    story.end = [&](MortalRoom& mortal) {
      BOOST_TEST(refused == mortal.answer_lost());
      if (refused) ++lost;
    };
    // One request and one commit; only from the answer until it is stored anything can be lost.
    BOOST_TEST(MortalRoom::tell(story) == 4U);
    BOOST_TEST(lost == 2);
  }
}

BOOST_AUTO_TEST_CASE(death_at_any_instant_of_disconnecting_ends_in_no_grant) {
  for (const bool github_app : {false, true}) {
    const auto press = [](MortalRoom& room, Life&, Browser& browser) -> async::Task<void> {
      const Browser::Page page = co_await browser.visit(site + "/member");
      const http::Form form{{"csrf", page.hidden("csrf")}};
      if (is_connected(page)) (void)co_await browser.submit(site + "/member/disconnect", form);
      co_await room.until([&] { return room.job_is_over("disconnect", id); });
    };
    MortalRoom::Story story;
    story.github_app = github_app;
    story.before = settle_in;
    story.meanwhile = press;
    story.after = press;
    story.end = [](MortalRoom& mortal) {
      check_member(mortal, "not connected");
      check_tokens(mortal, 1, 0);
      BOOST_TEST(!mortal.room.world.openhumans.files(id).empty());
    };
    BOOST_TEST(MortalRoom::tell(story) >= 10U);
  }
}

BOOST_AUTO_TEST_CASE(death_at_any_instant_of_leaving_leaves_nothing_behind) {
  const auto press = [](MortalRoom& room, Life& life, Browser& browser) -> async::Task<void> {
    const Browser::Page page = co_await browser.visit(site + "/member");
    const http::Form form{{"csrf", page.hidden("csrf")}, {"remove_files", "yes"}};
    if (is_own(page)) (void)co_await browser.submit(site + "/member/delete", form);
    co_await room.until([&] { return !life.knows(id) && room.job_is_over("leave", id); });
  };
  std::size_t traces_of_nobody = 0;
  MortalRoom::Story story;
  story.before = [&](MortalRoom& room, Life& life, Browser& browser) -> async::Task<void> {
    traces_of_nobody = traces(room);
    co_await settle_in(room, life, browser);
    BOOST_TEST(traces(room) > traces_of_nobody);
  };
  story.meanwhile = press;
  story.after = press;
  story.end = [&](MortalRoom& mortal) {
    check_tokens(mortal, 0, 0);
    BOOST_TEST(mortal.room.world.openhumans.files(id).empty());
    BOOST_TEST(traces(mortal) == traces_of_nobody);
  };
  BOOST_TEST(MortalRoom::tell(story) >= 16U);
}

BOOST_AUTO_TEST_SUITE_END()
