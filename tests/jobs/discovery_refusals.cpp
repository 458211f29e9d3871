#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "storage/graph/capability.hpp"
#include "storage/graph/frontier.hpp"
#include "tests/jobs/discovery_world.hpp"

// GitHub refuses single things: an account's list, a seed. Others go on, and nothing loops.

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::discovery::List;
using storage::JobState;
using storage::graph::Ability;
using storage::graph::ListState;
using storage::graph::Presence;
using test::DiscoveryWorld;
namespace json = boost::json;

namespace {

void expect_done(const storage::Job& job) {
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
}

void add_errors(json::object& root, json::array added) {
  if (added.empty()) return;
  if (!root.contains("errors")) root["errors"] = json::array();
  for (json::value& error : added) root.at("errors").as_array().push_back(std::move(error));
}

json::object error_at(const char* type, json::array path) {
  return json::object{{"type", type}, {"message", "not for you"}, {"path", std::move(path)}};
}

struct Refusals {
  Refusals() {
    world.after_github = [this](const http::Request& request, http::Response& response) {
      if (request.method != "POST" || response.status != 200) return;
      json::object root = json::parse(response.body).as_object();
      auto* data = root.contains("data") ? root.at("data").if_object() : nullptr;
      if (data == nullptr) return;
      json::array errors;
      change_seeds(errors, *data);
      change_accounts(errors, *data);
      add_errors(root, std::move(errors));
      response.body = json::serialize(root);
    };
  }

  void change_seeds(json::array& errors, json::object& data) {
    for (auto& each : data) {
      if (each.key().size() < 2 || each.key()[0] != 's' || !each.value().is_object()) continue;
      const auto* login = each.value().as_object().if_contains("login");
      if (login == nullptr || !odd_seeds.contains(std::string(login->as_string()))) continue;
      ++seed_questions;
      if (seed_error == nullptr) {
        each.value().as_object()["databaseId"] = nullptr;
      } else {
        each.value() = nullptr;
        errors.push_back(error_at(seed_error, json::array{each.key()}));
      }
    }
  }

  void change_accounts(json::array& errors, json::object& data) {
    if (!data.contains("accounts") || !data.at("accounts").is_array()) return;
    std::size_t index = 0;
    for (json::value& account : data.at("accounts").as_array()) {
      const std::size_t place = index++;
      if (!account.is_object() || !account.as_object().contains("followers")) continue;
      const std::string login(account.at("login").as_string());
      if (!odd_lists.contains(login)) continue;
      ++list_refusals;
      account = nullptr;
      errors.push_back(error_at("FORBIDDEN", json::array{"accounts", place, "followers"}));
    }
  }

  storage::graph::Seed seed(const std::string& login) {
    std::optional<storage::graph::Seed> found;
    world.engine->read(
        [&](const storage::Reader& reader) { found = storage::graph::find_seed(reader, login); });
    return found.value();
  }
  storage::graph::Capability followers() {
    storage::graph::Capability found;
    world.engine->read([&](const storage::Reader& reader) {
      found = storage::graph::find_capability(reader, List::followers);
    });
    return found;
  }

