#include <boost/test/unit_test.hpp>

#include "storage/secrets.hpp"
#include "tests/jobs/sync_life.hpp"
#include "tests/jobs/sync_world.hpp"
#include "tests/support/history.hpp"

// What happens at GitHub between two runs, and in the middle of one.

using namespace tidemark;  // NOLINT: a test of everything together
using test::HistorySettings;
using test::SyncWorld;

namespace {

const std::string member = "70000001";
constexpr std::int64_t now_s = 1'767'571'200;  // 2026-01-05, a Monday: the simulation's start

void small_history(SyncWorld& world) {
  HistorySettings history;
  history.commits = 300;
  history.oddities = false;
  history.from_s = 1'640'995'200;  // 2022
  for (const std::string& line : test::make_history(history)) world.world.load_line(line, "");
}

simulators::Commit commit(std::int64_t authored_s, std::int64_t committed_s) {
  simulators::Commit made;
  made.authored_s = authored_s;
  made.committed_s = committed_s;
  made.additions = 7;
  made.deletions = 2;
  made.headline = "made by a test";
  return made;
}

void sync(SyncWorld& world) {
  const storage::Job job = world.sync(member);
  BOOST_TEST((job.state == storage::JobState::done), job.last_error);
}

void expect_same(const SyncWorld& world) {
  const auto seen = world.seen(member).commits;
  const auto expected = world.expected("mona", world.this_week());
  BOOST_TEST(seen.size() == expected.size());
  BOOST_TEST((seen == expected));
}

// A world synced once, four weeks ago.
struct Synced {
  Synced() {
    small_history(world);
    world.add_member(member, "mona");
    sync(world);
    expect_same(world);
    world.pass(std::chrono::hours(24 * 28));
  }
  SyncWorld world;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_changes, Synced)

BOOST_AUTO_TEST_CASE(new_weeks_arrive_for_one_or_two_points) {
  world.world.add_commit("mona/one", commit(now_s + 86'400, now_s + 86'400), "mona");
  const auto points = world.github.ledger().total("graphql").points;
  sync(world);
  expect_same(world);
  BOOST_TEST(world.github.ledger().total("graphql").points - points <= 2U);
}

BOOST_AUTO_TEST_CASE(a_run_with_nothing_new_uploads_nothing) {
  sync(world);  // folds the quarter that closed meanwhile
  const std::uint64_t bytes = world.openhumans.find_member(member)->bytes_put;
  sync(world);
  BOOST_TEST(world.openhumans.find_member(member)->bytes_put == bytes);
  expect_same(world);
}

BOOST_AUTO_TEST_CASE(a_commit_pushed_late_into_an_uploaded_week_is_found) {
  const std::int64_t long_ago_s = now_s - 500 * 86'400;
  world.world.add_commit("mona/one", commit(long_ago_s, long_ago_s), "mona");
  sync(world);
  expect_same(world);
}

BOOST_AUTO_TEST_CASE(a_commit_authored_years_before_it_was_committed_is_found) {
  world.world.add_commit("mona/two", commit(now_s - 800 * 86'400, now_s - 300 * 86'400), "mona");
  sync(world);
  expect_same(world);
}

BOOST_AUTO_TEST_CASE(a_new_repository_with_old_commits_is_read_over_all_time) {
  for (const std::int64_t days : {10, 400, 900}) {
    world.world.add_commit("mona/new", commit(now_s - days * 86'400, now_s - days * 86'400),
                           "mona");
  }
  sync(world);
  expect_same(world);
}

BOOST_AUTO_TEST_CASE(commits_that_were_forced_away_are_gone_from_the_files) {
  auto* repository = world.world.find_repository("mona/one");
  std::string sha;
  for (const auto& each : repository->commits) {
    if (each.committed_s < now_s - 200 * 86'400) sha = each.sha;
  }
  BOOST_REQUIRE(world.world.remove_commit("mona/one", sha));
  sync(world);
  expect_same(world);
}

BOOST_AUTO_TEST_CASE(a_renamed_repository_does_not_double_its_commits) {
  world.world.rename("mona/one", "mona/renamed");
  sync(world);
  expect_same(world);
}

BOOST_AUTO_TEST_CASE(an_emptied_repository_loses_its_commits_and_nothing_else) {
  world.world.empty_repository("mona/two");
  sync(world);
  expect_same(world);
}

BOOST_AUTO_TEST_CASE(a_repository_that_can_no_longer_be_seen_keeps_its_known_weeks) {
  const auto before = world.expected("mona", world.this_week());
  world.world.find_repository("mona/one")->access = simulators::Access::deleted;
  sync(world);
  BOOST_TEST((world.seen(member).commits == before));
}

BOOST_AUTO_TEST_CASE(a_token_of_another_account_does_not_mix_two_people) {
  const auto& token = world.github.credentials().add_token(world.world.account("somebody"));
  world.engine->write([&](storage::Writer& writer) {
    storage::put_token(writer, world.sealer, member, "github", {token.text, "", 0, ""});
  });
  sync(world);
  const storage::Member after = world.member(member);
  BOOST_TEST((after.state == storage::MemberState::needs_sign_in));
  BOOST_TEST(after.state_reason.find("somebody") != std::string::npos);
  expect_same(world);
}

BOOST_AUTO_TEST_CASE(a_revoked_token_needs_a_person_and_is_not_tried_again) {
  world.github.credentials().revoke_all(*world.world.find_login("mona"));
  sync(world);
  BOOST_TEST((world.member(member).state == storage::MemberState::needs_sign_in));
  const auto requests = world.github.ledger().total("graphql").requests;
  sync(world);
  BOOST_TEST(world.github.ledger().total("graphql").requests == requests);
}

BOOST_AUTO_TEST_CASE(an_expired_openhumans_token_is_renewed_once) {
  world.openhumans.expire_access_tokens();
  world.world.add_commit("mona/one", commit(now_s + 86'400, now_s + 86'400), "mona");
  sync(world);
  expect_same(world);
}

BOOST_AUTO_TEST_CASE(a_member_who_left_openhumans_needs_to_sign_in) {
  world.openhumans.leave(member);
  world.world.add_commit("mona/one", commit(now_s + 86'400, now_s + 86'400), "mona");
  sync(world);
  BOOST_TEST((world.member(member).state == storage::MemberState::needs_sign_in));
}

BOOST_AUTO_TEST_SUITE_END()
