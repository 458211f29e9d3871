#include <boost/test/unit_test.hpp>

#include "jobs/discovery/statistics.hpp"
#include "storage/graph/frontier.hpp"
#include "storage/quota.hpp"
#include "tests/jobs/discovery_world.hpp"

// The whole crawl on simulated time, judged by the simulator: what it finds, and at what price.

using namespace tidemark;  // NOLINT: a test of everything together
using storage::JobState;
using storage::graph::ListState;
using test::DiscoveryWorld;

namespace {

void expect_done(const storage::Job& job) {
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
}

std::int64_t wall_ms(DiscoveryWorld& world) {
  return world.simulation.clock().wall_now().time_since_epoch().count();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_whole)

BOOST_AUTO_TEST_CASE(an_empty_store_asks_nothing) {
  DiscoveryWorld world;
  const storage::Job job = world.crawl();
  expect_done(job);
  BOOST_TEST(world.spent("graphql").requests == 0U);
  BOOST_TEST(world.spent("core").requests == 0U);
}

BOOST_AUTO_TEST_CASE(everybody_is_found_and_nobody_invented_for_few_points) {
  DiscoveryWorld world;
  world.make_people(2'000, 11'000);
  world.name_seed("u0");
  expect_done(world.crawl());
  const auto truth = world.truth({"u0"});
  BOOST_REQUIRE(truth.users.size() == 2'000U);
  world.expect(truth);
  const auto& line = world.spent("graphql");
  const double ideal = world.ideal_points(truth);
  BOOST_TEST_MESSAGE("points " << line.points << ", ideal " << ideal << ", users a point "
                               << 2'000.0 / static_cast<double>(line.points) << ", REST "
                               << world.spent("core").requests);
  BOOST_TEST(static_cast<double>(line.points) <= 1.3 * ideal);
  // REST would have spent three requests on each.
  BOOST_TEST(2'000.0 / static_cast<double>(line.points) >= 100 * 2'000.0 / 6'000.0);
  BOOST_TEST(line.repeated == 0U);
  BOOST_TEST(world.spent("core").repeated == 0U);
  BOOST_TEST(world.lists_in(ListState::reading) == 0U);
  BOOST_TEST(world.lists_in(ListState::unconfirmed) == 0U);
  BOOST_TEST(world.lists_in(ListState::cut) == 0U);
  BOOST_TEST(world.lists_in(ListState::complete) == 6'000U);
  world.check();
}

BOOST_AUTO_TEST_CASE(a_celebrity_of_many_pages_is_read_to_the_end) {
  DiscoveryWorld world;
  world.make_people(1'300, 1'300);
  for (int i = 1; i < 1'300; ++i) world.follow("u" + std::to_string(i), "u0");
  world.name_seed("u5");
  expect_done(world.crawl());
  const auto truth = world.truth({"u5"});
  world.expect(truth);
  BOOST_TEST(
      (world.user("u0").list(jobs::discovery::List::followers).state == ListState::complete));
  BOOST_TEST(static_cast<double>(world.spent("graphql").points) <=
             1.3 * world.ideal_points(truth) + 3);
  world.check();
}

BOOST_AUTO_TEST_CASE(what_was_read_is_not_read_again_within_the_hour) {
  DiscoveryWorld world;
  world.make_people(200, 900);
  world.name_seed("u0");
  expect_done(world.crawl());
  const std::uint64_t points = world.spent("graphql").points;
  world.pass(std::chrono::hours(1));
  expect_done(world.crawl());
  BOOST_TEST(world.spent("graphql").points == points);
}

BOOST_AUTO_TEST_CASE(after_a_week_changes_are_seen_and_ended) {
  DiscoveryWorld world;
  world.make_people(200, 900);
  world.name_seed("u0");
  expect_done(world.crawl());
  const auto before = world.known();
  const std::string other = before.users.at(before.follows.begin()->to);
  world.unfollow(before.users.at(before.follows.begin()->from), other);
  world.follow("u3", "u190");
  world.pass(std::chrono::hours(24 * 8));
  expect_done(world.crawl());
  world.expect(world.truth({"u0"}));
  BOOST_TEST(world.lists_in(ListState::cut) == 0U);
  world.check();
}

BOOST_AUTO_TEST_CASE(a_depth_limit_reads_so_many_steps_and_no_further) {
  DiscoveryWorld world;
  world.make_people(400, 800);
  world.settings.depth_most = 2;
  world.name_seed("u399");
  expect_done(world.crawl());
  world.expect(world.truth({"u399"}, 2));
}

BOOST_AUTO_TEST_CASE(a_seed_may_have_a_smaller_depth_of_its_own) {
  DiscoveryWorld world;
  world.make_people(400, 800);
  world.name_seed("u399", 1);
  expect_done(world.crawl());
  world.expect(world.truth({"u399"}, 1));
}

BOOST_AUTO_TEST_CASE(a_size_limit_ends_the_crawl_with_as_many_accounts) {
  DiscoveryWorld world;
  world.make_people(600, 3'000);
  world.settings.users_most = 150;
  world.name_seed("u0");
  expect_done(world.crawl(std::chrono::hours(2)));
  const auto known = world.known();
  const auto truth = world.truth({"u0"});
  BOOST_TEST(known.users.size() == 150U);
  for (const auto& edge : known.follows) {
    BOOST_TEST(truth.follows.contains(edge));
    BOOST_TEST((known.users.contains(edge.from) && known.users.contains(edge.to)));
  }
  world.check();
}

BOOST_AUTO_TEST_CASE(a_seed_that_nobody_has_is_told) {
  DiscoveryWorld world;
  world.make_people(10, 20);
  world.name_seed("nobody-has-this");
  expect_done(world.crawl());
  std::optional<storage::graph::Seed> seed;
  world.engine->read([&](const storage::Reader& reader) {
    seed = storage::graph::find_seed(reader, "nobody-has-this");
  });
  BOOST_REQUIRE(seed);
  BOOST_TEST(seed->problem == "GitHub knows no such account");
  const std::uint64_t points = world.spent("graphql").points;
  expect_done(world.crawl());
  BOOST_TEST(world.spent("graphql").points == points);
}

BOOST_AUTO_TEST_CASE(another_accounts_token_stops_the_crawl_with_a_sentence) {
  DiscoveryWorld world;
  world.make_people(60, 90);
  world.name_seed("u0");
  expect_done(world.crawl());
  world.token = world.github.credentials().add_token(world.world.account("somebody")).text;
  const storage::Job job = world.crawl(std::chrono::minutes(1));
  BOOST_TEST((job.state == JobState::waiting));
  BOOST_TEST(job.wait_reason.find("another account's (somebody)") != std::string::npos,
             job.wait_reason);
}

BOOST_AUTO_TEST_CASE(a_refused_token_does_not_make_the_crawl_anybodys) {
  DiscoveryWorld world;
  world.make_people(60, 90);
  world.name_seed("u0");
  expect_done(world.crawl());
  const auto viewer = world.cursor().viewer;
  const std::string right = world.token;
  world.token = "ghp_nobodys";
  const storage::Job refused = world.crawl(std::chrono::minutes(1));
  BOOST_TEST((refused.state == JobState::waiting));
  BOOST_TEST(world.cursor().viewer == viewer);
  world.token = world.github.credentials().add_token(world.world.account("somebody")).text;
  const storage::Job other = world.crawl(std::chrono::minutes(11));
  BOOST_TEST((other.state == JobState::waiting));
  BOOST_TEST(other.wait_reason.find("another account's (somebody)") != std::string::npos,
             other.wait_reason);
  world.token = right;
  expect_done(world.crawl());
  BOOST_TEST(world.cursor().viewer == viewer);
  world.engine->read([&](const storage::Reader& reader) {
    BOOST_TEST(storage::find_quota(reader, storage::account_owner(viewer), "core").has_value());
    BOOST_TEST(!storage::find_quota(reader, "github:operator", "core").has_value());
  });
}

BOOST_AUTO_TEST_CASE(people_can_watch_it) {
  DiscoveryWorld world;
  world.make_people(500, 2'000);
  world.name_seed("u0");
  jobs::discovery::Status seen;
  world.live([&](DiscoveryWorld::Life& life) -> async::Task<void> {
    co_await life.enqueue();
    world.before_github = [&](const http::Request& request) {
      if (request.method != "POST" || seen.read > 100) return;
      world.engine->read([&](const storage::Reader& reader) {
        seen = jobs::discovery::read_status(reader, 40, wall_ms(world));
      });
    };
    co_await world.simulation.clock().sleep_for(std::chrono::minutes(5));
    world.before_github = {};
  });
  BOOST_TEST(seen.read > 100U);
  BOOST_TEST(seen.found >= seen.read);
  BOOST_TEST(seen.points > 0U);
  BOOST_TEST(seen.read_per_point > 10);
  BOOST_TEST(seen.read_per_minute > 0);
  BOOST_TEST(seen.unread > 0U);
  BOOST_TEST(seen.points_needed == (seen.unread + 39) / 40);
  BOOST_TEST(seen.viewer_login == "operator");
  BOOST_REQUIRE(seen.job.has_value());
  BOOST_TEST(seen.job->progress.unit == "users");
  BOOST_TEST(seen.job->progress.done == seen.totals.read);
}

BOOST_AUTO_TEST_SUITE_END()
