#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/simulators/admin.hpp"
#include "tests/simulators/graph/oddities.hpp"
#include "tests/simulators/moment.hpp"
#include "tests/simulators/program.hpp"
#include "tests/simulators/tests/graph_world.hpp"

#include <boost/json/parse.hpp>

namespace json = boost::json;
using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

struct GraphAdmin : GraphWorld {
  http::Response post(const std::string& path, const json::object& body) {
    http::Request request{"POST", path, {}, json::serialize(body)};
    return admin.answer(request, wall_time(now_ms));
  }
  json::value change(const std::string& what, json::object one) {
    http::Response answer = post("/graph", {{what, json::array{std::move(one)}}});
    BOOST_TEST(answer.status == 200u, answer.body);
    return answer.status == 200 ? parsed(answer).at(what).as_array()[0] : json::value();
  }
  http::Response get(const std::string& target) {
    return admin.answer(http::Request{"GET", target, {}, {}}, wall_time(now_ms));
  }
  std::int64_t expected(const std::string& what, const std::string& query = "?seeds=u0") {
    return number_at(parsed(get("/graph" + query)), "/" + what);
  }

  AskingOpenHumans openhumans;
  Admin admin{github, openhumans.openhumans};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(graph_by_admin, GraphAdmin)

BOOST_AUTO_TEST_CASE(the_expected_graph_follows_the_changes) {
  BOOST_TEST(expected("users") == 300);
  BOOST_TEST(expected("follows") == 299 + 150 + 1);
  std::string before = text_at(parsed(get("/graph?seeds=u0")), "/follows_digest");
  BOOST_TEST(change("unfollow", {{"from", "u1"}, {"to", "u2"}}).at("changed").as_bool());
  BOOST_TEST(expected("follows") == 449);
  BOOST_TEST(text_at(parsed(get("/graph?seeds=u0")), "/follows_digest") != before);
  change("follow", {{"from", "u1"}, {"to", "u2"}});
  BOOST_TEST(text_at(parsed(get("/graph?seeds=u0")), "/follows_digest") == before);
  change("delete", {{"login", "u299"}});
  BOOST_TEST(expected("users") == 299);
  change("suspend", {{"login", "u200"}});
  BOOST_TEST(expected("users") == 298);
  BOOST_TEST(ask("/users/u200").status == 404u);
  change("restore", {{"login", "u200"}});
  BOOST_TEST(expected("users") == 299);
  BOOST_TEST(expected("users_read", "?seeds=u5&depth=1&following=false") == 2);
  BOOST_TEST(get("/graph?seeds=u0&depth=x").status == 400u);
  BOOST_TEST(get("/graph?seeds=nobody").status == 400u);
}

BOOST_AUTO_TEST_CASE(the_expected_graph_is_told_line_by_line) {
  http::Response lines = get("/graph?seeds=u0&format=ndjson");
  BOOST_TEST(std::count(lines.body.begin(), lines.body.end(), '\n') == 300 + 450);
  BOOST_TEST(lines.body.find("{\"from\":10000001,\"to\":10000002}\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(accounts_and_repositories_come_and_change) {
  json::value made = change("account", {{"login", "newcomer"}});
  BOOST_TEST(number_at(made, "/id") == 10'000'300);
  BOOST_TEST(text_at(parsed(ask("/users/newcomer")), "/created_at") == "2026-01-05T00:00:00Z");
  change("follow", {{"from", "newcomer"}, {"to", "u0"}});
  BOOST_TEST(expected("users") == 301);
  change("repository", {{"repo", "newcomer/first"}, {"language", "C"}, {"stars", 7}});
  BOOST_TEST(expected("repositories") == 1);
  json::value repository = parsed(ask("/repos/newcomer/first"));
  BOOST_TEST(text_at(repository, "/language") == "C");
  BOOST_TEST(number_at(repository, "/stargazers_count") == 7);
  change("edit", {{"login", "u1"}, {"bio", "new"}, {"public_gists", 4}});
  BOOST_TEST(text_at(parsed(ask("/users/u1")), "/bio") == "new");
  BOOST_TEST(text_at(parsed(ask("/users/u1")), "/updated_at") == "2026-01-05T00:00:00Z");
  change("rename", {{"login", "u1"}, {"to", "One"}});
  BOOST_TEST(number_at(parsed(ask("/users/one")), "/id") == 10'000'001);
  json::value acme = change("account", {{"login", "acme"}, {"organization", true}});
  BOOST_TEST(text_at(acme, "/node_id").starts_with("O_"));
}

BOOST_AUTO_TEST_CASE(wrong_changes_are_told) {
  auto error = [&](const json::object& body) {
    http::Response refused = post("/graph", body);
    BOOST_TEST(refused.status == 400u);
    return text_at(parsed(refused), "/error");
  };
  BOOST_TEST(error({{"follow", json::array{json::object{{"from", "u0"}}}}}) ==
             "\"to\" must be a text");
  BOOST_TEST(error({{"delete", json::array{json::object{{"login", "nobody"}}}}}) ==
             "no account \"nobody\" in this world");
  BOOST_TEST(error({{"befriend", json::array{}}}) == "graph: cannot use \"befriend\"");
  BOOST_TEST(error({{"account", json::array{json::object{{"login", "U1"}}}}}) ==
             "there is an account \"U1\" already");
  BOOST_TEST(error({{"oddity", json::array{json::object{{"kind", "ghost"}}}}})
                 .starts_with("no oddity \"ghost\"; there are renamed, taken"));
}

BOOST_AUTO_TEST_CASE(one_oddity_of_each_kind_is_planted) {
  json::array done = plant_oddities(world, 3, {"u5"});
  BOOST_REQUIRE(done.size() == oddity_kinds().size());
  std::map<std::string, json::object> by_kind;
  for (const json::value& each : done) by_kind[text_at(each, "/kind")] = each.as_object();
  auto of = [&](const std::string& kind, std::string_view field) {
    return std::string(by_kind[kind].at(field).as_string());
  };
  BOOST_TEST(ask("/users/" + of("renamed", "was")).status == 404u);
  BOOST_TEST(parsed(ask("/users/" + of("taken", "was"))).at("id") == by_kind["taken"].at("by"));
  BOOST_TEST(ask("/users/" + of("deleted", "login")).status == 404u);
  BOOST_TEST(ask("/users/" + of("suspended", "login")).status == 404u);
  BOOST_TEST(text_at(parsed(ask("/users/" + of("organization", "login"))), "/type") ==
             "Organization");
  BOOST_TEST(text_at(parsed(ask("/users/some-robot[bot]")), "/type") == "Bot");
  BOOST_TEST(number_at(parsed(ask("/users/" + of("celebrity", "login"))), "/followers") > 10'000);
  const Account& loop = world.known(of("self_loop", "login"));
  auto following = world.graph().following(loop.index);
  BOOST_TEST(std::binary_search(following.begin(), following.end(), loop.index));
  json::value nothing = parsed(ask("/users/" + of("nothing", "login")));
  BOOST_TEST(nothing.at("name").is_null());
  BOOST_TEST(number_at(nothing, "/followers") == 1);
  BOOST_TEST(of("mixed_case", "login") != lower_case(of("mixed_case", "login")));
  BOOST_TEST(text_at(parsed(ask("/users/" + of("legacy_id", "login"))), "/node_id")
                 .starts_with("MDQ6VXNlcj"));
}

BOOST_AUTO_TEST_CASE(one_oddity_is_planted_by_admin) {
  json::value star = change("oddity", {{"kind", "celebrity"}, {"login", "u7"}, {"amount", 350}});
  BOOST_TEST(number_at(star, "/followers") == 350);
  BOOST_TEST(number_at(parsed(ask("/users/u7")), "/followers") == 350);
}

BOOST_AUTO_TEST_CASE(settings_and_tokens_of_a_crawl_are_changed) {
  post("/settings", {{"lists", json::object{{"followers", "empty"}}},
                     {"truncate_parents", 40},
                     {"deepest_page", 9},
                     {"service_ms", 3}});
  BOOST_TEST((github.settings().lists.state("followers") == ListState::empty));
  BOOST_TEST(github.settings().truncate_parents == 40u);
  BOOST_TEST(github.settings().service_ms == 3);
  json::object wanted{{"login", "u4"}, {"token", "gho_crawl"}, {"scopes", "read:user"}};
  post("/tokens", {{"add_github", wanted}});
  token = "gho_crawl";
  BOOST_TEST(text_at(parsed(ask("/user")), "/login") == "u4");
  BOOST_TEST(parsed(get("/tokens")).at("github").as_object().size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(the_program_loads_a_graph_and_greets_with_it) {
  Program::Options options;
  options.graph_seed = 5;
  options.graph_users = 400;
  options.graph_edges = 3000;
  options.oddities_seed = 2;
  options.lists = {"following=gone"};
  options.github_tokens = {"dev000001:gho_operator:read:user,user:email"};
  Program program(options);
  json::value greeting = json::parse(program.greeting());
  BOOST_TEST(number_at(greeting, "/graph/follows") > 12'000);
  BOOST_TEST(greeting.at_pointer("/graph/oddities").as_array().size() == oddity_kinds().size());
  BOOST_TEST(text_at(greeting, "/github_tokens/0/scopes") == "read:user,user:email");
  options.lists = {"following"};
  BOOST_CHECK_THROW(Program{options}, std::invalid_argument);
  options.lists.clear();
  options.github_tokens = {"dev000001"};
  BOOST_CHECK_THROW(Program{options}, std::invalid_argument);
  options.github_tokens.clear();
  options.graph_seed.reset();
  BOOST_CHECK_THROW(Program{options}, std::invalid_argument);
}
