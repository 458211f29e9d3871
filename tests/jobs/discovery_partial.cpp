#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "jobs/discovery/short_lists.hpp"
#include "tests/jobs/discovery_taking.hpp"
#include "tests/jobs/discovery_world.hpp"

// A list that lacks a single entry, in its count too, of one account among many: no sample of a
// question tells, but the other ends do.

using namespace tidemark;  // NOLINT: a test of everything together
using namespace tidemark::jobs::discovery;
using storage::JobState;
using storage::graph::ListState;
using test::DiscoveryWorld;

namespace json = boost::json;

namespace {

constexpr std::uint64_t one_in = 17;

bool comes_short(const simulators::Account& account) { return account.database_id % one_in == 3; }

void drop_one(json::object& followers) {
  json::value* total = followers.if_contains("totalCount");
  if (total == nullptr || total->to_number<std::int64_t>() == 0) return;
  *total = total->to_number<std::int64_t>() - 1;
  json::value* nodes = followers.if_contains("nodes");
  if (nodes == nullptr || nodes->get_array().empty()) return;
  if (!followers.at("pageInfo").at("hasNextPage").as_bool()) nodes->get_array().pop_back();
}

void shorten(const simulators::World& world, json::value& value) {
  if (value.is_array()) {
    for (json::value& each : value.get_array()) shorten(world, each);
  } else if (json::object* object = value.if_object()) {
    const json::value* id = object->if_contains("id");
    const auto* account =
        id != nullptr && id->is_string() ? world.find_node(id->get_string()) : nullptr;
    json::value* followers = object->if_contains("followers");
    const bool its = account != nullptr && comes_short(*account);
    if (its && followers != nullptr && followers->is_object()) drop_one(followers->get_object());
    for (auto& [name, inner] : *object) shorten(world, inner);
  }
}

// GraphQL drops the last follower of one account in seventeen, and counts one less.
void cut_some_short(DiscoveryWorld& world) {
  world.after_github = [&world](const http::Request& request, http::Response& response) {
    if (request.target != "/graphql" || response.status != 200) return;
    json::value body = json::parse(response.body);
    shorten(world.world, body);
    response.body = json::serialize(body);
    response.headers.set("content-length", std::to_string(response.body.size()));
  };
}

struct Found {
  std::size_t victims = 0, wrong = 0, cut = 0, others_cut = 0;
};

Found look(DiscoveryWorld& world) {
  Found found;
  const auto known = world.known();
  for (const auto& [id, login] : known.users) {
    const auto* account = world.world.find_login(login);
    const auto user = world.user(login);
    const auto& record = user.list(List::followers);
    const std::size_t there = world.world.graph().followers(account->index).size();
    const bool victim = comes_short(*account) && there > 0;
    found.victims += victim ? 1U : 0U;
    found.wrong += record.state == ListState::complete && record.reported < there ? 1U : 0U;
    const bool is_cut = record.state == ListState::cut;
    (victim ? found.cut : found.others_cut) += is_cut ? 1U : 0U;
  }
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_partial)

BOOST_AUTO_TEST_CASE(a_list_that_lacks_one_of_whom_the_other_end_told_is_never_left_complete) {
  DiscoveryWorld world;
  world.make_people(640, 3'800);
  world.name_seed("u0");
  cut_some_short(world);
  const storage::Job job = world.crawl(std::chrono::hours(24));
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
  const auto truth = world.truth({"u0"});
  world.expect(truth);
  const Found found = look(world);
  const auto points = world.spent("graphql").points;
  BOOST_TEST_MESSAGE(found.victims << " came short, " << found.cut << " are cut; " << points
                                   << " points of " << world.ideal_points(truth));
  BOOST_TEST(found.victims > 20U);
  BOOST_TEST(found.wrong == 0U);
  BOOST_TEST(found.cut == found.victims);
  BOOST_TEST(found.others_cut == 0U);
  // No size of a question is to blame for it.
  BOOST_TEST(world.cursor().adaptation.truncates_at == 0U);
  BOOST_TEST(world.cursor().adaptation.parents == 40U);
  world.check();
}

BOOST_AUTO_TEST_CASE(what_a_list_lacks_again_and_again_is_not_believed_and_ends_no_edge) {
  DiscoveryWorld world;
  world.make_people(200, 1'000);
  world.name_seed("u0");
  cut_some_short(world);
  BOOST_TEST((world.crawl(std::chrono::hours(24)).state == JobState::done));
  const auto truth = world.truth({"u0"});
  for (int week = 0; week < 4; ++week) {
    world.pass(std::chrono::hours(24 * 8));
    BOOST_TEST((world.crawl(std::chrono::hours(24)).state == JobState::done));
    BOOST_TEST_CONTEXT("week " << week) {
      BOOST_TEST(look(world).wrong == 0U);
      world.expect(truth);
    }
  }
  // When the list comes whole, it is complete.
  world.after_github = {};
  world.pass(std::chrono::hours(24 * 65));
  BOOST_TEST((world.crawl(std::chrono::hours(24)).state == JobState::done));
  BOOST_TEST(look(world).cut == 0U);
  world.expect(truth);
  world.check();
}

struct Room : test::TakingRoom {
  void sweep() {
    Sweep walk;
    bool over = false;
    while (!over) {
      take([&](auto& writer, auto& now) { over = doubt_short_lists(writer, now, walk, 2); });
    }
  }
};

BOOST_FIXTURE_TEST_CASE(a_complete_list_is_doubted_when_other_ends_show_more, Room) {
  name(1, 0);
  tell(1, {.followers = {2}});
  confirm({1});
  BOOST_TEST((state(1) == ListState::complete));
  const auto due_ms = user(1).place->due_ms;
  tell(2, {.following = {1}});
  confirm({2});
  sweep();
  BOOST_TEST((state(1) == ListState::complete));
  name(3, 1);
  tell(3, {.following = {1}});
  confirm({3});
  sweep();
  BOOST_TEST((state(1) == ListState::cut));
  BOOST_TEST((state(1, List::following) == ListState::complete));
  BOOST_TEST((state(3, List::following) == ListState::complete));
  // One more may have come since: it is read again when it would have been anyway.
  BOOST_TEST(user(1).place->due_ms == due_ms);
  pass_days(7);
  tell(1, {.followers = {2, 3}});
  confirm({1});
  sweep();
  BOOST_TEST((state(1) == ListState::complete));
  check();
}

BOOST_FIXTURE_TEST_CASE(a_list_that_lacks_more_than_may_have_come_is_read_again_soon, Room) {
  name(1, 0);
  tell(1, {.followers = {2}});
  confirm({1});
  for (UserId id = 3; id < 9; ++id) {
    name(id, 1);
    tell(id, {.following = {1}});
    confirm({id});
  }
  sweep();
  BOOST_TEST((state(1) == ListState::cut));
  BOOST_TEST(user(1).list(List::followers).missing == 6U);
  BOOST_TEST(user(1).place->due_ms == now_ms + 86'400'000);
  sweep();
  BOOST_TEST(user(1).place->due_ms == now_ms + 86'400'000);
  check();
}

BOOST_AUTO_TEST_SUITE_END()
