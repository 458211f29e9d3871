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

std::string windows_text(const simulators::LedgerLine& line) {
  std::string text;
  for (const simulators::LedgerWindow& window : line.windows) {
    text += std::to_string(window.start_ms - line.first_ms) +
            " ms: " + std::to_string(window.points) + " points; ";
  }
  return text;
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

BOOST_AUTO_TEST_CASE(points_stay_below_two_a_year_and_one_per_hundred_commits) {
  SyncWorld world;
  HistorySettings history;
  history.commits = 6'000;
  history.repositories = {"mona/one"};
  history.oddities = false;
  history.from_s = 1'577'836'800;  // 2020
  load(world, history);
  world.add_member(member, "mona");
  BOOST_TEST((world.sync(member).state == storage::JobState::done));
  expect_same(world, "mona");
  BOOST_TEST(points_of(world).points <= 2U * 6 + 60);
}

BOOST_AUTO_TEST_CASE(under_a_tight_quota_no_time_and_no_call_is_lost) {
  for (const auto anchor : {simulators::WindowAnchor::grid, simulators::WindowAnchor::first}) {
    for (const std::int64_t offset_ms : {0, -187'321, 240'650}) {
      simulators::GithubSettings settings;
      settings.quota.graphql = 2;
      settings.quota.window_ms = 5'000;
      settings.quota.anchor = anchor;
      settings.quota.clock_offset_ms = offset_ms;
      SyncWorld world(settings);
      HistorySettings history;
      history.commits = 1'200;
      load(world, history);
      world.add_member(member, "mona");
      BOOST_TEST((world.sync(member).state == storage::JobState::done));
      expect_same(world, "mona");
      const auto& line = points_of(world);
      BOOST_TEST(line.points > 8U);
      BOOST_TEST(line.while_blocked == 0U);
      BOOST_TEST(line.refused_per_window_max <= 1U);
      BOOST_TEST(line.repeated == 0U);
      const auto windows = static_cast<std::int64_t>((line.points + 1) / 2);
      const std::int64_t ideal_ms = (windows - 1) * 5'000;
      const std::int64_t took_ms = line.last_ms - line.first_ms;
      BOOST_TEST(took_ms <= ideal_ms * 102 / 100 + 1'000,
                 windows_text(line) << "took " << took_ms << " ms, ideal " << ideal_ms
                                    << ", offset " << offset_ms);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_complete_is_uploaded_before_each_wait) {
  simulators::GithubSettings settings;
  settings.quota.graphql = 6;
  settings.quota.window_ms = 3'600'000;
  SyncWorld world(settings);
  world.settings.commit_budget = world.settings.commit_budget_max = 100;
  HistorySettings history;
  history.commits = 3'000;
  load(world, history);
  world.add_member(member, "mona");
  world.live([&](SyncWorld::Life& life) -> async::Task<void> {
    co_await life.enqueue(member);
    std::size_t waits = 0, seen = 0;
    while (true) {
      const auto job = co_await life.job(member);
      if (job && job->state == storage::JobState::done) break;
      if (job && job->state == storage::JobState::waiting &&
          job->wait_reason.find("quota") != std::string::npos) {
        ++waits;
        BOOST_TEST(job->due_ms > world.simulation.clock().wall_now().time_since_epoch().count());
        const std::size_t now = world.seen(member).commits.size();
        BOOST_TEST(now >= seen);
        seen = now;
      }
      co_await world.simulation.clock().sleep_for(std::chrono::minutes(20));
    }
    BOOST_TEST(waits >= 2U);
    BOOST_TEST(seen > 0U);
  });
  expect_same(world, "mona");
}

BOOST_AUTO_TEST_CASE(a_lost_store_is_rebuilt_from_the_members_own_files) {
  SyncWorld world;
  HistorySettings history;
  history.commits = 2'000;
  load(world, history);
  world.world.add_extras(5);
  world.add_member(member, "mona");
  BOOST_TEST((world.sync(member).state == storage::JobState::done));
  const auto before = world.file_bytes(member);
  const std::uint64_t uploaded = world.openhumans.find_member(member)->bytes_put;
  const std::uint64_t points = points_of(world).points;
  world.lose_store(member);
  BOOST_TEST((world.sync(member).state == storage::JobState::done));
  BOOST_TEST((world.file_bytes(member) == before));
  BOOST_TEST(world.openhumans.find_member(member)->bytes_put == uploaded);
  // All is read again, because nothing tells what changed meanwhile, but nothing is sent again.
  BOOST_TEST(points_of(world).points - points <= points);
  world.check();
}

BOOST_AUTO_TEST_SUITE_END()
