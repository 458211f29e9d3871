#include "jobs/discovery/deny.hpp"
#include "jobs/discovery/depths.hpp"
#include "jobs/discovery/graph_jobs.hpp"
#include "storage/graph/capability.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/jobs.hpp"
#include "tests/jobs/discovery_taking.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using namespace tidemark::jobs::discovery;
using storage::graph::ListState;
using storage::graph::Presence;
using storage::graph::UserKind;
using test::TakingRoom;
using test::Told;

BOOST_FIXTURE_TEST_SUITE(discovery_take, TakingRoom)

BOOST_AUTO_TEST_CASE(whom_a_list_names_is_known_linked_both_ways_and_waits_to_be_read) {
  name(1, 0);
  BOOST_TEST(int{user(1).place->rank} == int{storage::graph::rank_new});
  tell(1, {.followers = {2, 3}, .following = {3}});
  BOOST_TEST(follows(2, 1));
  BOOST_TEST(follows(3, 1));
  BOOST_TEST(follows(1, 3));
  BOOST_TEST(!follows(1, 2));
  BOOST_TEST(user(2).depth == 1u);
  BOOST_TEST(user(2).place->depth == 1u);
  BOOST_TEST(int{user(2).place->rank} == int{storage::graph::rank_new});
  BOOST_TEST(user(2).read_ms == 0);
  BOOST_TEST(user(1).read_ms == now_ms);
  check();
}

BOOST_AUTO_TEST_CASE(an_account_that_was_read_is_due_again_in_a_week) {
  name(1, 0);
  tell(1, {.followers = {2}});
  BOOST_TEST(int{user(1).place->rank} == int{storage::graph::rank_stale});
  BOOST_TEST(user(1).place->due_ms == now_ms + settings.refresh_ms);
}

BOOST_AUTO_TEST_CASE(who_is_asked_for_again_before_the_lists_are_confirmed_stays_first) {
  name(1, 0);
  tell(1, {.followers = {2}});
  now_ms += 10;
  take([&](auto& writer, auto& now) {
    User one = found(writer, 1);
    one.place = storage::graph::Place{storage::graph::rank_asked, 0, now.now_ms};
    put_user(writer, one);
  });
  confirm({1});
  BOOST_TEST(int{user(1).place->rank} == int{storage::graph::rank_asked});
  tell(1, {.followers = {2}});
  BOOST_TEST(int{user(1).place->rank} == int{storage::graph::rank_stale});
}

BOOST_AUTO_TEST_CASE(an_account_of_which_a_list_did_not_come_keeps_its_place) {
  name(1, 0);
  take([&](auto& writer, auto& now) {
    User one = found(writer, 1);
    take_account(writer, now, one, news(1));
    take_page(writer, now, one, page(List::followers, {2}));
  });
  BOOST_TEST(int{user(1).place->rank} == int{storage::graph::rank_new});
  BOOST_TEST((state(1, List::following) == ListState::unread));
}

BOOST_AUTO_TEST_CASE(another_login_of_the_same_number_is_a_renaming) {
  name(1, 0);
  take([&](auto& writer, auto& now) { (void)take_entry(writer, now, {1, "U_1", "New-Name"}, 0); });
  BOOST_TEST(user(1).login == "New-Name");
  read([](const storage::Reader& reader) {
    BOOST_TEST(storage::graph::find_login(reader, "new-name")->id == 1u);
    BOOST_TEST(storage::graph::find_login(reader, "user1")->former);
  });
  check();
}

BOOST_AUTO_TEST_CASE(organisations_wait_to_be_read_and_bots_do_not) {
  take([&](auto& writer, auto& now) {
    (void)take_entry(writer, now, {5, "O_5", "company", UserKind::organization}, 1);
    (void)take_entry(writer, now, {6, "BOT_6", "robot", UserKind::bot}, 1);
  });
  BOOST_TEST(user(5).place.has_value());
  BOOST_TEST(!user(6).place.has_value());
  // Nothing but the repositories is waited for.
  take([&](auto& writer, auto& now) {
    User company = found(writer, 5);
    AccountNews told = news(5);
    told.account.kind = UserKind::organization;
    take_account(writer, now, company, told);
    take_page(writer, now, company, page(List::repositories, {}));
  });
  BOOST_TEST(int{user(5).place->rank} == int{storage::graph::rank_stale});
}

BOOST_AUTO_TEST_CASE(who_follows_oneself_is_followed_by_oneself) {
  name(1, 0);
  tell(1, {.followers = {1}, .following = {1}});
  BOOST_TEST(follows(1, 1));
  BOOST_TEST(user(1).depth == 0u);
  BOOST_TEST((state(1) == ListState::unconfirmed));
  check();
}

BOOST_AUTO_TEST_CASE(who_is_denied_counts_and_leaves_no_trace) {
  name(1, 0);
  take([&](auto& writer, auto&) { storage::graph::deny_user(writer, 2, "", now_ms); });
  tell(1, {.followers = {2, 3}});
  BOOST_TEST(!is_known(2));
  BOOST_TEST(!follows(2, 1));
  BOOST_TEST((state(1) == ListState::unconfirmed));
  check();
}

BOOST_AUTO_TEST_CASE(who_is_denied_by_login_stays_unknown_under_another_one) {
  name(1, 0);
  take([&](auto& writer, auto&) { storage::graph::deny_login(writer, "USER2", now_ms); });
  tell(1, {.followers = {2, 3}});
  auto renamed = entry(2);
  renamed.login = "fresh-name";
  take([&](auto& writer, auto& now) { BOOST_TEST(!take_entry(writer, now, renamed, 1)); });
  BOOST_TEST(!is_known(2));
  check();
}

