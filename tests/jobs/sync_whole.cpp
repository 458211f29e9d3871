#include <boost/test/unit_test.hpp>

#include "tests/jobs/sync_life.hpp"
#include "tests/jobs/sync_world.hpp"
#include "tests/support/history.hpp"

// The whole sync on simulated time, judged by the simulators.

using namespace tidemark;  // NOLINT: a test of everything together
using test::HistorySettings;
using test::SyncWorld;

namespace {

const std::string member = "01234567";

void load(SyncWorld& world, const HistorySettings& settings) {
  for (const std::string& line : test::make_history(settings)) world.world.load_line(line, "");
}

void expect_same(const SyncWorld& world, const std::string& login) {
  const auto seen = world.seen(member);
  const auto expected = world.expected(login, world.this_week());
  BOOST_TEST(seen.commits.size() == expected.size());
  std::size_t wrong = 0;
  for (const auto& [sha, commit] : expected) {
    const auto found = seen.commits.find(sha);
    if (found != seen.commits.end() && found->second == commit) continue;
    if (++wrong <= 5) {
      BOOST_TEST(false, "commit " << sha << " of " << commit.week << " is missing or wrong");
    }
  }
  for (const auto& [week, times] : seen.weeks) {
    BOOST_TEST(times == 1U, week << " stands in " << times << " files");
  }
}

const simulators::LedgerLine& points_of(SyncWorld& world) {
  const auto* account = world.world.find_login("mona");
  return world.github.ledger().line("user:" + std::to_string(account->database_id), "graphql");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_whole)

BOOST_AUTO_TEST_CASE(every_commit_arrives_once_in_the_week_of_its_committer_time) {
  SyncWorld world;
  HistorySettings history;
  history.seed = test::test_seed();
  load(world, history);
  world.world.add_extras(history.seed);
  world.add_member(member, "mona");
  const storage::Job job = world.sync(member);
  BOOST_TEST((job.state == storage::JobState::done), job.last_error);
  expect_same(world, "mona");
  const auto seen = world.seen(member);
  BOOST_TEST(seen.commits.contains(seen.commits.begin()->first));
  BOOST_TEST(seen.weeks.contains("1970-W01"));
  BOOST_TEST(seen.weeks.contains("2020-W53"));
  BOOST_TEST(seen.weeks.contains("2106-W05"));
  BOOST_TEST(seen.issues > 0U);
  BOOST_TEST(seen.days > 0U);
  BOOST_TEST_MESSAGE("points: " << points_of(world).points);
  BOOST_TEST(points_of(world).repeated == 0U);
  world.check();
}

BOOST_AUTO_TEST_SUITE_END()
