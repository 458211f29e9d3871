#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "jobs/discovery/doubts.hpp"
#include "tests/jobs/discovery_failing.hpp"

// GraphQL counts fewer than REST in the lists of some accounts, for good. That is no truncation,
// and must not cost more than a little; and truncation must be found beside it.

using namespace tidemark;  // NOLINT: a test of everything together
using namespace tidemark::jobs::discovery;
using storage::graph::ListState;
using test::DiscoveryWorld;
using test::expect_done;

namespace json = boost::json;

namespace {

constexpr std::uint64_t one_in = 7;
constexpr auto a_week = std::chrono::hours(24 * 7 + 1);

simulators::GithubSettings hiding(std::uint64_t truncate_parents = 0) {
  simulators::GithubSettings settings;
  settings.hide_one_in = one_in;
  settings.truncate_parents = truncate_parents;
  settings.truncate_entries = truncate_parents != 0 ? 1 : 0;
  return settings;
}

struct Found {
  std::size_t differ = 0, wrong = 0, cut = 0, others_cut = 0;
};

// Of everybody's lists of people: what there is, and what is stored.
Found look(DiscoveryWorld& world) {
  Found found;
  const auto& follows = world.world.graph();
  for (const auto& [id, login] : world.known().users) {
    const auto user = world.user(login);
    const std::uint32_t place = world.world.find_login(login)->index;
    for (const List list : {List::followers, List::following}) {
      const std::size_t there = list == List::followers ? follows.followers(place).size()
                                                        : follows.following(place).size();
      const bool differs = list == List::followers && id % one_in == 0 && there > 0;
      const auto& record = user.list(list);
      found.differ += differs ? 1U : 0U;
      found.wrong += record.state == ListState::complete && record.reported < there ? 1U : 0U;
      // Where somebody's list is emptied, empty ones beside it are doubted as well.
      const bool is_cut = record.state == ListState::cut && there > 0;
      (differs ? found.cut : found.others_cut) += is_cut ? 1U : 0U;
    }
  }
  return found;
}

void drop_last_follower(json::value& account) {
  json::object* object = account.if_object();
  json::value* followers = object == nullptr ? nullptr : object->if_contains("followers");
  if (followers == nullptr || followers->at("totalCount").as_int64() == 0) return;
  followers->at("totalCount") = followers->at("totalCount").as_int64() - 1;
  json::value* nodes = followers->get_object().if_contains("nodes");
  if (nodes != nullptr) nodes->get_array().pop_back();
}

// Whatever the form of a question: as soon as it is about two accounts, each one's last follower is
// neither shown nor counted.
void cut_all_but_lone_questions(DiscoveryWorld& world) {
  world.after_github = [](const http::Request& request, http::Response& response) {
    if (request.target != "/graphql" || response.status != 200) return;
    json::value body = json::parse(response.body);
    json::value* data = body.get_object().if_contains("data");
    if (data == nullptr) return;  // a field was refused
    std::vector<json::value*> accounts;
    for (auto& [name, value] : data->as_object()) {
      if (name.starts_with('r') && name != "rateLimit") accounts.push_back(&value);
      if (name != "accounts") continue;
      for (json::value& each : value.get_array()) accounts.push_back(&each);
    }
    if (accounts.size() < 2) return;
    for (json::value* each : accounts) drop_last_follower(*each);
    response.body = json::serialize(body);
    response.headers.set("content-length", std::to_string(response.body.size()));
  };
}

// Points of one crawl; what is stored is as it should be.
double crawl_once(DiscoveryWorld& world) {
  const auto before = world.spent("graphql").points;
  expect_done(world.crawl());
  const Found found = look(world);
  BOOST_TEST(found.wrong == 0U);
  BOOST_TEST(found.cut == found.differ);
  BOOST_TEST(found.others_cut == 0U);
  BOOST_TEST(world.cursor().adaptation.truncates_at == 0U);
  return static_cast<double>(world.spent("graphql").points - before);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_lasting_differences)

BOOST_AUTO_TEST_CASE(one_in_seven_that_always_differs_costs_little_in_any_week) {
  DiscoveryWorld world(hiding());
  world.make_people(1'400, 6'000);
  world.name_seed("u0");
  for (int week = 0; week < 4; ++week) {
    BOOST_TEST_CONTEXT("week " << week) {
      const double points = crawl_once(world);
      const auto truth = world.truth({"u0"});
      const double ideal = world.ideal_points(truth);
      BOOST_TEST_MESSAGE("week " << week << ": " << points << " points, ideal " << ideal
                                 << ", REST " << world.spent("core").requests);
      BOOST_TEST(points <= 1.3 * ideal);
      world.expect(truth);
    }
    world.pass(a_week);
  }
  BOOST_TEST(look(world).differ > 140U);
  world.check();
}

BOOST_AUTO_TEST_CASE(truncation_by_one_entry_is_found_among_many_that_always_differ) {
  for (const std::uint64_t parents : {30U, 4U}) {
    DiscoveryWorld world(hiding(parents));
    world.make_people(300, 1'800);
    world.name_seed("u0");
    expect_done(world.crawl());
    BOOST_TEST_CONTEXT("above " << parents) {
      world.expect(world.truth({"u0"}));
      const Found found = look(world);
      BOOST_TEST(found.wrong == 0U);
      BOOST_TEST(world.cursor().adaptation.truncates_at > parents);
      BOOST_TEST_MESSAGE("above " << parents << ": " << world.spent("graphql").points << " points, "
                                  << found.others_cut << " others cut");
    }
    world.check();
  }
}

// Until one is asked about alone again; and what their other ends showed is never left complete.
BOOST_AUTO_TEST_CASE(truncation_that_begins_while_counts_are_believed_is_found_too) {
  DiscoveryWorld world(hiding());
  world.make_people(400, 2'400);
  world.name_seed("u0");
  std::size_t questions = 0;
  world.before_github = [&](const http::Request& request) {
    if (request.target == "/graphql" && ++questions == 8) cut_all_but_lone_questions(world);
  };
  expect_done(world.crawl());
  BOOST_TEST(world.cursor().adaptation.truncates_at > 0U);
  BOOST_TEST(look(world).wrong == 0U);
  world.expect(world.truth({"u0"}));
  world.check();
}

// GitHub fails each question that counts the lists of one of them again.
BOOST_AUTO_TEST_CASE(one_that_cannot_be_counted_again_holds_nobody_up) {
  for (const bool quick : {true, false}) {
    test::FailingWorld world;
    world.github.settings().hide_one_in = one_in;
    world.make_people(300, 1'800);
    world.name_seed("u0");
    std::string node;
    const auto counts_again = [&](const http::Request& request) {
      const auto at = request.body.find("\"r0\":\"");
      if (at == std::string::npos) return false;
      const auto begin = at + 6, end = request.body.find('"', begin);
      if (node.empty()) node = request.body.substr(begin, end - begin);
      return request.body.find(":\"" + node + "\"") != std::string::npos;
    };
    world.fail(counts_again, quick);
    expect_done(world.crawl());
    const auto truth = world.truth({"u0"});
    world.expect(truth);
    BOOST_TEST(world.failed >= 3U);
    BOOST_TEST(look(world).wrong == 0U);
    BOOST_TEST(look(world).others_cut <= 20U);
    BOOST_TEST(world.lists_in(ListState::unconfirmed) == 0U);
    BOOST_TEST_MESSAGE(world.failed << " failed, " << world.points() << " points, "
                                    << look(world).others_cut << " others cut");
    BOOST_TEST(world.points() < 30U, world.points());
    world.check();
  }
}

BOOST_AUTO_TEST_CASE(that_several_differ_is_not_believed_before_one_of_them_is_asked_about_alone) {
  DiscoveryWorld world;
  world.make_people(40, 130);
  world.name_seed("u0");
  cut_all_but_lone_questions(world);
  expect_done(world.crawl());
  world.expect(world.truth({"u0"}));
  BOOST_TEST(look(world).wrong == 0U);
  BOOST_TEST(look(world).others_cut == 0U);
  BOOST_TEST(world.cursor().adaptation.truncates_at == 2U);
  world.check();
}

BOOST_AUTO_TEST_SUITE_END()