  DiscoveryWorld world;
  std::set<std::string> odd_seeds, odd_lists;
  const char* seed_error = "FORBIDDEN";  // null: an account without a number
  std::size_t seed_questions = 0, list_refusals = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_refusals)

BOOST_AUTO_TEST_CASE(a_seed_without_a_clear_answer_says_so_and_is_asked_again_at_most_daily) {
  for (const char* error : {"FORBIDDEN", "SOMETHING_NEW", static_cast<const char*>(nullptr)}) {
    Refusals room;
    room.world.make_people(30, 60);
    room.world.name_seed("u0");
    room.world.name_seed("u5");
    room.odd_seeds = {"u5"};
    room.seed_error = error;
    expect_done(room.world.crawl(std::chrono::hours(1)));
    BOOST_TEST(room.seed("u5").problem.starts_with("GitHub does not tell: "),
               room.seed("u5").problem);
    const std::size_t tries = error != nullptr && error == std::string_view("FORBIDDEN") ? 1 : 3;
    BOOST_TEST(room.seed_questions == tries);
    expect_done(room.world.crawl(std::chrono::hours(1)));
    BOOST_TEST(room.seed_questions == tries);
    BOOST_TEST(room.world.spent("graphql").points < 10U);
    // A person asks again; and a day later nobody needs to.
    room.world.name_seed("u5");
    expect_done(room.world.crawl(std::chrono::hours(1)));
    BOOST_TEST(room.seed_questions == 2 * tries);
    room.odd_seeds.clear();
    room.world.pass(std::chrono::hours(25));
    expect_done(room.world.crawl(std::chrono::hours(1)));
    BOOST_TEST(room.seed("u5").id != 0U);
    BOOST_TEST(room.seed("u5").problem.empty());
  }
}

BOOST_AUTO_TEST_CASE(without_a_token_a_seed_that_never_gets_an_answer_holds_nobody_up) {
  for (const unsigned status : {500U, 202U}) {
    Refusals room;
    room.world.token.clear();
    room.world.make_people(5, 8);
    room.world.name_seed("u0");
    room.world.name_seed("a-seed");  // before u0 in the order of names
    simulators::Fault fault;
    fault.kind = simulators::FaultKind::status_json;
    fault.resource = "core";
    fault.path = "/users/a-seed";
    fault.status = status;
    room.world.github.faults().add(fault);
    expect_done(room.world.crawl(std::chrono::hours(12)));
    BOOST_TEST(room.seed("a-seed").problem == "GitHub does not tell: no answer in 12 tries");
    BOOST_TEST(room.world.known().users.size() == 5U);
  }
}

BOOST_AUTO_TEST_CASE(who_is_known_as_gone_and_answers_by_name_is_alive_and_read) {
  for (const bool anonymous : {false, true}) {
    Refusals room;
    DiscoveryWorld& world = room.world;
    world.make_people(8, 16);
    world.name_seed("u0");
    expect_done(world.crawl());
    world.world.known("u5").suspended = true;
    world.pass(std::chrono::hours(24 * 8));
    expect_done(world.crawl());
    BOOST_TEST((world.user("u5").presence == Presence::gone));
    world.world.known("u5").suspended = false;
    if (anonymous) world.token.clear();
    world.name_seed("u5");
    expect_done(world.crawl());
    const auto user = world.user("u5");
    BOOST_TEST((user.presence == Presence::here));
    BOOST_TEST(user.gone_ms == 0);
    BOOST_TEST((user.list(List::followers).state == ListState::complete));
    BOOST_TEST(room.seed("u5").id == user.id);
    world.check();
  }
}

BOOST_AUTO_TEST_CASE(a_list_that_single_accounts_forbid_is_cut_for_them_and_read_of_all_others) {
  for (const std::size_t odd : {1U, 10U}) {
    Refusals room;
    DiscoveryWorld& world = room.world;
    world.make_people(300, 1'200);
    for (std::size_t i = 0; i < odd; ++i) room.odd_lists.insert("u" + std::to_string(20 + 7 * i));
    world.name_seed("u0");
    expect_done(world.crawl(std::chrono::hours(12)));
    BOOST_TEST((room.followers().ability == Ability::ok), room.followers().evidence);
    BOOST_TEST(world.known().users.size() == world.truth({"u0"}).users.size());
    BOOST_TEST(room.list_refusals <= odd);
    const auto known = world.known();
    for (const auto& [id, login] : known.users) {
      const auto user = world.user(login);
      const bool forbids = room.odd_lists.contains(login);
      BOOST_TEST(user.read_ms != 0, login);
      BOOST_TEST(
          (user.list(List::followers).state == (forbids ? ListState::cut : ListState::complete)),
          login);
      BOOST_TEST((user.list(List::following).state == ListState::complete), login);
    }
    BOOST_TEST(world.spent("graphql").points <= 2 * world.ideal_points(world.truth({"u0"})) + 12);
    BOOST_TEST(world.spent("core").requests < 60U);
    world.check();
  }
}

BOOST_AUTO_TEST_CASE(a_lone_account_that_forbids_a_list_does_not_take_it_from_all) {
  Refusals room;
  room.world.make_people(30, 60);
  room.world.name_seed("u0");
  room.odd_lists = {"u0"};
  expect_done(room.world.crawl(std::chrono::hours(12)));
  BOOST_TEST((room.followers().ability != Ability::gone), room.followers().evidence);
  BOOST_TEST(room.list_refusals == 1U);
  BOOST_TEST((room.world.user("u0").list(List::followers).state == ListState::cut));
  BOOST_TEST((room.world.user("u0").list(List::following).state == ListState::complete));
}

BOOST_AUTO_TEST_CASE(a_list_that_is_back_is_read_of_those_who_were_read_without_it) {
  for (const auto* state : {"forbidden", "gone"}) {
    Refusals room;
    DiscoveryWorld& world = room.world;
    world.make_people(150, 700);
    world.github.settings().lists.set("followers", state);
    world.name_seed("u149");
    expect_done(world.crawl(std::chrono::hours(12)));
    BOOST_TEST((room.followers().ability == Ability::gone));
    world.github.settings().lists.set("followers", "open");
    // Somebody is due after a day: that question finds out.
    world.pass(std::chrono::hours(25));
    world.name_seed("u0");
    expect_done(world.crawl(std::chrono::hours(12)));
    BOOST_TEST((room.followers().ability != Ability::gone));
    world.expect(world.truth({"u149", "u0"}));
    std::size_t complete = 0;
    const auto known = world.known();
    for (const auto& [id, login] : known.users) {
      const auto list = world.user(login).list(List::followers);
      complete += list.state == ListState::complete ? 1U : 0U;
    }
    BOOST_TEST(complete == known.users.size(), state);
    world.check();
  }
}

BOOST_AUTO_TEST_SUITE_END()
