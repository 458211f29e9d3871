#include <boost/test/unit_test.hpp>

#include "jobs/discovery/rest_values.hpp"
#include "storage/graph/capability.hpp"
#include "storage/graph/frontier.hpp"
#include "tests/jobs/discovery_world.hpp"
#include "tests/jobs/mortal_engine.hpp"

// The crawl by REST, on simulated time and judged by the simulator: without a token, and where
// GraphQL cannot give an account.

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::discovery::List;
using storage::JobState;
using storage::graph::ListState;
using test::DiscoveryWorld;

namespace {

struct Anonymous {
  explicit Anonymous(simulators::GithubSettings settings = {}) : world(std::move(settings)) {
    world.token.clear();
    world.settings.depth_most = 100;
  }
  const simulators::LedgerLine& line() {
    return world.github.ledger().line("anonymous:127.0.0.1", "core");
  }
  storage::Job crawl(async::Milliseconds most = std::chrono::hours(24 * 30)) {
    return world.crawl(most);
  }
  void expect_polite() {
    BOOST_TEST(line().while_blocked == 0u);
    BOOST_TEST(line().refused_per_window_max <= 1u);
    for (const auto& window : line().windows) BOOST_TEST(window.points <= 60u);
    BOOST_TEST(world.github.ledger().total("graphql").requests == 0u);
  }
  std::optional<storage::graph::Seed> seed(const std::string& login) {
    std::optional<storage::graph::Seed> found;
    world.engine->read(
        [&](const storage::Reader& reader) { found = storage::graph::find_seed(reader, login); });
    return found;
  }
  DiscoveryWorld world;
};

// True when the crawl is done, false when the process died on the way.
bool live_on(DiscoveryWorld& world, test::MortalEngine& engine) {
  bool done = false;
  world.live([&](DiscoveryWorld::Life& life) -> async::Task<void> {
    life.mortal = true;
    try {
      if (!(co_await life.job())) co_await life.enqueue();
    } catch (const test::Died&) {
      co_return;
    }
    while (!engine.dead() && !done) {
      co_await world.simulation.clock().sleep_for(std::chrono::milliseconds(50));
      const auto job = co_await life.job();
      done = job && job->state == JobState::done;
    }
  });
  return done;
}

void expect_done(const storage::Job& job) {
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_rest)

BOOST_FIXTURE_TEST_CASE(without_a_token_everybody_is_found_within_sixty_requests_an_hour,
                        Anonymous) {
  world.make_people(30, 90);
  world.name_seed("u0");
  expect_done(crawl());
  world.expect(world.truth({"u0"}));
  expect_polite();
  // A profile each, and lists that are not empty.
  BOOST_TEST(line().requests <= 30 * 4u);
  BOOST_TEST(line().repeated == 0u);
  BOOST_TEST(world.lists_in(ListState::complete) == 90u);
  world.check();
}

BOOST_FIXTURE_TEST_CASE(a_crawl_that_is_stopped_goes_on_where_it_was, Anonymous) {
  world.make_people(25, 80);
  world.name_seed("u0");
  for (int lives = 0; lives < 200; ++lives) {
    if (crawl(std::chrono::minutes(20)).state == JobState::done) break;
  }
  world.expect(world.truth({"u0"}));
  expect_polite();
  BOOST_TEST(line().pages_repeated == 0u);
  world.check();
}

BOOST_FIXTURE_TEST_CASE(a_long_list_is_followed_by_its_own_links, Anonymous) {
  world.make_people(250, 250);
  for (int i = 1; i < 250; ++i) world.follow("u" + std::to_string(i), "u0");
  world.settings.depth_most = 0;
  world.name_seed("u0");
  expect_done(crawl());
  world.expect(world.truth({"u0"}, 0));
  BOOST_TEST((world.user("u0").list(List::followers).state == ListState::complete));
  BOOST_TEST(line().requests <= 6u);
}

BOOST_FIXTURE_TEST_CASE(a_seed_that_does_not_exist_says_so_and_others_are_read, Anonymous) {
  world.make_people(5, 8);
  world.name_seed("nobody-at-all");
  world.name_seed("u0");
  expect_done(crawl());
  BOOST_TEST(seed("nobody-at-all")->problem == "GitHub knows no such account");
  BOOST_TEST(seed("u0")->id != 0u);
  world.expect(world.truth({"u0"}));
}

BOOST_FIXTURE_TEST_CASE(who_was_deleted_or_renamed_meanwhile_is_known_by_number, Anonymous) {
  world.make_people(6, 6);
  for (int i = 1; i < 6; ++i) world.follow("u0", "u" + std::to_string(i));
  world.name_seed("u0");
  world.before_github = [this, asked = 0](const http::Request&) mutable {
    if (++asked != 5) return;  // u0 was read, and named them
    world.world.rename_account("u2", "Renamed");
    world.world.delete_account("u3");
  };
  expect_done(crawl());
  BOOST_TEST(world.user("renamed").login == "Renamed");
  world.check();
}

BOOST_AUTO_TEST_CASE(a_list_too_deep_for_github_is_cut) {
  simulators::GithubSettings settings;
  settings.deepest_page = 1;
  Anonymous room(std::move(settings));
  room.world.make_people(150, 150);
  for (int i = 1; i < 150; ++i) room.world.follow("u" + std::to_string(i), "u0");
  room.world.settings.depth_most = 0;
  room.world.name_seed("u0");
  expect_done(room.crawl());
  BOOST_TEST((room.world.user("u0").list(List::followers).state == ListState::cut));
  BOOST_TEST((room.world.user("u0").list(List::repositories).state != ListState::reading));
  room.world.check();
}

BOOST_AUTO_TEST_CASE(a_list_that_github_withdrew_is_given_up_after_three_accounts) {
  simulators::GithubSettings settings;
  settings.lists.set("followers", "gone");
  Anonymous room(std::move(settings));
  room.world.make_people(30, 90);
  room.world.name_seed("u0");
  expect_done(room.crawl());
  room.world.engine->read([](const storage::Reader& reader) {
    const auto capability = find_capability(reader, List::followers);
    BOOST_TEST((capability.ability == storage::graph::Ability::gone));
    BOOST_TEST(capability.evidence.find("removed") != std::string::npos, capability.evidence);
  });
  // Those that follow are read all the same.
  BOOST_TEST(room.world.user("u0").read_ms != 0);
  BOOST_TEST((room.world.user("u0").list(List::following).state != ListState::cut));
  room.expect_polite();
  room.world.check();
}

BOOST_FIXTURE_TEST_CASE(an_outage_is_waited_for, Anonymous) {
  world.make_people(10, 30);
  world.name_seed("u0");
  simulators::Fault fault;
  fault.kind = simulators::FaultKind::status_html;
  fault.skip = 5;
  fault.times = 4;
  world.github.faults().add(fault);
  expect_done(crawl());
  world.expect(world.truth({"u0"}));
  BOOST_TEST(line().while_blocked == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_list_that_never_comes_whole_is_cut_and_holds_nobody_up, Anonymous) {
  world.make_people(10, 30);
  world.follow("u1", "u0");
  world.name_seed("u0");
  simulators::Fault fault;
  fault.kind = simulators::FaultKind::cut_after;
  fault.path = "/user/5000/followers";
  world.github.faults().add(fault);
  expect_done(crawl());
  BOOST_TEST((world.user("u0").list(List::followers).state == ListState::cut));
  world.expect(world.truth({"u0"}));  // each edge stands in its other end's list as well
  world.check();
}

BOOST_AUTO_TEST_CASE(a_death_at_any_commit_costs_one_request) {
  std::uint64_t writes = 0;
  for (std::uint64_t at = 0; at <= writes; ++at) {
    Anonymous room;
    DiscoveryWorld& world = room.world;
    world.make_people(6, 12);
    world.name_seed("u0");
    auto mortal = std::make_unique<test::MortalEngine>(std::move(world.engine));
    test::MortalEngine& engine = *mortal;
    world.engine = std::move(mortal);
    if (at > 0) engine.die_at(at, at % 2 == 0);
    bool done = live_on(world, engine);
    if (!done) {
      engine.revive();
      done = live_on(world, engine);
    }
    if (at == 0) writes = engine.writes();
    BOOST_TEST_CONTEXT("at commit " << at) {
      BOOST_TEST(done);
      BOOST_TEST(room.line().repeated <= 1u);
      world.expect(world.truth({"u0"}));
      world.check();
    }
  }
  BOOST_TEST(writes > 15u);
}

BOOST_AUTO_TEST_CASE(with_a_token_what_did_not_change_costs_nothing) {
  DiscoveryWorld world;
  world.make_people(20, 60);
  world.follow("u1", "u0");
  world.name_seed("u0");
  expect_done(world.crawl());
  const auto id = world.user("u0").id;
  const auto by_rest = [&] {
    world.engine->write([&](storage::Writer& writer) {
      jobs::discovery::Crawl crawl = jobs::discovery::load_crawl(writer);
      crawl.by_rest.emplace();
      crawl.by_rest->id = id;
      crawl.by_rest->lists = {List::followers, List::following, List::repositories};
      put_crawl(writer, crawl);
    });
    const std::uint64_t before = world.spent("core").points;
    expect_done(world.crawl());
    return world.spent("core").points - before;
  };
  BOOST_TEST(by_rest() >= 1u);
  BOOST_TEST(by_rest() == 0u);
  for (const List list : {List::followers, List::following, List::repositories}) {
    BOOST_TEST((world.user("u0").list(list).state == ListState::complete));
  }
  world.unfollow("u1", "u0");
  BOOST_TEST(by_rest() > 0u);
  world.expect(world.truth({"u0"}));
  world.check();
}

BOOST_AUTO_TEST_CASE(a_validator_keeps_the_counts_it_stands_for) {
  using namespace jobs::discovery;
  const Validator validator{"W/\"a b\"", {1, 2, 3}};
  const auto read = decode_validator(encode_validator(validator));
  BOOST_REQUIRE(read);
  BOOST_TEST(read->etag == validator.etag);
  BOOST_TEST((read->counts == validator.counts));
  BOOST_TEST(!decode_validator("W/\"a\""));
  BOOST_TEST(!decode_validator("1 2 3 "));
}

BOOST_AUTO_TEST_SUITE_END()
