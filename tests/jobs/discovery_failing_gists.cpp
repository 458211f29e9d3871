#include <boost/json.hpp>

#include "tests/jobs/discovery_failing.hpp"

// GitHub fails every question for the number of somebody's gists, of all things.

using namespace tidemark;  // NOLINT: a test of everything together
using test::expect_done;
using test::FailingWorld;

namespace {

constexpr auto a_week = std::chrono::hours(24 * 7 + 1);

test::Fails counting_gists_of(FailingWorld& world, std::set<std::string> logins) {
  std::set<std::string> nodes;
  for (const auto& login : logins) nodes.insert(world.world.known(login).node_id);
  return [nodes](const http::Request& request) {
    const auto variables = boost::json::parse(request.body).at("variables").as_object();
    const auto* gists = variables.if_contains("gists");
    if (gists == nullptr) return false;
    const auto& all = gists->as_array();
    return std::any_of(all.begin(), all.end(), [&](const boost::json::value& each) {
      return nodes.contains(std::string(each.as_string()));
    });
  };
}

std::uint64_t crawl_again(FailingWorld& world) {
  const auto before = world.points();
  expect_done(world.crawl(std::chrono::hours(12)));
  return world.points() - before;
}

std::vector<std::uint64_t> weeks(FailingWorld& world, int count) {
  std::vector<std::uint64_t> points;
  for (int week = 0; week < count; ++week) {
    points.push_back(crawl_again(world));
    BOOST_TEST_MESSAGE("week " << week + 1 << ": " << points.back() << " points, " << world.failed
                               << " failed so far");
    world.pass(a_week);
  }
  return points;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_failing_gists)

BOOST_AUTO_TEST_CASE(one_account_whose_gists_fail_costs_few_points_and_is_passed_over) {
  for (const bool quick : {false, true}) {
    FailingWorld world;
    world.make_people(1'000, 3'000);
    world.name_seed("u0");
    world.fail(counting_gists_of(world, {"u3"}), quick);
    const auto points = weeks(world, 5);
    world.expect(world.truth({"u0"}));
    BOOST_TEST(points.front() <= 32U);
    for (std::size_t week = 1; week < points.size(); ++week) BOOST_TEST(points[week] <= 29U);
    BOOST_TEST(points.back() <= 27U);
    const auto& adaptation = world.cursor().adaptation;
    BOOST_TEST(adaptation.parents == 40U);
    BOOST_TEST(adaptation.connections == 149U);
    BOOST_TEST(adaptation.demoted.empty());
    BOOST_TEST(!world.user("u3").profile.public_gists.has_value());
    const std::size_t failed = world.failed;
    world.pass(std::chrono::hours(24));
    world.name_seed("u3");
    expect_done(world.crawl());
    BOOST_TEST(world.failed == failed);
  }
}

BOOST_AUTO_TEST_CASE(many_whose_gists_fail_do_not_make_each_question_fail) {
  FailingWorld world;
  world.make_people(1'000, 3'000);
  world.name_seed("u0");
  std::set<std::string> odd;
  for (int i = 3; i < 1'000; i += 20) odd.insert("u" + std::to_string(i));
  world.fail(counting_gists_of(world, odd), false);
  const auto points = weeks(world, 2);
  world.expect(world.truth({"u0"}));
  BOOST_TEST(points.front() <= 38U);
  BOOST_TEST(points.back() <= 32U);
  BOOST_TEST(world.cursor().adaptation.parents == 40U);
}

BOOST_AUTO_TEST_SUITE_END()
