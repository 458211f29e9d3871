#include <boost/test/unit_test.hpp>

#include "storage/graph/capability.hpp"
#include "storage/graph/frontier.hpp"
#include "tests/jobs/discovery_world.hpp"

// Whole graphs are counted again while a list is gone: nobody drops out of the frontier for it.

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::discovery::List;
using storage::JobState;
using storage::graph::Ability;
using storage::graph::ListState;
using test::DiscoveryWorld;

namespace {

void expect_done(const storage::Job& job) {
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
}

struct GoneWorld : DiscoveryWorld {
  GoneWorld() {
    make_people(200, 1'600);
    name_seed("u0");
    expect_done(crawl());
  }
  std::size_t without_place() {
    std::size_t count = 0;
    for (const auto& [id, login] : known().users) count += user(login).place ? 0U : 1U;
    return count;
  }
  Ability followers() {
    Ability ability = Ability::ok;
    engine->read([&](const storage::Reader& reader) {
      ability = storage::graph::find_capability(reader, List::followers).ability;
    });
    return ability;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_lists_gone)

BOOST_AUTO_TEST_CASE(nobody_leaves_the_frontier_for_a_list_that_is_gone) {
  GoneWorld world;
  const auto before = world.known();
  world.github.settings().lists.set("followers", "empty");
  world.pass(std::chrono::hours(24 * 8));
  expect_done(world.crawl(std::chrono::hours(12)));
  BOOST_TEST((world.followers() == Ability::gone));
  BOOST_TEST(world.without_place() == 0U);
  std::size_t reading = world.lists_in(ListState::reading);
  for (int week = 0; week < 3; ++week) {
    world.pass(std::chrono::hours(24 * 7 + 1));
    expect_done(world.crawl(std::chrono::hours(12)));
    BOOST_TEST(world.lists_in(ListState::reading) <= reading, "week " << week);
    reading = world.lists_in(ListState::reading);
    BOOST_TEST(world.without_place() == 0U);
    BOOST_TEST((world.known() == before));
  }
  // It is tried once a day, and noticed when it is back.
  world.github.settings().lists.set("followers", "open");
  world.pass(std::chrono::hours(24 * 7 + 1));
  expect_done(world.crawl(std::chrono::hours(12)));
  BOOST_TEST((world.followers() != Ability::gone));
  BOOST_TEST(world.lists_in(ListState::complete) == 600U);
  world.expect(world.truth({"u0"}));
  world.check();
}

BOOST_AUTO_TEST_CASE(a_list_that_is_back_is_noticed_by_those_who_are_only_counted) {
  GoneWorld world;
  world.engine->write([&](storage::Writer& writer) {
    storage::graph::Capability capability;
    capability.list = List::followers;
    capability.ability = Ability::gone;
    put_capability(writer, capability);
  });
  world.pass(std::chrono::hours(24 * 7 + 1));
  std::size_t with_entries = 0;
  world.before_github = [&](const http::Request& request) {
    with_entries += request.body.find("nodes{") != std::string::npos ? 1U : 0U;
  };
  expect_done(world.crawl(std::chrono::hours(12)));
  BOOST_TEST((world.followers() != Ability::gone));
  BOOST_TEST(with_entries < 3U);  // the look, and what is short anyhow
  world.expect(world.truth({"u0"}));
}

BOOST_AUTO_TEST_SUITE_END()
