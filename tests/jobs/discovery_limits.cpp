#include "jobs/discovery/limits.hpp"

#include "jobs/discovery/raised_limits.hpp"
#include "tests/jobs/discovery_taking.hpp"
#include "tests/jobs/discovery_world.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using namespace tidemark::jobs::discovery;
using storage::graph::ListState;
using test::TakingRoom;
using test::Told;

namespace {

struct Room : TakingRoom {
  bool raise(std::size_t most = 1'000) {
    bool over = false;
    take([&](auto& writer, auto& now) { over = raise_limits(writer, now, most); });
    return over;
  }
  void limit_users(std::uint64_t most) {
    take([&](auto& writer, auto&) { put_users_limit(writer, most); });
  }
  // 1 → 2 → … → 6, of which nobody but 1 was read.
  void make_chain() {
    for (UserId id = 1; id <= 6; ++id) name(id, static_cast<std::uint32_t>(id - 1));
    tell(1, {.following = {2}});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(discovery_limits, Room)

BOOST_AUTO_TEST_CASE(who_is_within_a_depth_that_was_raised_is_to_be_read) {
  settings.depth_most = 2;
  BOOST_TEST(raise());
  make_chain();
  BOOST_TEST(!user(4).place);
  settings.depth_most = 4;
  BOOST_TEST(raise());
  BOOST_REQUIRE(user(4).place);
  BOOST_TEST(user(4).place->depth == 3u);
  BOOST_TEST(user(5).place.has_value());
  BOOST_TEST(!user(6).place);
  // Also when it was lower in between.
  settings.depth_most = 1;
  BOOST_TEST(raise());
  name(7, 3);
  settings.depth_most = 4;
  BOOST_TEST(raise());
  BOOST_TEST(user(7).place.has_value());
  check();
}

BOOST_AUTO_TEST_CASE(a_walk_goes_on_where_it_was_and_changes_nothing_twice) {
  settings.depth_most = 2;
  BOOST_TEST(raise());
  make_chain();
  settings.depth_most = 9;
  int pieces = 1;
  while (!raise(1)) ++pieces;
  BOOST_TEST(pieces == 7);
  BOOST_TEST(user(6).place.has_value());
  take([](auto& writer, auto&) {
    auto six = found(writer, 6);
    six.place.reset();
    put_user(writer, six);
  });
  BOOST_TEST(raise());
  BOOST_TEST(!user(6).place);
}

BOOST_AUTO_TEST_CASE(lists_that_had_no_room_are_due_when_there_is_some) {
  limit_users(3);
  BOOST_TEST(raise());
  name(1, 0);
  room = 2;
  tell(1, {.followers = {2, 3, 4}});
  BOOST_TEST((state(1) == ListState::cut));
  BOOST_TEST(user(1).place->due_ms > now_ms + 1);
  BOOST_TEST(raise());
  BOOST_TEST(user(1).place->due_ms > now_ms + 1);
  limit_users(1'000);
  BOOST_TEST(raise());
  BOOST_TEST(user(1).place->due_ms == now_ms);
  check();
}

BOOST_AUTO_TEST_CASE(where_there_was_room_a_larger_limit_makes_nobody_due) {
  limit_users(100);
  BOOST_TEST(raise());
  name(1, 0);
  tell(1, {.followers = {2, 3}, .counted_more = 1});
  BOOST_TEST((state(1) == ListState::cut));
  const auto due_ms = user(1).place->due_ms;
  limit_users(1'000);
  BOOST_TEST(raise());
  BOOST_TEST(user(1).place->due_ms == due_ms);
}

BOOST_AUTO_TEST_CASE(larger_limits_are_there_with_the_next_run) {
  test::DiscoveryWorld world;
  world.make_people(300, 900);
  world.settings.depth_most = 1;
  world.name_seed("u299");
  BOOST_TEST((world.crawl().state == storage::JobState::done));
  world.expect(world.truth({"u299"}, 1));
  world.settings.depth_most = 3;
  BOOST_TEST((world.crawl().state == storage::JobState::done));
  world.expect(world.truth({"u299"}, 3));
  world.check();
}

BOOST_AUTO_TEST_CASE(a_larger_size_limit_goes_on_where_there_was_no_room) {
  test::DiscoveryWorld world;
  world.make_people(300, 900);
  world.settings.users_most = 20;
  world.name_seed("u0");
  BOOST_TEST((world.crawl().state == storage::JobState::done));
  BOOST_TEST(world.known().users.size() == 20u);
  world.settings.users_most = 10'000;
  BOOST_TEST((world.crawl(std::chrono::hours(12)).state == storage::JobState::done));
  world.expect(world.truth({"u0"}));
  world.check();
}

BOOST_AUTO_TEST_CASE(organizations_are_accounts_that_the_size_limit_counts) {
  name(1, 0);
  auto organization = entry(2);
  organization.kind = storage::graph::UserKind::organization;
  room = 1;
  take([&](auto& writer, auto& now) {
    BOOST_TEST(take_entry(writer, now, organization, 1));
    BOOST_TEST(!take_entry(writer, now, entry(3), 1));
  });
  settings.users_most = 2;
  read([&](const storage::Reader& reader) {
    const auto reached = limits_reached(reader, settings);
    BOOST_REQUIRE(reached.size() == 1u);
    BOOST_TEST(reached[0] ==
               "no more accounts are taken in, there are 2: raise the setting discovery.users_max");
    settings.users_most = 3;
    BOOST_TEST(limits_reached(reader, settings).empty());
  });
  check();
}

BOOST_AUTO_TEST_CASE(repositories_have_a_limit_and_come_when_it_is_raised) {
  test::DiscoveryWorld world;
  world.make_people(120, 400);
  world.settings.repositories_most = 20;
  world.name_seed("u0");
  BOOST_TEST((world.crawl().state == storage::JobState::done));
  auto truth = world.truth({"u0"});
  BOOST_TEST(truth.repositories.size() > 20u);
  BOOST_TEST(world.known().repositories.size() == 20u);
  BOOST_TEST(world.known().users.size() == truth.users.size());
  BOOST_TEST(world.lists_in(ListState::cut) > 0u);
  // Full is not short: nobody is looked at sooner for it, but when the limit is raised.
  const auto points = world.spent("graphql").points;
  world.pass(std::chrono::hours(24 * 3));
  BOOST_TEST((world.crawl().state == storage::JobState::done));
  BOOST_TEST(world.spent("graphql").points == points);
  world.engine->read([&](const storage::Reader& reader) {
    const auto reached = limits_reached(reader, world.settings);
    BOOST_REQUIRE(reached.size() == 1u);
    BOOST_TEST(reached[0].find("discovery.repositories_max") != std::string::npos);
  });
  world.settings.repositories_most = 10'000;
  BOOST_TEST((world.crawl(std::chrono::hours(12)).state == storage::JobState::done));
  world.expect(truth);
  world.check();
}

BOOST_AUTO_TEST_SUITE_END()
