#include <boost/test/unit_test.hpp>

#include "tests/jobs/mortal_engine.hpp"
#include "tests/jobs/sync_life.hpp"
#include "tests/jobs/sync_world.hpp"
#include "tests/support/history.hpp"

// The process dies at each commit, once just before it takes effect and once just after. Every time
// a new life goes on by itself, asks nothing twice but the one request under way, and the files at
// Open Humans end up the same to the byte.

using namespace tidemark;  // NOLINT: a test of everything together
using test::Died;
using test::MortalEngine;
using test::SyncWorld;

namespace {

const std::string member = "00000042";

struct MortalWorld {
  MortalWorld(std::uint64_t points, bool odd) : world(settings(points)) {
    test::HistorySettings history;
    history.commits = 60;
    history.from_s = 1'717'200'000;  // 2024-06-01
    history.oddities = odd;          // many years, so many files
    history.repositories = {"mona/one"};
    for (const std::string& line : test::make_history(history)) world.world.load_line(line, "");
    world.settings.commit_budget = world.settings.commit_budget_max = 40;
    world.add_member(member, "mona");
    auto mortal = std::make_unique<MortalEngine>(std::move(world.engine));
    engine = mortal.get();
    world.engine = std::move(mortal);
  }
  static simulators::GithubSettings settings(std::uint64_t points) {
    simulators::GithubSettings made;
    made.quota.graphql = points;
    made.quota.window_ms = 60'000;
    return made;
  }

  // True when the sync is done, false when the process died on the way.
  bool live_on() {
    bool done = false;
    world.live([&](SyncWorld::Life& life) -> async::Task<void> {
      life.mortal = true;
      try {
        if (!(co_await life.job(member))) co_await life.enqueue(member);
      } catch (const Died&) {
        co_return;
      }
      while (!engine->dead() && !done) {
        co_await world.simulation.clock().sleep_for(std::chrono::milliseconds(20));
        const auto job = co_await life.job(member);
        done = job && job->state == storage::JobState::done;
      }
    });
    return done;
  }

  std::uint64_t repeated() {
    return world.github.ledger().total("graphql").repeated +
           world.openhumans.ledger().total("openhumans").repeated;
  }

  SyncWorld world;
  MortalEngine* engine = nullptr;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_crashes)

BOOST_AUTO_TEST_CASE(death_at_every_commit_costs_one_request_at_most_and_changes_no_byte) {
  MortalWorld undisturbed(1'000, false);
  BOOST_REQUIRE(undisturbed.live_on());
  const auto files = undisturbed.world.file_bytes(member);
  const std::uint64_t writes = undisturbed.engine->writes();
  BOOST_TEST(writes > 20U);
  BOOST_TEST(undisturbed.repeated() == 0U);
  for (const bool after : {false, true}) {
    for (std::uint64_t at = 1; at <= writes; ++at) {
      MortalWorld mortal(1'000, false);
      mortal.engine->die_at(at, after);
      bool done = mortal.live_on();
      if (!done) {
        mortal.engine->revive();
        done = mortal.live_on();
      }
      BOOST_TEST_CONTEXT("at commit " << at << (after ? " after it" : " before it")) {
        BOOST_TEST(done);
        BOOST_TEST(mortal.repeated() <= 1U);
        BOOST_TEST((mortal.world.file_bytes(member) == files));
        mortal.world.check();
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(deaths_and_quota_waits_together_end_in_the_same_files) {
  MortalWorld undisturbed(1'000, true);
  BOOST_REQUIRE(undisturbed.live_on());
  const std::uint64_t seed = test::test_seed();
  async::SeededRandom random(seed);
  MortalWorld mortal(2, true);
  std::uint64_t deaths = 0;
  for (int lives = 0; lives < 200; ++lives) {
    mortal.engine->die_at(1 + random.below(25), random.below(2) == 0);
    if (mortal.live_on()) break;
    ++deaths;
    mortal.engine->revive();
  }
  BOOST_TEST(deaths > 3U);
  BOOST_TEST(mortal.repeated() <= deaths);
  BOOST_TEST((mortal.world.file_bytes(member) == undisturbed.world.file_bytes(member)));
  const auto line = mortal.world.github.ledger().total("graphql");
  BOOST_TEST(line.while_blocked == 0U);
  mortal.world.check();
}

BOOST_AUTO_TEST_SUITE_END()
