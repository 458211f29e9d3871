#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "jobs/discovery/crawl.hpp"
#include "jobs/discovery/limits.hpp"
#include "jobs/discovery/services.hpp"
#include "storage/graph/capability.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"
#include "storage/jobs.hpp"
#include "tests/daemon/service_room.hpp"

namespace tidemark::daemon {

namespace json = boost::json;
namespace discovery = jobs::discovery;

namespace {

void put_account(test::ServiceRoom& room, std::uint64_t id, const std::string& login) {
  room.write([&](storage::Writer& writer) {
    storage::graph::User user;
    user.id = id;
    user.login = login;
    user.read_ms = room.services.now_ms();
    storage::graph::put_user(writer, user);
  });
}

std::optional<storage::Job> job_of(test::ServiceRoom& room, std::string_view kind,
                                   std::string_view key) {
  std::optional<storage::Job> job;
  room.write([&](storage::Writer& writer) { job = storage::find_job(writer, kind, key); });
  return job;
}

bool is_denied(test::ServiceRoom& room, std::uint64_t id, std::string_view login) {
  bool denied = false;
  room.write([&](storage::Writer& writer) {
    denied = storage::graph::DenyList::load(writer).denies(id, login);
  });
  return denied;
}

std::int64_t number(const json::object& object, std::string_view name) {
  return object.at(name).to_number<std::int64_t>();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(routes_discovery)

BOOST_AUTO_TEST_CASE(naming_seeds_starts_the_crawl_before_all_that_nobody_waits_for) {
  test::ServiceRoom room;
  const auto answer =
      room.ask("POST", "/v1/discovery", R"({"seeds":["Octocat","mona"],"depth":2,"limit":500})");
  BOOST_TEST(answer.status == 202);
  BOOST_TEST(json::serialize(answer.json.at("named")) == R"(["Octocat","mona"])");
  BOOST_TEST(!answer.json.at("joined").as_bool());
  const auto job = job_of(room, discovery::discovery_kind, discovery::job_key).value();
  BOOST_TEST(job.priority == 10u);
  const auto seeds = room.get("/v1/discovery/seeds").json.at("seeds").as_array();
  BOOST_REQUIRE_EQUAL(seeds.size(), 2);
  BOOST_TEST(seeds.at(1).at("login").as_string() == "Octocat");
  BOOST_TEST(seeds.at(1).at("depth").to_number<int>() == 2);
  BOOST_TEST(seeds.at(1).at("user").is_null());
  BOOST_TEST(number(room.get("/v1/discovery").json, "users_most") == 500);
  BOOST_TEST(room.ask("POST", "/v1/discovery/run").json.at("joined").as_bool());
}

BOOST_AUTO_TEST_CASE(a_limit_never_goes_beyond_the_setting) {
  test::ServiceRoom room;
  room.services.discovery.users_most = 1'000;
  room.ask("POST", "/v1/discovery", R"({"seeds":["mona"],"limit":2000})");
  BOOST_TEST(number(room.get("/v1/discovery").json, "users_most") == 1'000);
  BOOST_TEST(room.get("/v1/discovery").json.at("limits_reached").as_array().empty());
  room.services.discovery.repositories_most = 0;
  const auto full = room.get("/v1/discovery").json;
  BOOST_TEST(number(full, "repositories_most") == 0);
  BOOST_TEST(full.at("limits_reached").as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_no_login_is_refused_before_anything_is_named) {
  test::ServiceRoom room;
  for (const std::string body :
       {R"({"seeds":["mona","-bad"]})", R"({"seeds":["a/b"]})", R"({"seeds":[7]})",
        R"({"seeds":[]})", R"({})", R"({"seeds":["mona"],"depth":0})",
        R"({"seeds":["mona"],"limit":"many"})", R"({"seeds":"mona"})", R"({"seed":["mona"]})"}) {
    BOOST_TEST(room.ask("POST", "/v1/discovery", body).status == 400, body);
  }
  BOOST_TEST(room.get("/v1/discovery/seeds").json.at("seeds").as_array().empty());
  BOOST_TEST(!job_of(room, discovery::discovery_kind, discovery::job_key).has_value());
}

BOOST_AUTO_TEST_CASE(where_discovery_is_off_nobody_can_start_it) {
  test::ServiceRoom room;
  room.services.discovery_enabled = false;
  for (const std::string target : {"/v1/discovery", "/v1/discovery/run"}) {
    const auto answer = room.ask("POST", target, R"({"seeds":["mona"]})");
    BOOST_TEST(answer.status == 409);
    BOOST_TEST(answer.body.find("discovery.enabled") != std::string::npos);
  }
  BOOST_TEST(!room.get("/v1/discovery").json.at("enabled").as_bool());
}

BOOST_AUTO_TEST_CASE(seeds_are_paged_and_can_be_taken_back) {
  test::ServiceRoom room;
  room.ask("POST", "/v1/discovery", R"({"seeds":["c","a","b"]})");
  std::string logins, cursor;
  do {
    const auto page =
        room.get("/v1/discovery/seeds?limit=1" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& seed : page.json.at("seeds").as_array()) {
      logins += std::string(seed.at("login").as_string());
    }
    const auto& next = page.json.at("next");
    cursor = next.is_null() ? "" : std::string(next.as_string());
  } while (!cursor.empty());
  BOOST_TEST(logins == "abc");
  BOOST_TEST(room.ask("DELETE", "/v1/discovery/seeds/B").status == 204);
  BOOST_TEST(room.ask("DELETE", "/v1/discovery/seeds/B").status == 404);
  BOOST_TEST(room.get("/v1/discovery/seeds?login=b").json.at("seeds").as_array().empty());
  BOOST_TEST(room.get("/v1/discovery/seeds?login=A").json.at("seeds").as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(forgetting_denies_at_once_and_enqueues_the_erasing) {
  test::ServiceRoom room;
  put_account(room, 583'231, "octocat");
  room.ask("POST", "/v1/discovery", R"({"seeds":["octocat"]})");
  const auto answer = room.ask("POST", "/v1/users/octocat/forget");
  BOOST_TEST(answer.status == 202);
  BOOST_TEST(number(answer.json, "user") == 583'231);
  BOOST_TEST(job_of(room, discovery::forget_kind, "583231").has_value());
  BOOST_TEST(is_denied(room, 583'231, ""));
  BOOST_TEST(is_denied(room, 0, "OctoCat"));
  BOOST_TEST(room.get("/v1/discovery/seeds").json.at("seeds").as_array().empty());
  const auto again = room.ask("POST", "/v1/discovery", R"({"seeds":["octocat"]})").json;
  BOOST_TEST(again.at("named").as_array().empty());
  BOOST_TEST(json::serialize(again.at("denied")) == R"(["octocat"])");
  BOOST_TEST(room.ask("POST", "/v1/users/nobody/forget").status == 404);
}

BOOST_AUTO_TEST_CASE(the_deny_list_tells_counts_and_dates_and_no_names) {
  test::ServiceRoom room;
  put_account(room, 5, "mona");
  BOOST_TEST(number(room.get("/v1/graph/denied").json, "count") == 0);
  const auto denied =
      room.ask("POST", "/v1/graph/denied", R"({"logins":["mona","stranger"]})").json;
  BOOST_TEST(number(denied, "forgotten") == 1);
  const auto shown = room.get("/v1/graph/denied");
  BOOST_TEST(number(shown.json, "count") == 2);
  BOOST_TEST(number(shown.json, "first_ms") == room.services.now_ms());
  BOOST_TEST(shown.body.find("mona") == std::string::npos);
  BOOST_TEST(is_denied(room, 0, "stranger"));
  BOOST_TEST(room.ask("POST", "/v1/graph/denied", R"({"logins":["a b"]})").status == 400);

  const auto allow = [&](const std::string& account) {
    return number(room.ask("DELETE", "/v1/graph/denied?account=" + account).json, "allowed");
  };
  BOOST_TEST(allow("stranger") == 1);
  BOOST_TEST(allow("stranger") == 0);
  BOOST_TEST(is_denied(room, 5, "renamed"));
  BOOST_TEST(!is_denied(room, 6, "mona"));
  BOOST_TEST(allow("mona") == 1);
  BOOST_TEST(!is_denied(room, 5, "mona"));
  BOOST_TEST(allow("5") == 0);
  BOOST_TEST(number(room.get("/v1/graph/denied").json, "count") == 0);
  BOOST_TEST(room.ask("DELETE", "/v1/graph/denied").status == 400);
}

BOOST_AUTO_TEST_CASE(the_live_view_counts_speeds_and_foretells) {
  test::ServiceRoom room;
  const auto now_ms = room.services.now_ms();
  room.write([&](storage::Writer& writer) {
    for (std::uint64_t id = 1; id <= 100; ++id) {
      storage::graph::User user;
      user.id = id;
      user.login = "user" + std::to_string(id);
      user.read_ms = id <= 20 ? now_ms : 0;
      // Who was read waits as well, for the next reading.
      const auto rank = id <= 20 ? storage::graph::rank_stale : storage::graph::rank_new;
      user.place = storage::graph::Place{rank, 1, now_ms};
      storage::graph::put_user(writer, user);
    }
    discovery::Crawl crawl;
    crawl.viewer = 9;
    crawl.viewer_login = "operator";
    crawl.started_ms = now_ms - 120'000;
    crawl.points = 2;
    crawl.found = 100;
    crawl.read = 20;
    crawl.minutes[0] = {now_ms / 60'000 - 1, 100, 20, 0, 2, 0};
    discovery::put_crawl(writer, crawl);
    storage::graph::Capability capability;
    capability.list = storage::graph::List::stars;
    capability.ability = storage::graph::Ability::gone;
    capability.evidence = "410 for three accounts";
    storage::graph::put_capability(writer, capability);
  });
  storage::QuotaWindow window;
  window.owner = "github:9";
  window.resource = "graphql";
  window.limit = window.remaining = 5'000;
  window.resets_ms = now_ms + 3'600'000;
  room.ledger.load({window});
  const auto view = room.get("/v1/discovery").json;
  BOOST_TEST(view.at("account").as_string() == "operator");
  BOOST_TEST(number(view.at("totals").as_object(), "users") == 100);
  BOOST_TEST(view.at("speed").at("found_per_point").to_number<double>() == 50.0);
  BOOST_TEST(view.at("speed").at("found_per_minute").to_number<double>() == 50.0);
  BOOST_TEST(number(view, "unread") == 80);
  BOOST_TEST(number(view, "points_needed") == 2);
  // Ten a minute: the quota would allow more.
  BOOST_TEST(number(view, "forecast_ms") == now_ms + 8 * 60'000);
  room.services.discovery_enabled = false;
  BOOST_TEST(room.get("/v1/discovery").json.at("forecast_ms").is_null());
  const auto& stars = view.at("capabilities").as_array().at(3).as_object();
  BOOST_TEST(stars.at("ability").as_string() == "gone");
  BOOST_TEST(stars.at("evidence").as_string() == "410 for three accounts");
  const auto metrics = room.get("/metrics").body;
  BOOST_TEST(metrics.find("\ntidemark_graph_users 100\n") != std::string::npos);
  BOOST_TEST(metrics.find("\ntidemark_graph_capability{list=\"stars\"} 3\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
