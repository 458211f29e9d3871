#include <boost/test/unit_test.hpp>

#include "jobs/ledger.hpp"
#include "tests/jobs/quota_desk.hpp"

using namespace tidemark;
using jobs::QuotaPermit;
using jobs::QuotaVerdict;
using jobs::QuotaWait;
using std::chrono::milliseconds;
using test::Desk;

BOOST_AUTO_TEST_SUITE(ledger_limits)

BOOST_AUTO_TEST_CASE(a_primary_limit_blocks_until_the_reset) {
  Desk desk;
  const std::int64_t reset_s = desk.now_s() + 100;
  desk.learn(5'000, 4'000, reset_s);
  const auto row = desk.ledger.settle(desk.permit(), QuotaVerdict::primary_limit,
                                      desk.reading(5'000, 0, reset_s));
  BOOST_TEST(row.remaining == 0u);
  BOOST_TEST(row.refused == 1u);
  BOOST_TEST(row.blocked_until_ms >= reset_s * 1'000);
  BOOST_TEST(desk.refusal().reason == "waiting for GitHub quota (graphql): 0 of 5000 left");
}

BOOST_AUTO_TEST_CASE(a_primary_limit_that_tells_no_reset_blocks_for_a_minute) {
  Desk desk;
  const auto row = desk.ledger.settle(desk.permit(), QuotaVerdict::primary_limit, {});
  BOOST_TEST(row.blocked_until_ms == desk.now_ms() + 60'000);
  (void)desk.refusal();
  desk.clock.pass(milliseconds(60'020));
  (void)desk.permit();
  (void)desk.refusal();
}

BOOST_AUTO_TEST_CASE(a_reset_that_lies_in_the_past_is_waited_for_longer_each_time) {
  Desk desk;
  const std::int64_t past_s = desk.now_s() - 10;
  std::int64_t waited_ms = 0;
  for (const std::int64_t expected_ms : {1'000, 2'000, 4'000, 8'000}) {
    const auto row = desk.ledger.settle(desk.permit(), QuotaVerdict::primary_limit,
                                        desk.reading(5'000, 0, past_s));
    waited_ms = row.blocked_until_ms - desk.now_ms();
    BOOST_TEST(waited_ms == expected_ms);
    desk.clock.pass(milliseconds(waited_ms + 20));
  }
}

BOOST_AUTO_TEST_CASE(a_secondary_limit_waits_as_told_and_doubles_while_it_lasts) {
  Desk desk;
  auto limited = desk.reading(5'000, 4'000, desk.now_s() + 3'600);
  limited.retry_after_ms = 30'000;
  std::int64_t until_ms = 0;
  for (const std::int64_t expected_ms : {30'000, 60'000, 120'000}) {
    const auto row = desk.ledger.settle(desk.permit(), QuotaVerdict::secondary_limit, limited);
    until_ms = row.blocked_until_ms;
    BOOST_TEST(until_ms == desk.now_ms() + expected_ms);
    BOOST_TEST(row.remaining == 4'000u);
    BOOST_TEST(desk.refusal().reason ==
               "waiting for GitHub quota (graphql): too many requests in a short time (secondary "
               "limit)");
    desk.clock.pass(milliseconds(expected_ms));
  }
  const auto row = desk.answer(desk.permit(), 5'000, 3'999, desk.now_s() + 3'600);
  BOOST_TEST(row.secondary_strikes == 0u);
  BOOST_TEST(row.blocked_until_ms == 0);
  BOOST_TEST(row.blocked_reason == "");
}

BOOST_AUTO_TEST_CASE(a_secondary_limit_without_advice_waits_a_minute_and_at_most_an_hour) {
  Desk desk;
  std::int64_t wait_ms = 0;
  for (int strike = 0; strike < 10; ++strike) {
    const auto row = desk.ledger.settle(desk.permit(), QuotaVerdict::secondary_limit, {});
    wait_ms = row.blocked_until_ms - desk.now_ms();
    if (strike == 0) BOOST_TEST(wait_ms == 60'000);
    desk.clock.pass(milliseconds(wait_ms));
  }
  BOOST_TEST(wait_ms == 3'600'000);
}

BOOST_AUTO_TEST_CASE(a_secondary_limit_with_nothing_left_waits_for_the_reset) {
  Desk desk;
  const auto row = desk.ledger.settle(desk.permit(), QuotaVerdict::secondary_limit,
                                      desk.reading(5'000, 0, desk.now_s() + 600));
  BOOST_TEST(row.blocked_until_ms >= desk.now_ms() + 600'000);
}

BOOST_AUTO_TEST_CASE(requests_refused_together_are_one_strike) {
  Desk desk;
  desk.learn(5'000, 4'000, desk.now_s() + 3'600);
  const QuotaPermit first = desk.permit();
  const QuotaPermit second = desk.permit();
  const QuotaPermit third = desk.permit();
  const auto limited = desk.reading(5'000, 4'000, desk.now_s() + 3'600);
  (void)desk.ledger.settle(first, QuotaVerdict::secondary_limit, limited);
  const auto row = desk.ledger.settle(second, QuotaVerdict::secondary_limit, limited);
  BOOST_TEST(row.secondary_strikes == 1u);
  BOOST_TEST(row.blocked_until_ms == desk.now_ms() + 60'000);
  // An answer to what was asked before the refusal proves nothing.
  const auto after = desk.answer(third, 5'000, 3'999, desk.now_s() + 3'600);
  BOOST_TEST(after.blocked_until_ms == desk.now_ms() + 60'000);
  (void)desk.refusal();
}

BOOST_AUTO_TEST_CASE(
    a_secondary_limit_of_rest_holds_graphql_of_the_same_owner_and_the_other_way_round) {
  for (const auto& [met, other] : {std::pair("core", "graphql"), std::pair("graphql", "core")}) {
    for (const bool used_before : {false, true}) {
      Desk desk;
      const std::int64_t reset_s = desk.now_s() + 3'600;
      desk.resource = other;
      if (used_before) desk.learn(5'000, 4'000, reset_s);
      desk.resource = met;
      auto limited = desk.reading(5'000, 4'000, reset_s);
      limited.retry_after_ms = 30'000;
      (void)desk.ledger.settle(desk.permit(), QuotaVerdict::secondary_limit, limited);
      desk.resource = other;
      const QuotaWait held = desk.refusal();
      BOOST_TEST(held.until_ms >= desk.now_ms() + 30'000);
      BOOST_TEST(held.reason == std::string("waiting for GitHub quota (") + other +
                                    "): too many requests in a short time (secondary limit)");
      desk.owner = "github:2";
      (void)desk.answer(desk.permit(), 5'000, 4'000, reset_s);  // somebody else's goes on
      desk.owner = "github:10308";
      // One request finds out whether it is over; a refusal is another one in a row.
      desk.clock.pass(milliseconds(30'000));
      const QuotaPermit probe = desk.permit();
      (void)desk.refusal();
      const auto again = desk.ledger.settle(probe, QuotaVerdict::secondary_limit, limited);
      BOOST_TEST(again.secondary_strikes == 2u);
      desk.resource = met;
      BOOST_TEST(desk.refusal().until_ms >= desk.now_ms() + 60'000);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_answer_of_either_ends_the_strikes_of_both) {
  Desk desk;
  const std::int64_t reset_s = desk.now_s() + 3'600;
  auto limited = desk.reading(5'000, 4'000, reset_s);
  (void)desk.ledger.settle(desk.permit(), QuotaVerdict::secondary_limit, limited);
  desk.clock.pass(milliseconds(60'000));
  desk.resource = "core";
  desk.learn(5'000, 4'000, reset_s);
  desk.resource = "graphql";
  const auto row = desk.ledger.settle(desk.permit(), QuotaVerdict::secondary_limit, limited);
  BOOST_TEST(row.secondary_strikes == 1u);
}

BOOST_AUTO_TEST_CASE(a_primary_limit_holds_only_what_it_is_of) {
  Desk desk;
  (void)desk.ledger.settle(desk.permit(), QuotaVerdict::primary_limit,
                           desk.reading(5'000, 0, desk.now_s() + 3'600));
  desk.resource = "core";
  (void)desk.permit();
}

BOOST_AUTO_TEST_CASE(after_a_restart_a_secondary_limit_holds_both_still) {
  Desk before;
  before.learn(5'000, 4'000, before.now_s() + 3'600);
  const auto graphql = before.answer(before.permit(), 5'000, 3'999, before.now_s() + 3'600);
  before.resource = "core";
  auto limited = before.reading(5'000, 4'000, before.now_s() + 3'600);
  limited.retry_after_ms = 90'000;
  const auto core = before.ledger.settle(before.permit(), QuotaVerdict::secondary_limit, limited);

  Desk after;
  after.ledger.load({core, graphql});
  BOOST_TEST(after.refusal().until_ms >= after.now_ms() + 90'000);
}

BOOST_AUTO_TEST_CASE(a_block_survives_a_restart) {
  Desk before;
  auto limited = before.reading(5'000, 4'000, before.now_s() + 3'600);
  limited.retry_after_ms = 90'000;
  const auto row = before.ledger.settle(before.permit(), QuotaVerdict::secondary_limit, limited);

  Desk after;
  after.clock.pass(milliseconds(30'000));
  after.ledger.load({row});
  BOOST_TEST(after.refusal().until_ms >= after.now_ms() + 60'000);
  after.clock.pass(milliseconds(60'000));
  const QuotaPermit probe = after.permit();
  (void)after.refusal();
  const auto next = after.ledger.settle(probe, QuotaVerdict::secondary_limit, limited);
  BOOST_TEST(next.blocked_until_ms == after.now_ms() + 180'000);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_neither_ends_nor_prolongs_a_block) {
  Desk desk;
  auto limited = desk.reading(5'000, 4'000, desk.now_s() + 3'600);
  limited.retry_after_ms = 90'000;
  (void)desk.ledger.settle(desk.permit(), QuotaVerdict::secondary_limit, limited);
  desk.clock.set_wall(std::chrono::hours(5));
  BOOST_TEST(desk.refusal().until_ms >= desk.now_ms() + 90'000);
  BOOST_TEST(desk.ledger.view().at(0).window.blocked_until_ms == desk.now_ms() + 90'000);
  desk.clock.set_wall(std::chrono::hours(-5));
  desk.clock.pass(milliseconds(90'000));
  (void)desk.permit();
}

BOOST_AUTO_TEST_SUITE_END()
