#include <boost/test/unit_test.hpp>

#include "jobs/discovery/deny.hpp"
#include "tests/jobs/discovery_world.hpp"

// Accounts as they really are: renamed, deleted, hidden, organisations, in circles, with nothing.

using namespace tidemark;  // NOLINT: a test of everything together
using storage::JobState;
using storage::graph::ListState;
using storage::graph::Presence;
using test::DiscoveryWorld;

namespace {

void expect_done(const storage::Job& job) {
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_oddities)

BOOST_AUTO_TEST_CASE(somebody_who_follows_himself_and_somebody_with_nothing) {
  DiscoveryWorld world;
  world.make_people(30, 60);
  world.follow("u3", "u3");
  world.world.add_generated("bare", 90'001, true);
  world.follow("bare", "u3");
  world.name_seed("u0");
  expect_done(world.crawl());
  world.expect(world.truth({"u0"}));
  BOOST_TEST(
      (world.user("bare").list(jobs::discovery::List::repositories).state == ListState::complete));
}

BOOST_AUTO_TEST_CASE(an_organisation_that_people_follow_is_kept_as_one) {
  DiscoveryWorld world;
  world.make_people(60, 150);
  world.world.add_generated("acme", 90'002).organization = true;
  world.follow("u3", "acme");
  world.follow("u4", "acme");
  world.name_seed("u0");
  const storage::Job job = world.crawl();
  expect_done(job);
  world.expect(world.truth({"u0"}));
  BOOST_TEST((world.user("acme").kind == storage::graph::UserKind::organization));
  // Nothing is to go, although it waits for its next reading without counting as read.
  BOOST_TEST(job.progress.done == 60U);
  BOOST_TEST(job.progress.total == 60U);
  world.engine->read([](const storage::Reader& reader) {
    BOOST_TEST(storage::graph::totals(reader).waiting == 61U);
    BOOST_TEST(storage::graph::totals(reader).unread == 0U);
  });
}

BOOST_AUTO_TEST_CASE(an_organisation_as_a_seed_brings_its_repositories) {
  DiscoveryWorld world;
  world.world.set_profile_seed(7, true);
  world.world.add_generated("acme", 90'002).organization = true;
  world.world.seal_repositories();
  world.name_seed("acme");
  expect_done(world.crawl());
  const auto known = world.known();
  BOOST_TEST(known.users.empty());
  std::size_t open = 0;
  for (const auto& each : world.world.repositories_of(*world.world.find_login("acme"))) {
    open += each->is_private ? 0U : 1U;
  }
  BOOST_TEST(known.repositories.size() == open);
  BOOST_TEST(world.user("acme").read_ms != 0);
}

BOOST_AUTO_TEST_CASE(a_new_login_moves_the_name_and_nothing_else) {
  DiscoveryWorld world;
  world.make_people(60, 150);
  world.name_seed("u0");
  expect_done(world.crawl());
  world.world.rename_account("u7", "seven");
  world.pass(std::chrono::hours(24 * 8));
  expect_done(world.crawl());
  world.expect(world.truth({"u0"}));
  BOOST_TEST(world.user("seven").id == world.user("u7").id);
}

BOOST_AUTO_TEST_CASE(whoever_is_deleted_is_gone_and_no_longer_asked_for) {
  DiscoveryWorld world;
  world.make_people(60, 150);
  world.name_seed("u0");
  expect_done(world.crawl());
  world.world.delete_account("u7");
  world.pass(std::chrono::hours(24 * 8));
  expect_done(world.crawl());
  BOOST_TEST((world.user("u7").presence == Presence::gone));
  world.check();
}

BOOST_AUTO_TEST_CASE(somebody_hidden_whom_lists_still_count_holds_nobody_up) {
  DiscoveryWorld world;
  world.make_people(60, 200);
  world.world.known("u7").suspended = true;
  world.name_seed("u0");
  expect_done(world.crawl());
  const auto known = world.known();
  BOOST_TEST(!known.users.contains(world.world.accounts()[8].database_id));
  world.check();
}

BOOST_AUTO_TEST_CASE(whoever_is_denied_leaves_no_trace_also_while_the_crawl_runs) {
  DiscoveryWorld world;
  world.make_people(300, 1'500);
  world.name_seed("u0");
  world.engine->write(
      [&](storage::Writer& writer) { (void)jobs::discovery::deny_login(writer, "u50", 0); });
  int answers = 0;
  world.live([&](DiscoveryWorld::Life& life) -> async::Task<void> {
    co_await life.enqueue();
    world.before_github = [&](const http::Request&) {
      if (++answers != 5) return;
      world.engine->write(
          [&](storage::Writer& writer) { (void)jobs::discovery::deny_login(writer, "u250", 0); });
    };
    co_await world.simulation.clock().sleep_for(std::chrono::hours(1));
  });
  const auto known = world.known();
  const auto* denied = world.world.find_login("u50");
  BOOST_TEST(!known.users.contains(denied->database_id));
  for (const auto& edge : known.follows) {
    BOOST_TEST((edge.from != denied->database_id && edge.to != denied->database_id));
  }
  BOOST_TEST(known.users.size() >= 290U);
}

BOOST_AUTO_TEST_CASE(addresses_are_read_where_the_token_may_see_them) {
  for (const bool may : {false, true}) {
    DiscoveryWorld world;
    world.make_people(60, 150);
    if (may) {
      world.token = world.github.credentials()
                        .add_token(world.world.account("operator"), {}, "read:user")
                        .text;
    }
    world.name_seed("u0");
    expect_done(world.crawl());
    BOOST_TEST(world.cursor().email_refused == !may);
    std::size_t addresses = 0;
    const auto known = world.known();
    for (const auto& [id, login] : known.users) {
      addresses += world.user(login).profile.email.empty() ? 0U : 1U;
    }
    BOOST_TEST((addresses > 0) == may);
    BOOST_TEST(world.spent("graphql").refused == 0U);
    world.expect(world.truth({"u0"}));
  }
}

BOOST_AUTO_TEST_SUITE_END()
