#include <boost/test/unit_test.hpp>

#include "tests/jobs/discovery_world.hpp"
#include "tests/jobs/mortal_engine.hpp"

// The process dies at each commit, just before it takes effect and just after, and while a question
// is under way. A new life goes on by itself and asks nothing twice but that one question (P4).

using namespace tidemark;  // NOLINT: a test of everything together
using test::Died;
using test::DiscoveryWorld;
using test::MortalEngine;

namespace {

struct MortalWorld {
  explicit MortalWorld(simulators::GithubSettings settings = {}) : world(std::move(settings)) {
    world.make_people(112, 200);
    for (int i = 1; i < 112; ++i) world.follow("u" + std::to_string(i), "u0");
    world.name_seed("u0");
    auto mortal = std::make_unique<MortalEngine>(std::move(world.engine));
    engine = mortal.get();
    world.engine = std::move(mortal);
  }

  // True when the crawl is done, false when the process died on the way.
  bool live_on() {
    bool done = false;
    world.live([&](DiscoveryWorld::Life& life) -> async::Task<void> {
      life.mortal = true;
      try {
        if (!(co_await life.job())) co_await life.enqueue();
      } catch (const Died&) {
        co_return;
      }
      while (!engine->dead() && !done) {
        co_await world.simulation.clock().sleep_for(std::chrono::milliseconds(20));
        const auto job = co_await life.job();
        done = job && job->state == storage::JobState::done;
      }
    });
    return done;
  }

  std::uint64_t repeated() {
    return world.spent("graphql").repeated + world.spent("core").repeated;
  }
  std::uint64_t asked() { return world.spent("graphql").requests + world.spent("core").requests; }

  DiscoveryWorld world;
  MortalEngine* engine = nullptr;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_crashes)

BOOST_AUTO_TEST_CASE(death_at_every_commit_costs_one_request_at_most) {
  MortalWorld undisturbed;
  BOOST_REQUIRE(undisturbed.live_on());
  const auto truth = undisturbed.world.truth({"u0"});
  undisturbed.world.expect(truth);
  const std::uint64_t writes = undisturbed.engine->writes();
  const std::uint64_t asked = undisturbed.asked();
  BOOST_TEST(writes > 15U);
  BOOST_TEST(undisturbed.repeated() == 0U);
  for (const bool after : {false, true}) {
    for (std::uint64_t at = 1; at <= writes; ++at) {
      MortalWorld mortal;
      mortal.engine->die_at(at, after);
      bool done = mortal.live_on();
      if (!done) {
        mortal.engine->revive();
        done = mortal.live_on();
      }
      BOOST_TEST_CONTEXT("at commit " << at << (after ? " after it" : " before it")) {
        BOOST_TEST(done);
        BOOST_TEST(mortal.repeated() <= 1U);
        BOOST_TEST(mortal.asked() <= asked + 2);  // samples are chosen by chance
        BOOST_TEST((mortal.world.known() == truth));
        mortal.world.check();
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(death_while_a_question_is_under_way_costs_that_question) {
  MortalWorld undisturbed;
  BOOST_REQUIRE(undisturbed.live_on());
  const auto truth = undisturbed.world.truth({"u0"});
  const std::uint64_t questions = undisturbed.asked();
  for (std::uint64_t at = 1; at <= questions; ++at) {
    MortalWorld mortal;
    std::uint64_t left = at;
    mortal.world.before_github = [&](const http::Request&) {
      if (left > 0 && --left == 0) mortal.engine->die();
    };
    bool done = mortal.live_on();
    if (!done) {
      mortal.engine->revive();
      done = mortal.live_on();
    }
    BOOST_TEST_CONTEXT("at question " << at) {
      BOOST_TEST(done);
      BOOST_TEST(mortal.repeated() <= 1U);
      BOOST_TEST((mortal.world.known() == truth));
    }
  }
}

BOOST_AUTO_TEST_CASE(deaths_and_quota_waits_together_find_everybody) {
  simulators::GithubSettings settings;
  settings.quota.graphql = 2;
  settings.quota.core = 12;
  settings.quota.window_ms = 60'000;
  MortalWorld mortal(settings);
  async::SeededRandom random(test::test_seed());
  std::uint64_t deaths = 0;
  for (int lives = 0; lives < 300; ++lives) {
    mortal.engine->die_at(1 + random.below(5), random.below(2) == 0);
    if (mortal.live_on()) break;
    ++deaths;
    mortal.engine->revive();
  }
  BOOST_TEST(deaths > 2U);
  BOOST_TEST(mortal.repeated() <= deaths);
  BOOST_TEST((mortal.world.known() == mortal.world.truth({"u0"})));
  mortal.world.check();
}

BOOST_AUTO_TEST_SUITE_END()
