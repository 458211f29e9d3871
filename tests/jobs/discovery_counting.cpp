#include <boost/test/unit_test.hpp>

#include "jobs/discovery/capabilities.hpp"
#include "jobs/discovery/staleness.hpp"
#include "storage/graph/frontier.hpp"
#include "tests/jobs/discovery_world.hpp"
#include "tests/jobs/mortal_engine.hpp"

// Accounts that were read before are counted first: only lists of another length are read again.

using namespace tidemark;  // NOLINT: a test of everything together
using namespace tidemark::jobs::discovery;
using storage::JobState;
using storage::graph::ListState;
using test::DiscoveryWorld;

namespace {

constexpr auto a_week = std::chrono::hours(24 * 7 + 1);
constexpr std::int64_t now_ms = 1'000 * day_ms;

void expect_done(const storage::Job& job) {
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
}

// What one more crawl costs, and what it asks for.
struct Costs {
  std::uint64_t points = 0, requests = 0;
  std::size_t with_entries = 0;  // questions for entries of lists
};
Costs crawl_again(DiscoveryWorld& world) {
  Costs before{world.spent("graphql").points, world.spent("core").requests};
  Costs costs;
  world.before_github = [&](const http::Request& request) {
    costs.with_entries += request.body.find("nodes{") != std::string::npos ? 1U : 0U;
  };
  expect_done(world.crawl());
  world.before_github = {};
  costs.points = world.spent("graphql").points - before.points;
  costs.requests = world.spent("core").requests - before.requests;
  return costs;
}

// Two thousand people, one of whom has 1,300 followers.
struct Settled : DiscoveryWorld {
  Settled() {
    make_people(2'000, 9'000);
    for (int i = 700; i < 2'000; ++i) follow("u" + std::to_string(i), "u0");
    name_seed("u0");
    expect_done(crawl());
    expect(truth({"u0"}));
  }
  std::int64_t read_ms(const std::string& login, List list) {
    return user(login).list(list).read_ms;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_counting)

BOOST_AUTO_TEST_CASE(a_second_week_without_changes_costs_a_point_for_forty_and_reads_no_page) {
  Settled world;
  const auto first = world.spent("graphql").points;
  const auto first_requests = world.spent("core").requests;
  world.pass(a_week);
  const Costs costs = crawl_again(world);
  BOOST_TEST_MESSAGE("first " << first << " points and " << first_requests
                              << " requests, then again " << costs.points << " and "
                              << costs.requests);
  BOOST_TEST(costs.points <= 2'000U / 40 + 2);
  BOOST_TEST(costs.requests == 0U);
  BOOST_TEST(costs.with_entries == 0U);
  BOOST_TEST(world.cursor().edges == 0U);
  world.expect(world.truth({"u0"}));
  BOOST_TEST(world.lists_in(ListState::complete) == 6'000U);
  // And nobody is due before another week is over.
  BOOST_TEST(crawl_again(world).points == 0U);
  world.check();
}

BOOST_AUTO_TEST_CASE(only_lists_of_another_length_are_read_again) {
  Settled world;
  world.follow("u3", "u900");
  world.unfollow("u1999", "u0");
  const std::int64_t before_ms = world.read_ms("u900", List::following);
  world.pass(a_week);
  const Costs costs = crawl_again(world);
  BOOST_TEST(costs.points <= 2'000U / 40 + 3);
  world.expect(world.truth({"u0"}));
  BOOST_TEST(world.read_ms("u900", List::followers) > before_ms);
  BOOST_TEST(world.read_ms("u900", List::following) == before_ms);
  BOOST_TEST(world.lists_in(ListState::complete) == 6'000U);
  world.check();
}

BOOST_AUTO_TEST_CASE(who_left_while_another_came_is_found_by_age) {
  DiscoveryWorld world;
  world.make_people(200, 900);
  for (const char* to : {"u10", "u11"}) {
    world.unfollow("u150", to);
    world.unfollow("u151", to);
  }
  world.follow("u150", "u10");
  world.follow("u151", "u11");
  world.name_seed("u0");
  expect_done(world.crawl());
  const auto before = world.known();
  // They change places, and nobody's count moves.
  world.unfollow("u150", "u10");
  world.unfollow("u151", "u11");
  world.follow("u150", "u11");
  world.follow("u151", "u10");
  world.pass(a_week);
  expect_done(world.crawl());
  BOOST_TEST((world.known() == before));
  for (int week = 0; week < 3; ++week) {
    world.pass(a_week);
    expect_done(world.crawl());
  }
  world.expect(world.truth({"u0"}));
  world.check();
}

BOOST_AUTO_TEST_CASE(who_is_renamed_deleted_or_refused_is_found_by_counting) {
  DiscoveryWorld world;
  world.make_people(60, 150);
  world.name_seed("u0");
  expect_done(world.crawl());
  world.world.rename_account("u7", "seven");
  world.world.delete_account("u8");
  world.pass(a_week);
  expect_done(world.crawl());
  BOOST_TEST(world.user("seven").id == world.user("u7").id);
  BOOST_TEST((world.user("u8").presence == storage::graph::Presence::gone));
  world.check();
}

BOOST_AUTO_TEST_CASE(counting_suffices_for_whole_lists_that_are_not_old) {
  storage::graph::User user;
  user.read_ms = now_ms - 7 * day_ms;
  user.place = storage::graph::Place{storage::graph::rank_stale, 0, now_ms};
  for (const List list : {List::followers, List::following, List::repositories}) {
    user.list(list).state = ListState::complete;
    user.list(list).read_ms = now_ms - 7 * day_ms;
  }
  const std::array<bool, 4> wanted = {true, true, true, false};
  const auto suffices = [&] { return counting_suffices(user, now_ms, {}, wanted); };
  BOOST_TEST(suffices());
  auto& followers = user.list(List::followers);
  followers.read_ms = now_ms - 28 * day_ms;
  BOOST_TEST(!suffices());
  followers.read_ms = now_ms - 28 * day_ms + 1;
  BOOST_TEST(suffices());
  for (const ListState state : {ListState::unread, ListState::cut, ListState::unconfirmed}) {
    followers.state = state;
    BOOST_TEST(!suffices());
  }
  followers.state = ListState::complete;
  // A person waits: they get all of it.
  user.place->rank = storage::graph::rank_asked;
  BOOST_TEST(!suffices());
}

BOOST_AUTO_TEST_CASE(death_at_any_commit_of_a_second_week_costs_one_request_at_most) {
  const auto prepare = [](DiscoveryWorld& world) {
    world.make_people(90, 300);
    for (int i = 1; i < 90; ++i) world.follow("u" + std::to_string(i), "u0");
    for (int i = 0; i < 40; ++i) {
      world.world.add_generated("late" + std::to_string(i), 90'001 + static_cast<unsigned>(i));
    }
    world.name_seed("u0");
    expect_done(world.crawl());
    for (int i = 0; i < 40; ++i) world.follow("late" + std::to_string(i), "u0");
    world.unfollow("u20", "u0");
    world.pass(a_week);
  };
  std::uint64_t writes = 0, asked = 0, repeated = 0;
  for (std::uint64_t at = 0; at <= writes; ++at) {
    DiscoveryWorld world;
    prepare(world);
    const auto requests = [&] {
      return world.spent("graphql").requests + world.spent("core").requests;
    };
    const auto twice = [&] {
      return world.spent("graphql").repeated + world.spent("core").repeated;
    };
    const std::uint64_t before = requests();
    auto owned = std::make_unique<test::MortalEngine>(std::move(world.engine));
    test::MortalEngine& engine = *owned;
    world.engine = std::move(owned);
    if (at > 0) engine.die_at(at, at % 2 == 0);
    for (int life = 0; life < 2; ++life) {
      world.live([&](DiscoveryWorld::Life& one) -> async::Task<void> {
        one.mortal = true;
        std::optional<storage::Job> job;
        try {
          co_await one.enqueue();
        } catch (const test::Died&) {
          co_return;
        }
        while (!engine.dead() && !(job && job->state == JobState::done)) {
          co_await world.simulation.clock().sleep_for(std::chrono::milliseconds(20));
          job = co_await one.job();
        }
      });
      if (!engine.dead()) break;
      engine.revive();
    }
    if (at == 0) {
      writes = engine.writes();
      asked = requests() - before;
      repeated = twice();
      BOOST_TEST(writes > 8U);
    }
    BOOST_TEST_CONTEXT("at commit " << at) {
      BOOST_TEST(requests() - before <= asked + 2);
      BOOST_TEST(twice() <= repeated + 1);
      world.expect(world.truth({"u0"}));
      world.check();
    }
  }
}

// Lists that GitHub took away by answering them empty say nothing of how many there are.
BOOST_AUTO_TEST_CASE(a_list_that_is_emptied_takes_no_count_along_that_edges_speak_against) {
  DiscoveryWorld world;
  world.make_people(60, 600);
  world.name_seed("u59");
  (void)world.crawl(std::chrono::hours(12));
  std::map<std::string, std::uint64_t> before;
  for (const auto& [id, login] : world.known().users) {
    before[login] = world.user(login).profile.followers;
  }
  world.github.settings().lists.set("followers", "empty");
  world.pass(a_week);
  (void)world.crawl(std::chrono::hours(12));
  std::size_t many = 0, lost = 0;
  for (const auto& [login, followers] : before) {
    if (followers < jobs::discovery::emptied_least) continue;
    ++many;
    lost += world.user(login).profile.followers != followers ? 1U : 0U;
  }
  BOOST_TEST(many > 40U);
  BOOST_TEST(lost == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
