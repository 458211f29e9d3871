#include <boost/test/unit_test.hpp>

#include "jobs/discovery/doubts.hpp"
#include "tests/jobs/discovery_world.hpp"

// GraphQL counts fewer than REST in the lists of some accounts, for good. That is no truncation,
// and must not cost more than a little; and truncation must be found beside it.

using namespace tidemark;  // NOLINT: a test of everything together
using namespace tidemark::jobs::discovery;
using storage::JobState;
using storage::graph::ListState;
using test::DiscoveryWorld;

namespace {

constexpr std::uint64_t one_in = 7;
constexpr auto a_week = std::chrono::hours(24 * 7 + 1);

simulators::GithubSettings hiding(std::uint64_t truncate_parents = 0) {
  simulators::GithubSettings settings;
  settings.hide_one_in = one_in;
  settings.truncate_parents = truncate_parents;
  settings.truncate_entries = truncate_parents != 0 ? 1 : 0;
  return settings;
}

void expect_done(const storage::Job& job) {
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
}

struct Found {
  std::size_t differ = 0, wrong = 0, cut = 0, others_cut = 0;
};

// Of everybody's lists of people: what there is, and what is stored.
Found look(DiscoveryWorld& world) {
  Found found;
  const auto& follows = world.world.graph();
  for (const auto& [id, login] : world.known().users) {
    const auto user = world.user(login);
    const std::uint32_t place = world.world.find_login(login)->index;
    for (const List list : {List::followers, List::following}) {
      const std::size_t there = list == List::followers ? follows.followers(place).size()
                                                        : follows.following(place).size();
      const bool differs = list == List::followers && id % one_in == 0 && there > 0;
      const auto& record = user.list(list);
      found.differ += differs ? 1U : 0U;
      found.wrong += record.state == ListState::complete && record.reported < there ? 1U : 0U;
      // Where somebody's list is emptied, empty ones beside it are doubted as well.
      const bool is_cut = record.state == ListState::cut && there > 0;
      (differs ? found.cut : found.others_cut) += is_cut ? 1U : 0U;
    }
  }
  return found;
}

// Points of one crawl; what is stored is as it should be.
double crawl_once(DiscoveryWorld& world) {
  const auto before = world.spent("graphql").points;
  expect_done(world.crawl());
  const Found found = look(world);
  BOOST_TEST(found.wrong == 0U);
  BOOST_TEST(found.cut == found.differ);
  BOOST_TEST(found.others_cut == 0U);
  BOOST_TEST(world.cursor().adaptation.truncates_at == 0U);
  return static_cast<double>(world.spent("graphql").points - before);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_lasting_differences)

BOOST_AUTO_TEST_CASE(one_in_seven_that_always_differs_costs_little_in_any_week) {
  DiscoveryWorld world(hiding());
  world.make_people(2'000, 11'000);
  world.name_seed("u0");
  for (int week = 0; week < 4; ++week) {
    BOOST_TEST_CONTEXT("week " << week) {
      const double points = crawl_once(world);
      const auto truth = world.truth({"u0"});
      const double ideal = world.ideal_points(truth);
      BOOST_TEST_MESSAGE("week " << week << ": " << points << " points, ideal " << ideal
                                 << ", REST " << world.spent("core").requests);
      BOOST_TEST(points <= 1.3 * ideal);
      world.expect(truth);
    }
    world.pass(a_week);
  }
  BOOST_TEST(look(world).differ > 200U);
  world.check();
}

BOOST_AUTO_TEST_CASE(truncation_by_one_entry_is_found_among_many_that_always_differ) {
  for (const std::uint64_t parents : {30U, 12U, 4U}) {
    DiscoveryWorld world(hiding(parents));
    world.make_people(400, 2'400);
    world.name_seed("u0");
    expect_done(world.crawl());
    BOOST_TEST_CONTEXT("above " << parents) {
      world.expect(world.truth({"u0"}));
      const Found found = look(world);
      BOOST_TEST(found.wrong == 0U);
      BOOST_TEST(world.cursor().adaptation.truncates_at > parents);
      BOOST_TEST_MESSAGE("above " << parents << ": " << world.spent("graphql").points << " points, "
                                  << found.others_cut << " others cut");
    }
    world.check();
  }
}

BOOST_AUTO_TEST_SUITE_END()
