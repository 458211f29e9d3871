#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/simulators/tests/graph_world.hpp"

namespace json = boost::json;
using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

struct Repositories : GraphWorld {
  Repositories() : GraphWorld(true) {}

  std::uint64_t count_of(const Account& account) const {
    return world.public_repositories(account).size();
  }

  // The account with most repositories.
  const Account& maker() {
    const Account* best = &world.known("u0");
    for (const Account& each : world.accounts()) {
      if (count_of(each) > count_of(*best)) best = &each;
    }
    return *best;
  }
};

constexpr std::string_view fields =
    "id databaseId name description homepageUrl primaryLanguage { name } createdAt updatedAt "
    "pushedAt stargazerCount forkCount isPrivate isFork isArchived isDisabled hasIssuesEnabled "
    "hasProjectsEnabled hasWikiEnabled watchers { totalCount } issues(states: [OPEN]) { totalCount "
    "} owner { login }";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(repositories_of_the_graph, Repositories)

BOOST_AUTO_TEST_CASE(few_accounts_have_very_many_and_all_follow_from_the_seed) {
  std::uint64_t most = count_of(maker()), none = 0;
  for (const Account& each : world.accounts()) none += count_of(each) == 0 ? 1 : 0;
  BOOST_TEST(most > 50u);
  BOOST_TEST(none > 50u);
  Repositories again;
  BOOST_TEST(again.world.repositories_of(again.maker())[3]->description ==
             world.repositories_of(maker())[3]->description);
}

BOOST_AUTO_TEST_CASE(graphql_and_rest_tell_the_same_of_a_repository) {
  const Account& owner = maker();
  json::value list = query("{ user(login: \"" + owner.login + "\") { repositories(first: 100, " +
                           "ownerAffiliations: [OWNER], orderBy: {field: CREATED_AT, direction: "
                           "ASC}) { totalCount nodes { " +
                           std::string(fields) + " } } } }");
  BOOST_REQUIRE(!list.as_object().contains("errors"));
  list = list.at_pointer("/data/user/repositories");
  BOOST_TEST(number_at(list, "/totalCount") ==
             number_at(parsed(ask("/users/" + owner.login)), "/public_repos"));
  std::string last;
  for (const json::value& each : list.at("nodes").as_array()) {
    json::value rest = parsed(ask("/repos/" + owner.login + "/" + text_at(each, "/name")));
    BOOST_TEST(rest.at("id") == each.at("databaseId"));
    BOOST_TEST(rest.at("node_id") == each.at("id"));
    BOOST_TEST(rest.at("description") == each.at("description"));
    BOOST_TEST(rest.at("updated_at") == each.at("updatedAt"));
    BOOST_TEST(rest.at("pushed_at") == each.at("pushedAt"));
    BOOST_TEST(rest.at("stargazers_count") == each.at("stargazerCount"));
    BOOST_TEST(rest.at("subscribers_count") == each.at_pointer("/watchers/totalCount"));
    BOOST_TEST(rest.at("open_issues_count") == each.at_pointer("/issues/totalCount"));
    BOOST_TEST(rest.at("has_wiki") == each.at("hasWikiEnabled"));
    BOOST_TEST(last <= text_at(each, "/createdAt"));
    last = text_at(each, "/createdAt");
  }
}

BOOST_AUTO_TEST_CASE(pages_by_rest_and_by_graphql_hold_each_once) {
  const Account& owner = maker();
  std::set<std::int64_t> ids;
  std::size_t entries = 0;
  for (int page = 1; page < 30; ++page) {
    json::value list =
        parsed(ask("/users/" + owner.login + "/repos?per_page=40&page=" + std::to_string(page)));
    for (const json::value& each : list.as_array()) ids.insert(number_at(each, "/id"));
    entries += list.as_array().size();
  }
  BOOST_TEST(entries == count_of(owner));
  BOOST_TEST(ids.size() == entries);
}

BOOST_AUTO_TEST_CASE(graphql_counts_collaborations_too_unless_owners_are_asked) {
  auto count = [&](const std::string& login, const std::string& arguments) {
    return number_at(query("{ user(login: \"" + login + "\") { repositories" + arguments +
                           " { totalCount } } }"),
                     "/data/user/repositories/totalCount");
  };
  std::int64_t more = 0;
  for (int i = 0; i < 60; ++i) {
    std::string login = "u" + std::to_string(i);
    more += count(login, "") - count(login, "(ownerAffiliations: [OWNER])");
    BOOST_TEST(count(login, "(ownerAffiliations: OWNER)") ==
               static_cast<std::int64_t>(count_of(world.known(login))));
  }
  BOOST_TEST(more > 0);
}

