#include <boost/test/unit_test.hpp>

#include "tests/jobs/discovery_world.hpp"

// A list of many pages, of which each question can bring one: it must not be what is left in the
// end, a point a page.

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::discovery::List;
using storage::JobState;
using storage::graph::ListState;
using test::DiscoveryWorld;

namespace {

constexpr auto a_week = std::chrono::hours(24 * 7 + 1);
constexpr std::size_t people = 1'200;

void expect_done(const storage::Job& job) {
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
}

// What one more crawl costs, and how many of its questions were for a single page.
struct Costs {
  double points = 0;
  std::size_t lone_pages = 0;
};
Costs crawl_again(DiscoveryWorld& world) {
  const auto before = world.spent("graphql").points;
  Costs costs;
  world.before_github = [&](const http::Request& request) {
    const auto asks = [&](std::string_view what) {
      return request.body.find(what) != std::string::npos;
    };
    const bool lone = asks("p0:node") && !asks("p1:node") && !asks("nodes(ids:");
    costs.lone_pages += lone ? 1U : 0U;
  };
  expect_done(world.crawl());
  world.before_github = {};
  costs.points = static_cast<double>(world.spent("graphql").points - before);
  return costs;
}

void expect_cheap(DiscoveryWorld& world, const char* seed) {
  const Costs costs = crawl_again(world);
  const auto truth = world.truth({"u0", seed});
  BOOST_TEST_MESSAGE(costs.points << " points of " << world.ideal_points(truth) << ", "
                                  << costs.lone_pages << " for a page alone");
  BOOST_TEST(costs.points <= 1.3 * world.ideal_points(truth));
  BOOST_TEST(costs.lone_pages <= 2U);
  world.expect(truth);
  BOOST_TEST((world.user(seed).list(List::followers).state == ListState::complete));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_long_lists)

BOOST_AUTO_TEST_CASE(a_celebrity_who_loses_some_each_week_is_read_beside_the_others) {
  DiscoveryWorld world;
  world.make_people(people, people);
  for (std::size_t i = 100; i < people; ++i) world.follow("u" + std::to_string(i), "u50");
  world.name_seed("u0");
  expect_cheap(world, "u50");
  for (std::size_t week = 0; week < 3; ++week) {
    world.pass(a_week);
    for (std::size_t i = 0; i < 3; ++i) {
      world.unfollow("u" + std::to_string(people - 1 - 3 * week - i), "u50");
    }
    BOOST_TEST_CONTEXT("week " << week) { expect_cheap(world, "u50"); }
  }
  world.check();
}

// Nobody who follows them is in the crawl; they are named when all the others have been read.
BOOST_AUTO_TEST_CASE(a_celebrity_who_was_read_last_is_read_first_the_next_time) {
  DiscoveryWorld world;
  world.make_people(people, people);
  world.world.add_generated("star", 900'001);
  world.name_seed("u0");
  expect_done(world.crawl());
  world.name_seed("star");
  for (std::size_t i = 100; i < people; ++i) world.follow("u" + std::to_string(i), "star");
  expect_done(world.crawl());
  world.pass(a_week);
  expect_done(world.crawl());  // everybody follows one more
  for (std::size_t week = 0; week < 2; ++week) {
    world.pass(a_week);
    for (std::size_t i = 0; i < 3; ++i) {
      world.unfollow("u" + std::to_string(people - 1 - 3 * week - i), "star");
    }
    BOOST_TEST_CONTEXT("week " << week) { expect_cheap(world, "star"); }
  }
  world.check();
}

// Pages come one after the other, and a list that moves meanwhile lacks a few in the end.
BOOST_AUTO_TEST_CASE(a_celebrity_who_gains_some_while_they_are_read_is_not_read_again_alone) {
  DiscoveryWorld world;
  world.make_people(people, people);
  for (std::size_t i = 100; i < people; ++i) world.follow("u" + std::to_string(i), "u50");
  world.name_seed("u0");
  std::size_t asked = 0;
  world.before_github = [&](const http::Request& request) {
    if (request.target != "/graphql" || ++asked < 15 || asked > 20) return;
    world.follow("u" + std::to_string(asked + 40), "u50");
  };
  expect_done(world.crawl());
  BOOST_TEST((world.user("u50").list(List::followers).state == ListState::cut));
  world.pass(std::chrono::hours(25));
  BOOST_TEST(crawl_again(world).points <= 2);
  world.pass(a_week);
  expect_cheap(world, "u50");
  world.check();
}

BOOST_AUTO_TEST_SUITE_END()
