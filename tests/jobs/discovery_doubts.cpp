#include <boost/test/unit_test.hpp>

#include "http/async/random.hpp"
#include "jobs/discovery/batches.hpp"
#include "tests/jobs/discovery_taking.hpp"
#include "tests/jobs/discovery_world.hpp"

// What REST counts differs from what a question brought: who is believed, and what it costs.

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::discovery::Doubt;
using jobs::discovery::judge_doubt;
using jobs::discovery::List;
using jobs::discovery::Told;
using simulators::Fault;
using simulators::FaultKind;
using storage::JobState;
using storage::graph::ListState;
using test::DiscoveryWorld;

namespace {

constexpr std::string_view by_number = "/user/";

// Before REST is asked about somebody, they gain a follower now and then.
void let_grow(DiscoveryWorld& world, std::size_t people, std::uint64_t percent,
              std::size_t& grown) {
  auto random = std::make_shared<async::SeededRandom>(5);
  world.before_github = [&world, &grown, people, percent, random](const http::Request& request) {
    if (!request.target.starts_with(by_number) || random->below(100) >= percent) return;
    const std::uint64_t id = std::stoull(request.target.substr(by_number.size()));
    for (std::size_t i = 0; i < people; ++i) {
      const std::string login = "u" + std::to_string(i);
      if (world.world.known(login).database_id != id) continue;
      world.follow("u" + std::to_string(random->below(people)), login);
      ++grown;
      return;
    }
  };
}

Fault broken_profile(const DiscoveryWorld& world, const std::string& login) {
  Fault fault;
  fault.kind = FaultKind::status_json;
  fault.every = 1;
  fault.status = 500;
  fault.resource = "core";
  fault.path = "/user/" + std::to_string(world.world.find_login(login)->database_id);
  return fault;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_doubts)

BOOST_AUTO_TEST_CASE(a_growing_network_costs_hardly_more_than_one_at_rest) {
  for (const std::uint64_t percent : {2U, 10U}) {
    constexpr std::size_t people = 2'000;
    DiscoveryWorld world;
    world.make_people(people, people * 4);
    world.name_seed("u0");
    std::size_t grown = 0;
    let_grow(world, people, percent, grown);
    const storage::Job job = world.crawl(std::chrono::hours(24));
    BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
    const auto truth = world.truth({"u0"});
    const auto points = static_cast<double>(world.spent("graphql").points);
    BOOST_TEST_MESSAGE(grown << " new followers: " << points << " points of "
                             << world.ideal_points(truth));
    BOOST_TEST(grown > 0U);
    BOOST_TEST(points <= 1.3 * world.ideal_points(truth));
    BOOST_TEST(world.cursor().adaptation.truncates_at == 0U);
    BOOST_TEST(world.known().users.size() == truth.users.size());
    world.check();
  }
}

BOOST_AUTO_TEST_CASE(truncation_is_found_in_a_growing_network_too) {
  simulators::GithubSettings settings;
  settings.truncate_parents = 24;
  DiscoveryWorld world(settings);
  world.make_people(300, 2'000);
  world.name_seed("u0");
  std::size_t grown = 0;
  let_grow(world, 300, 20, grown);
  BOOST_TEST((world.crawl(std::chrono::hours(24)).state == JobState::done));
  BOOST_TEST(world.cursor().adaptation.truncates_at > 24U);
  const auto known = world.known();
  std::size_t wrong = 0;
  for (const auto& [id, login] : known.users) {
    const auto record = world.user(login).list(List::followers);
    const std::size_t there =
        world.world.graph().followers(world.world.find_login(login)->index).size();
    // Whoever came after the reading is not in it; nobody gained more than a few.
    const bool whole = jobs::discovery::growth_explains(record.reported, there);
    if (record.state == ListState::complete && !whole) ++wrong;
  }
  BOOST_TEST(wrong == 0U);
  world.check();
}

BOOST_AUTO_TEST_CASE(
    truncation_is_believed_when_the_same_question_says_less_than_one_for_one_account) {
  const auto told = [](std::uint64_t reported, std::uint64_t counted, std::uint64_t again,
                       std::optional<std::uint64_t> alone) {
    return judge_doubt({Told{List::followers, reported, counted, again, alone}});
  };
  BOOST_TEST((told(100, 101, 101, {}) == Doubt::growth));
  BOOST_TEST((told(100, 101, 102, {}) == Doubt::growth));
  BOOST_TEST((told(100, 101, 100, {}) == Doubt::open));
  BOOST_TEST((told(100, 101, 100, 101) == Doubt::truncated));
  BOOST_TEST((told(100, 101, 100, 100) == Doubt::differs));
  BOOST_TEST((told(3, 5, 3, 5) == Doubt::truncated));
  // Nobody gains so many at once: the first answer may have been short.
  BOOST_TEST((told(60, 100, 100, {}) == Doubt::uncertain));
  BOOST_TEST((judge_doubt({}) == Doubt::growth));
}

BOOST_AUTO_TEST_CASE(somebody_whose_profile_never_comes_does_not_stop_the_crawl) {
  DiscoveryWorld world;
  world.make_people(150, 700);
  world.name_seed("u0");
  // The first batch is u0 alone: nobody can take their place.
  for (const char* login : {"u0", "u1", "u5"}) {
    world.github.faults().add(broken_profile(world, login));
  }
  const storage::Job job = world.crawl(std::chrono::hours(24));
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
  world.expect(world.truth({"u0"}));
  BOOST_TEST(world.cursor().batches.empty());
  BOOST_TEST(world.lists_in(ListState::unconfirmed) == 0U);
  // Nobody was compared with u0, so u0 is not complete.
  BOOST_TEST((world.user("u0").list(List::followers).state == ListState::cut));
  world.check();
}

BOOST_AUTO_TEST_CASE(somebody_who_is_deleted_while_they_are_doubted_does_not_stop_the_crawl) {
  DiscoveryWorld world;
  world.make_people(150, 700);
  world.name_seed("u0");
  std::size_t asked = 0;
  bool doubted = false;
  world.before_github = [&](const http::Request& request) {
    if (request.target.starts_with(by_number) && ++asked == 3) {
      for (int i = 100; i < 110; ++i) {
        for (int to = 0; to < 100; ++to) {
          const std::string login = "u" + std::to_string(to);
          const std::uint64_t id = world.world.known(login).database_id;
          if (request.target != "/user/" + std::to_string(id)) continue;
          world.follow("u" + std::to_string(i), login);
          doubted = true;
        }
      }
    } else if (doubted && request.target == "/graphql") {
      doubted = false;
      const auto crawl = world.cursor();
      if (crawl.batches.empty() || crawl.batches.front().doubts.empty()) return;
      for (int to = 0; to < 100; ++to) {
        auto& account = world.world.known("u" + std::to_string(to));
        if (account.database_id == crawl.batches.front().doubts.front().id)
          account.suspended = true;
      }
    }
  };
  const storage::Job job = world.crawl(std::chrono::hours(24));
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
  BOOST_TEST(world.cursor().batches.empty());
  BOOST_TEST(world.known().users.size() == 149U);
  world.check();
}

BOOST_FIXTURE_TEST_CASE(a_list_that_holds_less_than_others_showed_of_it_is_cut, test::TakingRoom) {
  name(1, 0);
  name(3, 0);
  tell(1, {.followers = {2}});
  tell(3, {.following = {1}});
  confirm({1, 3});
  BOOST_TEST((user(1).list(List::followers).state == ListState::cut));
  BOOST_TEST((user(1).list(List::following).state == ListState::complete));
  BOOST_TEST((user(3).list(List::following).state == ListState::complete));
  BOOST_TEST(follows(3, 1));
}

BOOST_AUTO_TEST_SUITE_END()
