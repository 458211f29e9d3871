#include <boost/test/unit_test.hpp>

#include "tests/jobs/sync_mending.hpp"

// Rewritten history, lost stores, and clocks: the files at Open Humans follow GitHub.

using namespace tidemark;  // NOLINT: a test of everything together
using simulators::FaultKind;
using simulators::ItemKind;
using storage::Week;
using test::Mending;

BOOST_FIXTURE_TEST_SUITE(sync_rewrites, Mending)

BOOST_AUTO_TEST_CASE(one_commit_gone_and_another_come_is_noticed_although_the_number_is_right) {
  expect_done();
  weeks_pass();
  BOOST_REQUIRE(world.world.remove_commit("mona/one", commit_of(420)));
  (void)push(now_s - 800 * day_s);
  expect_done();
  expect_whole();
  weeks_pass();
  BOOST_REQUIRE(world.world.remove_commit("mona/one", commit_of(300)));
  (void)push(now_s - 200 * day_s);  // within the same year
  expect_done();
  expect_whole();
}

BOOST_AUTO_TEST_CASE(a_window_that_was_emptied_loses_its_facts) {
  const std::int64_t at_s = storage::parse_time("2019-06-05T12:00:00Z").value();
  const std::string only = push(at_s);
  expect_done();
  weeks_pass();
  BOOST_REQUIRE(world.world.remove_commit("mona/one", only));
  expect_done();
  expect_whole();
  BOOST_TEST(!world.seen(member).commits.contains(only));
}

BOOST_AUTO_TEST_CASE(a_rewrite_while_the_store_is_lost_is_noticed_at_once) {
  expect_done();
  weeks_pass();
  BOOST_REQUIRE(world.world.remove_commit("mona/one", commit_of(420)));
  world.lose_store(member);
  expect_done();
  expect_whole();
}

BOOST_AUTO_TEST_CASE(a_swap_across_years_while_the_store_is_lost_is_noticed) {
  expect_done();
  weeks_pass();
  BOOST_REQUIRE(world.world.remove_commit("mona/one", commit_of(420)));
  (void)push(now_s - 800 * day_s);
  world.lose_store(member);
  expect_done();
  expect_whole();
}

BOOST_AUTO_TEST_CASE(partial_weeks_of_a_lost_store_become_whole) {
  std::size_t partial = 0;
  for (const auto kind : {FaultKind::null_nodes, FaultKind::total_count_lies}) {
    for (const unsigned skip : {1U, 2U, 3U, 4U}) {
      Mending other;
      other.world.world.add_item(ItemKind::issue, "mona/one", "mona", now_s - 300 * day_s, "issue");
      simulators::Fault fault = github_fault(kind);
      fault.skip = skip;
      fault.times = 2;
      fault.amount = 3;
      other.world.github.faults().add(fault);
      other.expect_done();
      partial += other.world.seen(member).incomplete.size();
      other.world.github.faults().clear();
      other.world.lose_store(member);
      other.weeks_pass();
      other.expect_done();
      other.weeks_pass();
      other.expect_done();
      other.expect_whole();
    }
  }
  BOOST_TEST(partial > 0U);
}

BOOST_AUTO_TEST_CASE(a_swap_within_the_last_weeks_is_noticed_wherever_the_window_ends) {
  for (int phase = 0; phase < 4; ++phase) {
    Mending other;
    other.weeks_pass(4 + phase);
    const std::int64_t then_s = now_s + (4 + phase) * 7 * day_s;
    const std::string first = other.push(then_s - 13 * day_s);
    (void)other.push(then_s - 6 * day_s);
    other.expect_done();
    other.weeks_pass();
    BOOST_REQUIRE(other.world.world.remove_commit("mona/one", first));
    (void)other.push(then_s - 11 * day_s);
    other.expect_done();
    other.expect_whole();
  }
}

BOOST_AUTO_TEST_CASE(a_rebase_made_before_a_sync_and_pushed_after_it_is_noticed) {
  weeks_pass(2);
  const std::int64_t then_s = now_s + 14 * day_s;
  const std::string before = push(then_s - 10 * day_s);
  expect_done();
  weeks_pass();
  const std::string after(40, 'e');
  BOOST_REQUIRE(world.world.rebase_commit("mona/one", before, after, then_s - 2 * day_s));
  expect_done();
  expect_whole();
}

BOOST_AUTO_TEST_CASE(a_server_whose_clock_falls_behind_at_a_week_border_leaves_no_gap) {
  world.pass(std::chrono::hours(24 * 14 + 1));
  expect_done();
  world.github.quota().settings().clock_offset_ms = -3 * 3'600 * 1'000;
  (void)push(now_s + 13 * day_s);
  expect_done();
  world.github.quota().settings().clock_offset_ms = 0;
  weeks_pass();
  expect_done();
  expect_whole();
}

BOOST_AUTO_TEST_CASE(a_calendar_that_could_not_be_read_is_read_again_whatever_its_total) {
  std::size_t partial = 0;
  for (const unsigned skip : {0U, 1U, 2U, 3U}) {
    Mending other;
    other.expect_done();
    other.weeks_pass();
    const std::string late = other.push(now_s - 800 * day_s);
    simulators::Fault fault = github_fault(FaultKind::negative_numbers);
    fault.skip = skip;
    fault.times = 2;
    other.world.github.faults().add(fault);
    other.expect_done();
    partial += other.world.seen(member).incomplete.size();
    other.world.github.faults().clear();
    BOOST_REQUIRE(other.world.world.remove_commit("mona/one", late));
    other.weeks_pass();
    other.expect_done();
    other.weeks_pass();
    other.expect_done();
    other.expect_whole();
  }
  BOOST_TEST(partial > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