BOOST_AUTO_TEST_CASE(who_was_known_otherwise_and_bears_a_denied_login_is_forgotten) {
  name(1, 0);
  name(2, 1);
  take([&](auto& writer, auto&) { storage::graph::deny_login(writer, "alice", now_ms); });
  auto renamed = entry(2);
  renamed.login = "Alice";
  take([&](auto& writer, auto& now) { BOOST_TEST(!take_entry(writer, now, renamed, 1)); });
  take([&](auto&, auto& now) { BOOST_TEST(now.denied.denies(2, "")); });
  read([](const storage::Reader& reader) {
    BOOST_TEST(storage::find_job(reader, forget_kind, "2").has_value());
  });
  check();
}

BOOST_AUTO_TEST_CASE(who_takes_over_the_login_of_somebody_forgotten_is_learnt) {
  name(1, 0);
  name(2, 1);
  const auto person = user(2);
  take([&](auto& writer, auto&) {
    (void)deny_and_forget(writer, person, now_ms);
    (void)storage::graph::forget_user(writer, person, 1'000);
  });
  auto heir = entry(9);
  heir.login = entry(2).login;
  take([&](auto& writer, auto& now) { BOOST_TEST(take_entry(writer, now, heir, 1)); });
  take([&](auto& writer, auto& now) { BOOST_TEST(!take_entry(writer, now, entry(2), 1)); });
  BOOST_TEST(is_known(9));
  BOOST_TEST(!is_known(2));
  check();
}

BOOST_AUTO_TEST_CASE(beyond_the_size_limit_nobody_is_added_and_the_list_is_cut) {
  name(1, 0);
  room = 1;
  tell(1, {.followers = {2, 3}});
  BOOST_TEST(is_known(2));
  BOOST_TEST(!is_known(3));
  BOOST_TEST(!follows(3, 1));
  BOOST_TEST((state(1) == ListState::cut));
  // Those that are known are linked all the same.
  room = 0;
  tell(2, {.followers = {1}});
  BOOST_TEST(follows(1, 2));
  check();
}

BOOST_AUTO_TEST_CASE(beyond_the_depth_limit_accounts_are_known_and_never_read) {
  name(1, 3);
  tell(1, {.followers = {2}});
  BOOST_TEST(user(2).depth == 4u);
  BOOST_TEST(!user(2).place);
  BOOST_TEST(follows(2, 1));
}

BOOST_AUTO_TEST_CASE(a_shorter_way_to_somebody_shortens_the_ways_to_all_behind) {
  name(1, 3);
  tell(1, {.followers = {2}, .following = {3}});
  name(1, 1);
  BOOST_TEST(user(1).depth == 1u);
  BOOST_TEST(user(2).depth == 4u);  // the rest is done piece by piece
  bool over = false;
  for (int pieces = 0; !over && pieces < 20; ++pieces) {
    take([&](auto& writer, auto& now) { over = lower_depths(writer, now, 1); });
  }
  BOOST_TEST(over);
  BOOST_TEST(user(2).depth == 2u);
  BOOST_TEST(user(3).depth == 2u);
  BOOST_TEST(user(3).place->depth == 2u);  // it was out of reach, and is to be read now
  check();
}

BOOST_AUTO_TEST_CASE(depths_fall_by_the_way_beside_other_answers) {
  name(1, 2);
  tell(1, {.followers = {2}});
  tell(2, {.followers = {3}});
  name(9, 0);
  name(1, 0);
  BOOST_TEST(user(3).depth == 4u);
  tell(9, {.followers = {8}});
  BOOST_TEST(user(2).depth == 1u);
  BOOST_TEST(user(3).depth == 2u);
}

BOOST_AUTO_TEST_CASE(who_is_gone_is_looked_for_three_times_and_then_left) {
  name(1, 0);
  int looks = 0;
  while (user(1).place && looks < 10) {
    take([&](auto& writer, auto& now) {
      User one = found(writer, 1);
      take_gone(writer, now, one);
    });
    ++looks;
    pass_days(30);
  }
  BOOST_TEST(looks == 4);  // once found missing, and looked for
  BOOST_TEST((user(1).presence == Presence::gone));
  // Somebody's list still names it: perhaps it is back.
  name(2, 0);
  familiar.clear();
  tell(2, {.followers = {1}});
  BOOST_TEST((user(1).presence == Presence::gone));
  BOOST_REQUIRE(user(1).place);
  tell(1, {.following = {2}});
  BOOST_TEST((user(1).presence == Presence::here));
  check();
}

BOOST_AUTO_TEST_CASE(a_refused_list_is_cut_and_keeps_what_is_known) {
  name(1, 0);
  tell(1, {.followers = {2}});
  confirm({1});
  take([&](auto& writer, auto& now) {
    User one = found(writer, 1);
    ListPage refused;
    refused.refused = true;
    refused.problem = "not for you";
    take_page(writer, now, one, refused);
  });
  BOOST_TEST((state(1) == ListState::cut));
  BOOST_TEST(follows(2, 1));
  read([](const storage::Reader& reader) {
    const auto capability = find_capability(reader, List::followers);
    BOOST_TEST(capability.bad == 1u);
    BOOST_TEST(capability.evidence.find("not for you") != std::string::npos);
  });
}

BOOST_AUTO_TEST_SUITE_END()
