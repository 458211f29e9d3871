#include <boost/test/unit_test.hpp>
#include <limits>

#include "jobs/ledger.hpp"
#include "jobs/quota_wait.hpp"
#include "tests/jobs/quota_desk.hpp"

using namespace tidemark;
using jobs::QuotaPermit;
using jobs::QuotaVerdict;
using jobs::QuotaWait;
using std::chrono::milliseconds;
using test::Desk;

BOOST_AUTO_TEST_SUITE(ledger)

BOOST_AUTO_TEST_CASE(an_unknown_window_is_asked_by_one_request_at_a_time) {
  Desk desk;
  const QuotaPermit probe = desk.permit();
  const QuotaWait wait = desk.refusal();
  BOOST_TEST(wait.until_ms == desk.now_ms() + 250);
  BOOST_TEST(wait.reason ==
             "waiting for GitHub quota (graphql): one request is finding out how much is left");
  (void)desk.answer(probe, 5'000, 4'999, desk.now_s() + 3'600);
  const QuotaPermit first = desk.permit();
  const QuotaPermit second = desk.permit();
  BOOST_TEST(first.id != second.id);
}

BOOST_AUTO_TEST_CASE(a_probe_that_was_never_sent_lets_the_next_one_go) {
  Desk desk;
  desk.ledger.abandon(desk.permit());
  (void)desk.permit();
}

BOOST_AUTO_TEST_CASE(a_window_that_nothing_is_known_of_is_not_shown) {
  Desk desk;
  const QuotaPermit permit = desk.permit();
  BOOST_TEST(desk.ledger.view().size() == 1U);
  desk.ledger.abandon(permit);
  BOOST_TEST(desk.ledger.view().empty());
}

BOOST_AUTO_TEST_CASE(a_permit_that_nobody_gave_back_is_forgotten_after_ten_minutes) {
  Desk desk;
  (void)desk.permit();
  desk.clock.pass(std::chrono::minutes(11));
  (void)desk.permit();
}

BOOST_AUTO_TEST_CASE(what_is_under_way_is_reserved) {
  Desk desk;
  desk.learn(100, 40, desk.now_s() + 3'600);
  const QuotaPermit large = desk.permit(30);
  const QuotaWait wait = desk.refusal(30);
  // The other one may turn out to cost less: no reason to wait for the reset.
  BOOST_TEST(wait.until_ms == desk.now_ms() + 250);
  BOOST_TEST(wait.reason.find("other requests are under way") != std::string::npos);
  BOOST_TEST(desk.ledger.view().at(0).reserved == 30u);
  BOOST_TEST(desk.ledger.view().at(0).usable == 10u);
  desk.ledger.abandon(large);
  (void)desk.permit(30);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_window_goes_one_request_at_a_time) {
  Desk desk;
  desk.learn(20, 6, desk.now_s() + 3'600);
  const QuotaPermit one = desk.permit();
  (void)desk.refusal();
  (void)desk.answer(one, 20, 5, desk.now_s() + 3'600);
  (void)desk.permit();
}

BOOST_AUTO_TEST_CASE(share_and_reserve_are_never_touched) {
  Desk desk;
  desk.ledger.set_share("github:", {0.8, 100});
  desk.learn(5'000, 1'101, desk.now_s() + 3'600);
  BOOST_TEST(desk.ledger.view().at(0).usable == 1u);
  const QuotaPermit last = desk.permit();
  (void)desk.answer(last, 5'000, 1'100, desk.now_s() + 3'600);
  BOOST_TEST(desk.refusal().reason ==
             "waiting for GitHub quota (graphql): 1100 of 5000 left, 1100 kept back");
}

BOOST_AUTO_TEST_CASE(at_most_a_tenth_of_a_small_window_is_reserve) {
  BOOST_TEST(jobs::kept_back(60, {1.0, 100}) == 6u);
  BOOST_TEST(jobs::kept_back(20, {0.8, 0}) == 4u);
  BOOST_TEST(jobs::kept_back(10, {0.7, 0}) == 3u);
  BOOST_TEST(jobs::kept_back(20, {0.5, 100}) == 12u);
  BOOST_TEST(jobs::kept_back(20, {0.0, 100}) == 20u);
  BOOST_TEST(jobs::kept_back(20, {7.0, 0}) == 0u);
  BOOST_TEST(jobs::kept_back(20, {std::numeric_limits<double>::quiet_NaN(), 0}) == 20u);
}

BOOST_AUTO_TEST_CASE(the_longest_prefix_decides_the_share_and_it_changes_at_once) {
  Desk desk;
  desk.ledger.set_share("github:", {0.5, 0});
  desk.ledger.set_share("github:10308", {1.0, 0});
  desk.learn(20, 4, desk.now_s() + 3'600);
  (void)desk.permit();
  desk.ledger.set_share("github:10308", {0.5, 0});
  (void)desk.refusal();
}

BOOST_AUTO_TEST_CASE(the_share_of_one_owner_is_not_that_of_a_longer_number) {
  Desk desk;
  desk.ledger.set_share("github:", {1.0, 0});
  desk.ledger.set_share("github:1030", {0.0, 0});
  desk.learn(20, 4, desk.now_s() + 3'600);
  (void)desk.permit();
}

BOOST_AUTO_TEST_CASE(a_share_of_nothing_sends_nothing_and_says_so) {
  Desk desk;
  desk.ledger.set_share("", {0.0, 0});
  BOOST_TEST(
      desk.refusal().reason ==
      "waiting for GitHub quota (graphql): the operator's share of it is 0: raise the share");
}

BOOST_AUTO_TEST_CASE(a_request_that_no_window_can_pay_says_so) {
  Desk desk;
  desk.learn(20, 19, desk.now_s() + 5);
  const QuotaWait wait = desk.refusal(21);
  BOOST_TEST(wait.reason.find("21 needed at once, but only 20 of 20") != std::string::npos);
  desk.clock.pass(milliseconds(6'000));
  BOOST_TEST(desk.refusal(21).until_ms > desk.now_ms());
}

BOOST_AUTO_TEST_CASE(a_spent_window_waits_for_its_reset_with_a_margin_and_jitter) {
  Desk desk;
  desk.learn(20, 0, desk.now_s() + 5);
  const std::int64_t reset_ms = desk.now_ms() + 5'000;
  for (int round = 0; round < 100; ++round) {
    const QuotaWait wait = desk.refusal();
    BOOST_TEST(wait.reason == "waiting for GitHub quota (graphql): 0 of 20 left");
    BOOST_TEST(wait.until_ms >= reset_ms + 50);
    BOOST_TEST(wait.until_ms <= reset_ms + 75);
  }
}

BOOST_AUTO_TEST_CASE(the_margin_is_a_hundredth_between_20_ms_and_a_second) {
  async::SeededRandom random(1);
  for (int round = 0; round < 200; ++round) {
    BOOST_TEST(jobs::margin_ms(-5, random) >= 20);
    BOOST_TEST(jobs::margin_ms(-5, random) <= 30);
    BOOST_TEST(jobs::margin_ms(3'600'000, random) >= 1'000);
    BOOST_TEST(jobs::margin_ms(3'600'000, random) <= 1'500);
  }
}

BOOST_AUTO_TEST_CASE(a_window_whose_reset_has_passed_reopens_with_one_probe) {
  Desk desk;
  desk.learn(20, 0, desk.now_s() + 5);
  desk.clock.pass(milliseconds(5'019));
  (void)desk.refusal();
  desk.clock.pass(milliseconds(1));
  const QuotaPermit probe = desk.permit();
  (void)desk.refusal();
  (void)desk.answer(probe, 20, 19, desk.now_s() + 5);
  (void)desk.permit();
  (void)desk.permit();
}

BOOST_AUTO_TEST_CASE(a_reset_is_meant_by_the_servers_clock) {
  Desk desk;
  const QuotaPermit probe = desk.permit();
  auto reading = desk.reading(20, 0, desk.now_s() + 300 + 5);
  *reading.date_s += 300;  // their clock is five minutes ahead
  const storage::QuotaWindow row = desk.ledger.settle(probe, QuotaVerdict::answered, reading);
  // A Date is cut to the second, so that they may be up to a second behind what it says.
  BOOST_TEST(row.resets_ms >= desk.now_ms() + 5'000);
  BOOST_TEST(row.resets_ms <= desk.now_ms() + 6'000);
}

BOOST_AUTO_TEST_CASE(answers_that_overtake_each_other_never_raise_what_is_left) {
  Desk desk;
  const std::int64_t reset_s = desk.now_s() + 3'600;
  desk.learn(5'000, 4'000, reset_s);
  const QuotaPermit first = desk.permit();
  const QuotaPermit second = desk.permit();
  BOOST_TEST(desk.answer(second, 5'000, 3'998, reset_s).remaining == 3'998u);
  BOOST_TEST(desk.answer(first, 5'000, 3'999, reset_s).remaining == 3'998u);
  // A later request is newer for certain: the server is trusted, also when it gives back.
  BOOST_TEST(desk.answer(desk.permit(), 5'000, 4'500, reset_s).remaining == 4'500u);
}

BOOST_AUTO_TEST_CASE(a_late_answer_of_an_old_window_does_not_bring_it_back) {
  Desk desk;
  const std::int64_t old_s = desk.now_s() + 5;
  desk.learn(20, 19, old_s);
  const QuotaPermit slow = desk.permit();
  const QuotaPermit slow_refused = desk.permit();
  desk.clock.pass(milliseconds(5'100));
  desk.learn(20, 19, old_s + 5);
  BOOST_TEST(desk.answer(slow, 20, 3, old_s).remaining == 19u);
  const auto refused =
      desk.ledger.settle(slow_refused, QuotaVerdict::primary_limit, desk.reading(20, 0, old_s));
  BOOST_TEST(refused.remaining == 19u);
  BOOST_TEST(refused.blocked_until_ms == 0);
  BOOST_TEST(refused.refused == 1u);
}

BOOST_AUTO_TEST_CASE(numbers_of_another_resource_are_not_taken) {
  Desk desk;
  desk.learn(5'000, 4'000, desk.now_s() + 3'600);
  auto reading = desk.reading(60, 3, desk.now_s() + 100);
  reading.resource = "core";
  const auto row = desk.ledger.settle(desk.permit(), QuotaVerdict::answered, reading);
  BOOST_TEST(row.limit == 5'000u);
  BOOST_TEST(row.remaining == 3'999u);
}

BOOST_AUTO_TEST_CASE(what_was_spent_is_what_the_answers_priced) {
  Desk desk;
  const std::int64_t reset_s = desk.now_s() + 3'600;
  desk.learn(5'000, 4'000, reset_s);
  // Nothing new: a conditional request is free.
  BOOST_TEST(desk.answer(desk.permit(), 5'000, 4'000, reset_s).spent == 1u);
  BOOST_TEST(desk.answer(desk.permit(3), 5'000, 3'998, reset_s).spent == 3u);
  // Another tool spent 97 of these.
  BOOST_TEST(desk.answer(desk.permit(3), 5'000, 3'898, reset_s).spent == 6u);
  const auto row = desk.ledger.settle(desk.permit(3), QuotaVerdict::answered,
                                      desk.reading(5'000, 3'887, reset_s), 11);
  BOOST_TEST(row.spent == 17u);
  BOOST_TEST(row.requests == 5u);
}

BOOST_AUTO_TEST_CASE(an_answer_without_numbers_is_counted_as_charged) {
  Desk desk;
  desk.learn(20, 10, desk.now_s() + 3'600);
  const auto row = desk.ledger.settle(desk.permit(4), QuotaVerdict::answered, {});
  BOOST_TEST(row.remaining == 6u);
  BOOST_TEST(row.spent == 5u);
}

BOOST_AUTO_TEST_CASE(an_absurd_reset_does_not_block_for_ever) {
  Desk desk;
  desk.learn(20, 0, 253'402'300'799);
  BOOST_TEST(desk.refusal().until_ms <= desk.now_ms() + 120'000);
}

BOOST_AUTO_TEST_CASE(a_forecast_counts_windows_at_the_present_share) {
  Desk desk;
  BOOST_TEST(desk.ledger.forecast_ms(desk.owner, "graphql", 10) == 0);
  const std::int64_t first_s = desk.now_s() + 5;
  desk.learn(20, 8, first_s);
  const auto done_ms = [&](std::uint64_t points) {
    return desk.ledger.forecast_ms(desk.owner, "graphql", points);
  };
  const std::int64_t reset_ms = desk.ledger.view().at(0).window.resets_ms;
  BOOST_TEST(done_ms(8) == desk.now_ms());
  BOOST_TEST(done_ms(28) == reset_ms);
  // Until the length is learned, windows are taken for hours.
  BOOST_TEST(done_ms(29) == reset_ms + 3'600'000);
  desk.clock.pass(milliseconds(5'050));
  desk.learn(20, 20, first_s + 5);
  BOOST_TEST(done_ms(41) == desk.ledger.view().at(0).window.resets_ms + 5'000);
  desk.ledger.set_share("github", {0.5, 0});
  BOOST_TEST(done_ms(41) == desk.ledger.view().at(0).window.resets_ms + 15'000);
  desk.ledger.set_share("github", {0.0, 0});
  BOOST_TEST(done_ms(1) == std::numeric_limits<std::int64_t>::max());
}

BOOST_AUTO_TEST_SUITE_END()
