#pragma once

#include <boost/test/unit_test.hpp>

#include "storage/weeks.hpp"
#include "tests/jobs/sync_life.hpp"
#include "tests/jobs/sync_world.hpp"
#include "tests/support/history.hpp"

namespace tidemark::test {

// A member with four years of commits, and words for what happens to them at GitHub.
struct Mending {
  static constexpr const char* member = "70000002";
  static constexpr std::int64_t now_s =
      1'767'571'200;  // 2026-01-05, a Monday: the simulation's start
  static constexpr std::int64_t day_s = 86'400;

  Mending() {
    HistorySettings history;
    history.commits = 300;
    history.oddities = false;
    history.from_s = 1'640'995'200;  // 2022
    for (const std::string& line : make_history(history)) world.world.load_line(line, "");
    world.add_member(member, "mona");
  }

  std::string push(std::int64_t at_s, const std::string& repository = "mona/one") {
    simulators::Commit commit;
    commit.authored_s = at_s;
    commit.committed_s = at_s;
    commit.headline = "made by a test";
    return world.world.add_commit(repository, commit, "mona").sha;
  }
  // The first one after so many days ago.
  std::string commit_of(std::int64_t days_ago) const {
    const auto* repository = world.world.find_repository("mona/one");
    for (const auto& commit : repository->commits) {
      if (commit.committed_s > now_s - days_ago * day_s) return commit.sha;
    }
    return {};
  }
  storage::Job sync() { return world.sync(member); }
  void expect_done() {
    const storage::Job job = sync();
    BOOST_TEST((job.state == storage::JobState::done), job.last_error);
  }
  void expect_whole() {
    const auto seen = world.seen(member);
    const auto expected = world.expected("mona", world.this_week());
    BOOST_TEST(seen.commits.size() == expected.size());
    for (const auto& [sha, commit] : expected) {
      BOOST_TEST(seen.commits.contains(sha), "lost: " << sha << " of " << commit.week);
    }
    BOOST_TEST((seen.commits == expected));
    BOOST_TEST(seen.incomplete.empty());
    world.check();
  }
  storage::WeekState state_of(storage::Week week) {
    storage::WeekState state{};
    world.engine->read([&](const storage::Reader& reader) {
      state = storage::find_week(reader, member, week).value().state;
    });
    return state;
  }
  static simulators::Fault github_fault(simulators::FaultKind kind) {
    simulators::Fault fault;
    fault.kind = kind;
    fault.resource = "graphql";
    return fault;
  }
  void weeks_pass(int weeks = 1) { world.pass(std::chrono::hours(24 * 7 * weeks)); }

  SyncWorld world;
};

}  // namespace tidemark::test
