#include <boost/test/unit_test.hpp>

#include "tests/daemon/mortal_room.hpp"

// A member shares public work only from now on, and GitHub gives private work as before. The
// process dies at each instant of ending that grant and of asking for another one.

using namespace tidemark;  // NOLINT: a test of everything together
using test::Browser;
using test::MemberRoom;
using test::MortalRoom;
using Life = MortalRoom::Life;

namespace {

const std::string site = MemberRoom::site, id = "00001112", login = "mona";

bool is_at_github(const Browser::Page& page) {
  return page.status == 200 && page.url.starts_with(MemberRoom::github);
}

// As a person does: what GitHub asks is allowed.
async::Task<void> choose_public(Life& life, Browser& browser) {
  Browser::Page page = co_await life.connect(browser, login, "no");
  if (is_at_github(page)) page = co_await browser.submit(page.url, {{"allow", "yes"}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(too_wide_crashes)

BOOST_AUTO_TEST_CASE(death_at_any_instant_of_a_second_grant_ends_in_the_narrow_one) {
  MortalRoom::Story story;
  story.before = [](MortalRoom& room, Life& life, Browser& browser) -> async::Task<void> {
    (void)co_await life.sign_in(browser, id);
    (void)co_await life.connect(browser, login, "yes");
    co_await room.until([&] { return room.job_is_over("sync", id); });
  };
  story.meanwhile = [](MortalRoom& room, Life& life, Browser& browser) -> async::Task<void> {
    co_await choose_public(life, browser);
    co_await room.until([&] { return room.job_is_over("disconnect", id); });
  };
  story.after = [](MortalRoom& room, Life& life, Browser& browser) -> async::Task<void> {
    Browser::Page page = co_await browser.visit(site + "/member");
    if (page.url != site + "/member") page = co_await life.sign_in(browser, id);
    const storage::Member member = life.member(id);
    const bool done = !member.wants_private && member.state == storage::MemberState::active;
    if (!done) co_await choose_public(life, browser);
    co_await room.until([&] { return room.job_is_over("sync", id); });
    co_await room.room.world.simulation.clock().sleep_for(std::chrono::minutes(11));
    co_await room.run_job(life, "tidy", "all");
    co_await room.until([&] { return room.job_is_over("disconnect", id); });
  };
  story.end = [](MortalRoom& mortal) {
    auto& world = mortal.room.world;
    const storage::Member member = world.member(id);
    BOOST_TEST(!member.wants_private);
    BOOST_TEST(storage::name_of(member.state) == "active");
    BOOST_TEST(world.github.credentials().live_tokens(login).used == 1U);
    BOOST_TEST(mortal.half_done_sign_ins() == 0U);
    BOOST_TEST(!world.openhumans.files(id).empty());
    for (const auto* file : world.openhumans.files(id)) {
      BOOST_TEST(file->content.find("\"private_work\":false") != std::string::npos);
    }
    world.check();
  };
  BOOST_TEST(MortalRoom::tell(story) > 20U);
}

BOOST_AUTO_TEST_SUITE_END()
