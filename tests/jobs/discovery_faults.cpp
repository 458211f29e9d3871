#include <boost/test/unit_test.hpp>

#include "storage/graph/capability.hpp"
#include "tests/jobs/discovery_world.hpp"

// Every fault of the contract is survived, and what is found in the end is exact.

using namespace tidemark;  // NOLINT: a test of everything together
using simulators::Fault;
using simulators::FaultKind;
using storage::JobState;
using storage::graph::ListState;
using test::DiscoveryWorld;

namespace {

Fault every(FaultKind kind, unsigned number, const char* resource = "graphql") {
  Fault fault;
  fault.kind = kind;
  fault.every = number;
  fault.resource = resource;
  return fault;
}

struct Outcome {
  double points = 0, ideal = 0;
};

Outcome crawl_with(const std::vector<Fault>& faults, simulators::GithubSettings settings = {},
                   std::size_t people = 130) {
  DiscoveryWorld world(std::move(settings));
  world.make_people(people, people * 4);
  for (std::size_t i = 1; i < 120; ++i) world.follow("u" + std::to_string(i), "u0");
  world.name_seed("u0");
  for (const Fault& fault : faults) world.github.faults().add(fault);
  const storage::Job job = world.crawl();
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
  const auto truth = world.truth({"u0"});
  world.expect(truth);
  for (const auto* resource : {"graphql", "core"}) {
    BOOST_TEST(world.spent(resource).while_blocked == 0U);
    BOOST_TEST(world.spent(resource).refused_per_window_max <= 1U);
  }
  world.check();
  return {static_cast<double>(world.spent("graphql").points), world.ideal_points(truth)};
}

// Lists that are called complete and are not.
std::size_t wrongly_complete(DiscoveryWorld& world) {
  std::size_t wrong = 0;
  const auto known = world.known();
  for (const auto& [id, login] : known.users) {
    const auto user = world.user(login);
    const auto* account = world.world.find_login(login);
    const auto& list = user.list(jobs::discovery::List::followers);
    const bool whole = list.reported == world.world.graph().followers(account->index).size();
    if (list.state == ListState::complete && !whole) ++wrong;
  }
  return wrong;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_faults)

BOOST_AUTO_TEST_CASE(gateways_and_cut_answers_now_and_then_are_survived) {
  for (const FaultKind kind :
       {FaultKind::status_html, FaultKind::status_json, FaultKind::cut_before, FaultKind::cut_after,
        FaultKind::malformed_json, FaultKind::slow}) {
    for (const char* resource : {"graphql", "core"}) {
      Fault fault = every(kind, 7, resource);
      fault.status = 502;
      fault.delay_ms = 6'000;
      const Outcome outcome = crawl_with({fault});
      BOOST_TEST_MESSAGE(name_of(kind) << " " << resource << ": " << outcome.points << " points of "
                                       << outcome.ideal);
      BOOST_TEST(outcome.points <= 3 * outcome.ideal + 10);
    }
  }
}

BOOST_AUTO_TEST_CASE(limits_are_waited_for) {
  for (const unsigned status : {200U, 403U, 429U}) {
    Fault fault = every(FaultKind::secondary, 9);
    fault.status = status;
    fault.retry_after_s = 60;
    fault.times = 2;
    (void)crawl_with({fault});
    // REST and GraphQL count together: the ledger of either would see a request of the other.
    Fault of_rest = every(FaultKind::secondary, 3, "core");
    of_rest.status = status == 200 ? 403 : status;
    of_rest.times = 1;
    (void)crawl_with({of_rest});
  }
  (void)crawl_with({every(FaultKind::stale_reset, 5)});
}

BOOST_AUTO_TEST_CASE(lists_without_entries_are_asked_for_again) {
  const Outcome outcome = crawl_with({every(FaultKind::null_nodes, 6)});
  BOOST_TEST(outcome.points <= 4 * outcome.ideal + 10);
  (void)crawl_with({every(FaultKind::negative_numbers, 6)});
}

BOOST_AUTO_TEST_CASE(a_total_that_lies_is_not_believed) {
  Fault fault = every(FaultKind::total_count_lies, 5);
  fault.amount = 3;
  (void)crawl_with({fault});
}

BOOST_AUTO_TEST_CASE(questions_that_are_too_heavy_become_smaller) {
  for (const FaultKind kind : {FaultKind::timeout, FaultKind::resource_limits}) {
    Fault fault = every(kind, 1);
    fault.weight = 60;
    fault.delay_ms = 10'000;
    const Outcome outcome = crawl_with({fault}, {}, 130);
    BOOST_TEST_MESSAGE(name_of(kind) << ": " << outcome.points << " points of " << outcome.ideal);
  }
}

BOOST_AUTO_TEST_CASE(all_of_it_at_once_is_survived) {
  Fault secondary = every(FaultKind::secondary, 19);
  secondary.retry_after_s = 30;
  secondary.status = 403;
  Fault heavy = every(FaultKind::heavy_accounts, 1);
  heavy.one_in = 23;
  heavy.weight = 120;
  simulators::GithubSettings settings;
  settings.truncate_parents = 24;
  settings.quota.graphql = 12;
  settings.quota.core = 60;
  settings.quota.window_ms = 300'000;
  settings.service_ms = 400;
  const Outcome outcome =
      crawl_with({every(FaultKind::status_html, 11), every(FaultKind::cut_after, 13),
                  every(FaultKind::null_nodes, 9), every(FaultKind::malformed_json, 17),
                  every(FaultKind::status_json, 5, "core"), secondary, heavy},
                 settings);
  BOOST_TEST_MESSAGE("all at once: " << outcome.points << " points of " << outcome.ideal);
}

BOOST_AUTO_TEST_CASE(an_account_that_is_too_heavy_alone_is_read_by_shorter_pages_or_rest) {
  for (const std::uint64_t weight : {200U, 70U, 0U}) {
    Fault fault = every(FaultKind::heavy_accounts, 1);
    fault.logins = {"u0", "u17"};
    fault.weight = weight;
    const Outcome outcome = crawl_with({fault});
    BOOST_TEST_MESSAGE("heavy accounts: " << outcome.points << " points of " << outcome.ideal);
    BOOST_TEST(outcome.points <= 2 * outcome.ideal + 26);
  }
}

BOOST_AUTO_TEST_CASE(silent_truncation_is_never_taken_for_complete) {
  for (const std::uint64_t parents : {39U, 24U, 9U}) {
    simulators::GithubSettings settings;
    settings.truncate_parents = parents;
    DiscoveryWorld world(settings);
    world.make_people(300, 2'000);
    world.name_seed("u0");
    const storage::Job job = world.crawl();
    BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
    const auto truth = world.truth({"u0"});
    world.expect(truth);
    BOOST_TEST_MESSAGE("truncating above " << parents << ": " << world.spent("graphql").points
                                           << " points, ideal " << world.ideal_points(truth));
    BOOST_TEST(wrongly_complete(world) == 0U);
    world.check();
  }
}

BOOST_AUTO_TEST_CASE(
    accounts_of_a_question_cut_short_are_read_again_whole_whatever_rest_was_to_read) {
  simulators::GithubSettings settings;
  settings.truncate_parents = 24;
  DiscoveryWorld world(settings);
  world.make_people(300, 2'000);
  world.world.known("u7").suspended = true;
  world.world.add_generated("acme", 90'002).organization = true;
  for (int i = 20; i < 60; ++i) {
    world.follow("u" + std::to_string(i), i % 2 == 0 ? "u7" : "acme");
  }
  world.name_seed("u0");
  BOOST_TEST((world.crawl().state == JobState::done));
  world.expect(world.truth({"u0"}));
  world.check();
}

BOOST_AUTO_TEST_CASE(without_comparing_what_is_cut_at_both_ends_would_be_missed) {
  simulators::GithubSettings settings;
  settings.truncate_parents = 24;
  DiscoveryWorld world(settings);
  world.settings.samples = 0;
  world.make_people(300, 2'000);
  world.name_seed("u0");
  BOOST_TEST((world.crawl().state == JobState::done));
  BOOST_TEST(world.known().follows.size() < world.truth({"u0"}).follows.size());
  // What one end showed doubts the other's list all the same.
  BOOST_TEST(world.lists_in(ListState::cut) > 10U);
}

BOOST_AUTO_TEST_CASE(lists_that_were_taken_away_are_told_and_delete_nothing) {
  for (const auto* state : {"empty", "forbidden", "missing", "gone"}) {
    DiscoveryWorld world;
    world.make_people(150, 700);
    world.name_seed("u0");
    BOOST_TEST((world.crawl().state == JobState::done));
    const auto before = world.known();
    world.github.settings().lists.set("followers", state);
    world.pass(std::chrono::hours(24 * 8));
    const storage::Job job = world.crawl(std::chrono::hours(24));
    BOOST_TEST((job.state == JobState::done), state << job.wait_reason << job.last_error);
    BOOST_TEST((world.known() == before), state);
    world.check();
  }
}

BOOST_AUTO_TEST_CASE(a_list_that_nobody_gets_any_more_is_left_out_and_never_complete) {
  for (const auto* state : {"empty", "forbidden", "missing", "gone"}) {
    DiscoveryWorld world;
    world.make_people(150, 700);
    world.github.settings().lists.set("followers", state);
    world.name_seed("u149");
    const storage::Job job = world.crawl(std::chrono::hours(24));
    BOOST_TEST((job.state == JobState::done), state << job.wait_reason << job.last_error);
    std::size_t complete = 0;
    const auto known = world.known();
    for (const auto& [id, login] : known.users) {
      const auto user = world.user(login);
      const auto& list = user.list(jobs::discovery::List::followers);
      const auto& followers = world.world.graph().followers(world.world.find_login(login)->index);
      if (list.state == ListState::complete && !followers.empty()) ++complete;
    }
    BOOST_TEST(complete == 0U, state);
    storage::graph::Capability capability;
    world.engine->read([&](const storage::Reader& reader) {
      capability = storage::graph::find_capability(reader, jobs::discovery::List::followers);
    });
    BOOST_TEST_MESSAGE(state << ": " << world.spent("graphql").points << " points, "
                             << world.spent("core").requests << " requests, "
                             << world.known().users.size() << " users, " << capability.evidence);
    // An empty list of somebody who is followed is cut at once, and only samples tell of the
    // others.
    const bool silent = std::string_view(state) == "empty";
    const bool ok = capability.ability == storage::graph::Ability::ok;
    BOOST_TEST(ok == silent, state);
    BOOST_TEST(world.spent("graphql").points < 60U, state);
  }
}

BOOST_AUTO_TEST_SUITE_END()