BOOST_AUTO_TEST_CASE(a_renamed_repository_and_one_of_a_renamed_owner_are_moved) {
  std::string owner = maker().login;
  std::string name = world.repositories_of(maker())[0]->name;
  std::uint64_t id = world.repositories_of(maker())[0]->database_id;
  world.rename(owner + "/" + name, owner + "/other-name");
  http::Response moved = ask("/repos/" + owner + "/" + name);
  BOOST_TEST(moved.status == 301u);
  BOOST_TEST(target_of(location_of(moved)) == "/repositories/" + std::to_string(id));
  BOOST_TEST(text_at(parsed(ask(target_of(location_of(moved)))), "/name") == "other-name");
  std::string second = world.repositories_of(maker())[1]->name;
  std::uint64_t count = count_of(maker());
  world.rename_account(owner, "moved");
  BOOST_TEST(ask("/repos/" + owner + "/" + second).status == 301u);
  BOOST_TEST(ask("/repos/moved/" + second).status == 200u);
  BOOST_TEST(ask("/repos/moved/other-name").status == 200u);
  BOOST_TEST(count_of(world.known("moved")) == count);
  world.delete_account("moved");
  BOOST_TEST(ask("/repos/moved/" + second).status == 404u);
  BOOST_TEST(ask("/repositories/" + std::to_string(id)).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_repository_that_moves_to_another_owner_is_counted_there) {
  const Account& owner = maker();
  const Account& other = world.known("alice");
  std::string name = world.repositories_of(owner)[0]->name;
  std::uint64_t before = count_of(owner), there = count_of(other);
  world.rename(owner.login + "/" + name, "alice/taken-over");
  BOOST_TEST(count_of(owner) == before - 1);
  BOOST_TEST(world.repositories_of(owner).size() == before - 1);
  BOOST_TEST(count_of(other) == there + 1);
  BOOST_TEST(world.repositories_of(other).back()->name == "taken-over");
  BOOST_TEST(text_at(parsed(ask("/users/alice/repos")), "/0/full_name") == "alice/taken-over");
}

BOOST_AUTO_TEST_CASE(a_repository_is_a_node) {
  RepositoryPointer one = world.repositories_of(maker())[0];
  json::value node = query("query($id: ID!) { node(id: $id) { ... on Repository { databaseId } } }",
                           {{"id", one->node_id}});
  BOOST_TEST(number_at(node, "/data/node/databaseId") ==
             static_cast<std::int64_t>(one->database_id));
}

BOOST_AUTO_TEST_CASE(stars_are_the_same_by_rest_and_graphql) {
  std::size_t stars = 0;
  for (int i = 0; i < 40; ++i) {
    std::string login = "u" + std::to_string(i);
    json::value rest = parsed(ask("/users/" + login + "/starred?per_page=100"));
    json::value list =
        query("{ user(login: \"" + login +
              "\") { starredRepositories(first: 100) { totalCount nodes { databaseId "
              "} } } }")
            .at_pointer("/data/user/starredRepositories");
    BOOST_REQUIRE(number_at(list, "/totalCount") >= 0);
    for (std::size_t k = 0; k < rest.as_array().size(); ++k) {
      BOOST_TEST(rest.as_array()[k].at("id") == list.at("nodes").as_array()[k].at("databaseId"));
    }
    stars += rest.as_array().size();
  }
  BOOST_TEST(stars > 20u);
}

BOOST_AUTO_TEST_CASE(who_stars_and_watches_is_shown_to_the_owner_only) {
  RepositoryPointer one = world.repositories_of(maker())[0];
  std::string base = "/repos/" + one->full_name();
  BOOST_TEST(ask(base + "/stargazers").body == "[]");
  BOOST_TEST(ask(base + "/subscribers").body == "[]");
  github.settings().lists.set("stargazers", "forbidden");
  github.settings().lists.set("subscribers", "missing");
  BOOST_TEST(ask(base + "/stargazers").status == 403u);
  BOOST_TEST(ask(base + "/subscribers").status == 404u);
  token = github.credentials().add_token(*one->owner).text;
  BOOST_TEST(ask(base + "/stargazers").status == 200u);
  BOOST_TEST(text_at(parsed(ask(base + "/subscribers")), "/0/login") == one->owner->login);
}

BOOST_AUTO_TEST_SUITE_END()
