#include "jobs/discovery/staleness.hpp"

#include "jobs/discovery/capabilities.hpp"
#include "tests/jobs/discovery_taking.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using namespace tidemark::jobs::discovery;
using storage::graph::Ability;
using storage::graph::Capability;
using storage::graph::ListState;
using test::TakingRoom;
using test::Told;

namespace {

storage::graph::User read_user(ListState state, std::uint32_t fruitless = 0) {
  storage::graph::User user;
  user.id = 1;
  user.read_ms = 1;
  user.fruitless = fruitless;
  user.list(List::followers).state = state;
  return user;
}

std::int64_t wait_days(const storage::graph::User& user, const Standing& standing = {}) {
  return next_place(user, 0, {}, standing)->due_ms / day_ms;
}

Observation seen(Sign sign, storage::graph::UserId user = 1) { return {sign, user, 5, "no"}; }

Capability after(std::size_t good, std::size_t bad, Sign sign = Sign::refused,
                 Capability capability = {}) {
  for (std::size_t i = 0; i < good; ++i) capability = judge(capability, seen(Sign::good), 1);
  for (std::size_t i = 0; i < bad; ++i) capability = judge(capability, seen(sign, i + 1), 2);
  return capability;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_staleness)

BOOST_AUTO_TEST_CASE(an_account_is_due_again_after_the_time_that_the_settings_name) {
  BOOST_TEST(wait_days(read_user(ListState::complete)) == 7);
  BOOST_TEST(wait_days(read_user(ListState::unconfirmed)) == 7);
}

// Else the longest list would begin later each week, and in the end alone.
BOOST_AUTO_TEST_CASE(an_account_is_due_a_week_after_it_was_read_however_long_its_lists_took) {
  storage::graph::User user = read_user(ListState::complete);
  user.read_ms = 100 * day_ms;
  const auto due_day = [&](std::int64_t settled_day) {
    return next_place(user, settled_day * day_ms, {})->due_ms / day_ms;
  };
  BOOST_TEST(due_day(100) == 107);
  BOOST_TEST(due_day(102) == 107);
  // But never at once, or whoever takes that long would be read all the time.
  BOOST_TEST(due_day(110) == 113);
}

BOOST_AUTO_TEST_CASE(who_has_a_list_of_several_pages_comes_before_all_others_that_are_due) {
  storage::graph::User user = read_user(ListState::complete);
  user.list(List::followers).reported = 100;
  BOOST_TEST(next_place(user, 0, {})->depth == 1U);
  user.list(List::followers).reported = 101;
  BOOST_TEST(next_place(user, 0, {})->depth == 0U);
  user.list(List::followers).state = ListState::cut;
  BOOST_TEST(next_place(user, 0, {})->depth == 0U);
}

BOOST_AUTO_TEST_CASE(a_long_list_that_grew_while_it_was_read_makes_nobody_hurry) {
  storage::graph::User user = read_user(ListState::cut);
  auto& followers = user.list(List::followers);
  followers.reported = 10'000;
  followers.missing = 150;
  BOOST_TEST(wait_days(user) == 7);
  followers.missing = 500;
  BOOST_TEST(wait_days(user) == 1);
  // A single page does not grow while it comes.
  followers.reported = 80;
  followers.missing = 1;
  BOOST_TEST(wait_days(user) == 1);
  // What is short for good is looked at as rarely as before.
  followers.reported = 10'000;
  followers.missing = 150;
  user.fruitless = 5;
  BOOST_TEST(wait_days(user) == 32);
}

BOOST_AUTO_TEST_CASE(one_with_a_short_list_is_due_after_a_day_and_then_ever_later) {
  BOOST_TEST(wait_days(read_user(ListState::cut)) == 1);
  BOOST_TEST(wait_days(read_user(ListState::cut, 1)) == 2);
  BOOST_TEST(wait_days(read_user(ListState::cut, 6)) == 64);
  BOOST_TEST(wait_days(read_user(ListState::cut, 4'000)) == 64);
}

BOOST_AUTO_TEST_CASE(a_list_that_nobody_wants_or_that_had_no_room_makes_nobody_hurry) {
  Standing standing;
  standing.wanted[0] = false;
  BOOST_TEST(wait_days(read_user(ListState::cut), standing) == 7);
  Standing full;
  full.full = true;
  BOOST_TEST(wait_days(read_user(ListState::cut), full) == 7);
}

// GitHub counts hidden accounts: a popular account gains others every day, and lacks as many.
BOOST_FIXTURE_TEST_CASE(who_grows_and_lacks_as_many_as_before_is_not_read_for_ever, TakingRoom) {
  name(1, 0);
  std::vector<UserId> followers = {2};
  std::vector<std::int64_t> waits;
  for (int reading = 0; reading < 4; ++reading) {
    tell(1, {.followers = followers, .counted_more = 100U + static_cast<unsigned>(reading)});
    const std::int64_t wait_ms = user(1).place->due_ms - now_ms;
    waits.push_back(wait_ms / day_ms);
    now_ms += wait_ms;
    followers.push_back(followers.back() + 1);
  }
  BOOST_TEST((waits == std::vector<std::int64_t>{1, 2, 4, 8}));
  tell(1, {.followers = followers, .counted_more = 10});
  BOOST_TEST(user(1).place->due_ms - now_ms == day_ms);
}

BOOST_FIXTURE_TEST_CASE(nobody_is_read_for_ever_for_a_count_that_never_agrees, TakingRoom) {
  name(1, 0);
  std::vector<std::int64_t> waits;
  for (int reading = 0; reading < 4; ++reading) {
    tell(1, {.followers = {2}, .counted_more = 1});
    const std::int64_t wait_ms = user(1).place->due_ms - now_ms;
    waits.push_back(wait_ms / day_ms);
    now_ms += wait_ms;
  }
  BOOST_TEST((waits == std::vector<std::int64_t>{1, 2, 4, 8}));
  // It lacks something else: it is worth a look again.
  tell(1, {.followers = {2}, .counted_more = 3});
  BOOST_TEST(user(1).place->due_ms - now_ms == day_ms);
  tell(1, {.followers = {2, 3}});
  confirm({1});
  BOOST_TEST(user(1).fruitless == 0u);
  BOOST_TEST(user(1).place->due_ms - now_ms == 7 * day_ms);
}

BOOST_AUTO_TEST_CASE(a_list_is_ok_as_long_as_few_answers_are_bad) {
  BOOST_TEST((after(100, 9).ability == Ability::ok));
  BOOST_TEST((after(100, 12).ability == Ability::degraded));
  BOOST_TEST(after(100, 12).evidence.find("12 of 112") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_few_odd_answers_decide_nothing) {
  BOOST_TEST((after(0, 19).ability == Ability::ok));
  BOOST_TEST((after(1, 2).ability == Ability::ok));
}

BOOST_AUTO_TEST_CASE(a_list_that_twenty_answers_in_a_row_did_not_give_is_gone) {
  BOOST_TEST((after(0, 20).ability == Ability::gone));
  BOOST_TEST((after(900, 20).ability == Ability::gone));
  BOOST_TEST(after(900, 20).since_ms == 2);
  BOOST_TEST((after(0, 20, Sign::empty).ability == Ability::gone));
}

BOOST_AUTO_TEST_CASE(the_providers_word_of_three_accounts_is_enough) {
  BOOST_TEST((after(500, 2, Sign::withdrawn).ability == Ability::ok));
  BOOST_TEST((after(500, 3, Sign::withdrawn).ability == Ability::gone));
}

BOOST_AUTO_TEST_CASE(one_account_again_and_again_counts_once) {
  Capability capability = after(10, 0);
  for (int i = 0; i < 50; ++i) capability = judge(capability, seen(Sign::withdrawn, 7), 3);
  BOOST_TEST((capability.ability == Ability::ok));
  BOOST_TEST(capability.bad == 1u);
  BOOST_TEST(capability.looked_ms == 3);
  capability = judge(capability, seen(Sign::withdrawn, 8), 3);
  BOOST_TEST((capability.ability == Ability::ok));
  capability = judge(capability, seen(Sign::withdrawn, 9), 3);
  BOOST_TEST((capability.ability == Ability::gone));
}

BOOST_AUTO_TEST_CASE(a_list_that_is_gone_is_tried_once_a_day_and_comes_back_by_degrees) {
  Capability gone = after(10, 20);
  BOOST_TEST(!may_ask(gone, gone.looked_ms + probe_ms - 1));
  BOOST_TEST(may_ask(gone, gone.looked_ms + probe_ms));
  Capability back = judge(gone, seen(Sign::good), 5);
  BOOST_TEST((back.ability == Ability::degraded));
  BOOST_TEST((after(19, 0, Sign::refused, back).ability == Ability::ok));
}

BOOST_FIXTURE_TEST_CASE(lists_that_are_emptied_of_many_are_told_and_nothing_is_deleted,
                        TakingRoom) {
  for (UserId id = 1; id <= 40; ++id) {
    name(id, 1);
    tell(id, {.followers = {id + 100, id + 101, id + 102}});
    confirm({id});
  }
  const auto followers = [this] {
    Capability found;
    read([&](const storage::Reader& reader) {
      found = storage::graph::find_capability(reader, List::followers);
    });
    return found;
  };
  BOOST_TEST((followers().ability == Ability::ok));
  pass_days(8);
  for (UserId id = 1; id <= 10; ++id) tell(id, {});
  BOOST_TEST((followers().ability == Ability::degraded));
  BOOST_TEST(followers().evidence.find("an empty list where there were 3") != std::string::npos,
             followers().evidence);
  for (UserId id = 1; id <= 10; ++id) {
    BOOST_TEST((state(id) == ListState::cut));
    BOOST_TEST(follows(id + 100, id));
  }
  check();
}

BOOST_AUTO_TEST_CASE(an_empty_list_tells_only_where_something_should_be) {
  ListPage page;
  BOOST_TEST(!observe(page, 1, 0));
  BOOST_TEST((observe(page, 1, 3)->sign == Sign::empty));
  // None counted either: of somebody who had hardly any, that is life.
  BOOST_TEST(!observe(page, 1, 0, 2));
  BOOST_TEST((observe(page, 1, 0, 3)->sign == Sign::emptied));
  page.unreadable = 2;
  BOOST_TEST((observe(page, 1, 3)->sign == Sign::nothing));
  page.entries.push_back({5, "", "five"});
  BOOST_TEST((observe(page, 1, 3)->sign == Sign::good));
  page.refused = page.withdrawn = true;
  BOOST_TEST((observe(page, 1, 3)->sign == Sign::withdrawn));
}

BOOST_AUTO_TEST_SUITE_END()
