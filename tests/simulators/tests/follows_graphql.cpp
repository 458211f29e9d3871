#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/simulators/tests/graph_world.hpp"

namespace json = boost::json;
using namespace tidemark::simulators;

namespace {

constexpr std::string_view page_query =
    "query($id: ID!, $after: String) { node(id: $id) { ... on User { followers(first: 100, after: "
    "$after) { totalCount pageInfo { hasNextPage endCursor } nodes { __typename id databaseId "
    "login } } } } }";

struct Follows : GraphWorld {
  json::value page(const json::value& after) {
    return query(std::string(page_query), {{"id", id("u0")}, {"after", after}})
        .at_pointer("/data/node/followers");
  }

  // All followers of u0, page by page; `meanwhile` happens after the first one.
  template <class Meanwhile>
  std::vector<std::string> walk(Meanwhile meanwhile) {
    std::vector<std::string> logins;
    json::value after;
    bool more = true;
    for (int number = 0; more && number < 10; ++number) {
      json::value one = page(after);
      for (const json::value& each : one.at("nodes").as_array()) {
        logins.push_back(text_at(each, "/login"));
      }
      after = one.at_pointer("/pageInfo/endCursor");
      more = one.at_pointer("/pageInfo/hasNextPage").as_bool();
      if (number == 0) meanwhile();
    }
    return logins;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(follows_in_graphql, Follows)

BOOST_AUTO_TEST_CASE(pages_lead_through_a_whole_list) {
  std::vector<std::string> all = walk([] {});
  BOOST_TEST(all.size() == 299u);
  BOOST_TEST(std::set<std::string>(all.begin(), all.end()).size() == 299u);
  BOOST_TEST(number_at(page(nullptr), "/totalCount") == 299);
}

BOOST_AUTO_TEST_CASE(who_leaves_meanwhile_does_not_shift_the_pages) {
  std::vector<std::string> all = walk([&] {
    for (std::uint32_t i = 1; i <= 100; ++i) world.graph().unfollow(first + i, first);
  });
  BOOST_TEST(all.size() == 299u);
}

BOOST_AUTO_TEST_CASE(a_cursor_of_somebody_who_is_deleted_meanwhile_stays_good) {
  BOOST_TEST(walk([&] { world.delete_account("u100"); }).size() == 299u);
}

BOOST_AUTO_TEST_CASE(edges_last_pages_and_wrong_cursors_are_as_github_has_them) {
  json::value answer = query(
      "{ user(login: \"u0\") { following(last: 2) { pageInfo { hasPreviousPage hasNextPage } edges "
      "{ cursor node { login } } } } }");
  BOOST_TEST(text_at(answer, "/data/user/following/edges/1/node/login") == "u150");
  BOOST_TEST(answer.at_pointer("/data/user/following/pageInfo/hasPreviousPage").as_bool());
  BOOST_TEST(
      error_of("{ user(login: \"u0\") { followers(first: 1, after: \"x\") { totalCount } } }") ==
      "`x` does not appear to be a valid cursor.");
}

BOOST_AUTO_TEST_CASE(an_account_shows_its_profile_and_counts) {
  Profile& profile = world.edit_profile(world.known("u5"));
  profile = Profile{};
  profile.bio = "b\"io";
  profile.gists = 3;
  json::value user = query(
      "{ user(login: \"U5\") { id databaseId login name location bio company createdAt updatedAt "
      "websiteUrl twitterUsername isHireable gists(privacy: PUBLIC) { totalCount } followers { "
      "totalCount } following { totalCount } repositories { totalCount } starredRepositories { "
      "totalCount } } }");
  BOOST_TEST(!user.as_object().contains("errors"));
  user = user.at_pointer("/data/user");
  BOOST_TEST(number_at(user, "/databaseId") == 10'000'005);
  BOOST_TEST(text_at(user, "/bio") == "b\"io");
  BOOST_TEST(user.at("location").is_null());
  BOOST_TEST(number_at(user, "/gists/totalCount") == 3);
  BOOST_TEST(number_at(user, "/followers/totalCount") == 1);
  BOOST_TEST(number_at(user, "/repositories/totalCount") == 0);
}

BOOST_AUTO_TEST_CASE(an_email_address_needs_a_scope) {
  std::string text = "{ user(login: \"u5\") { email } }";
  json::value refused = query(text);
  BOOST_TEST(text_at(refused, "/errors/0/type") == "INSUFFICIENT_SCOPES");
  BOOST_TEST(text_at(refused, "/errors/0/message")
                 .find("one of the following scopes: ['user:email', 'read:user'], but your token "
                       "has only been granted the: [''] scopes") != std::string::npos);
  BOOST_TEST(!refused.as_object().contains("data"));
  BOOST_TEST(number_at(refused, "/errors/0/locations/0/column") == 23);
  for (const char* scopes : {"user:email", "repo,read:user", "user"}) {
    token = github.credentials().add_token(world.known("alice"), {}, scopes).text;
    BOOST_TEST(query(text).at_pointer("/data/user/email").is_string());
  }
}

BOOST_AUTO_TEST_CASE(hidden_accounts_are_null_in_lists_and_counted) {
  world.known("u7").suspended = true;
  json::value list = page(nullptr);
  BOOST_TEST(list.at_pointer("/nodes/6").is_null());
  BOOST_TEST(number_at(list, "/totalCount") == 299);
  world.delete_account("u8");
  BOOST_TEST(number_at(page(nullptr), "/totalCount") == 298);
}

BOOST_AUTO_TEST_CASE(missing_nodes_are_errors_with_a_path_and_leave_the_others) {
  std::string gone = id("u8"), hidden = id("u9");
  world.delete_account("u8");
  world.known("u9").suspended = true;
  json::value answer = query(
      "query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { login } } }",
      {{"ids", json::array{json::string(gone), json::string(id("u1")), json::string(hidden)}}});
  BOOST_TEST(text_at(answer, "/data/nodes/1/login") == "u1");
  BOOST_TEST(answer.at_pointer("/data/nodes/0").is_null());
  BOOST_TEST(text_at(answer, "/errors/0/type") == "NOT_FOUND");
  BOOST_TEST(json::serialize(answer.at_pointer("/errors/1/path")) == R"(["nodes",2])");
  BOOST_TEST(text_at(answer, "/errors/1/message") ==
             "Could not resolve to a node with the global id of '" + hidden + "'");
}

BOOST_AUTO_TEST_CASE(organisations_and_bots_are_found_by_owner_and_node_only) {
  Account& acme = world.add_generated("acme", world.next_id());
  acme.organization = true;
  acme.node_id = make_node_id("O", acme.database_id);
  Account& robot = world.add_generated("robot[bot]", world.next_id());
  robot.bot = true;
  robot.node_id = make_node_id("BOT", robot.database_id);
  world.graph().follow(first + 1, acme.index);
  BOOST_TEST(error_of("{ user(login: \"acme\") { id } }") ==
             "Could not resolve to a User with the login of 'acme'.");
  json::value answer = query(
      "{ a: repositoryOwner(login: \"acme\") { __typename login ... on Organization { description "
      "} }"
      " u: repositoryOwner(login: \"u1\") { __typename } n: repositoryOwner(login: \"none\") { id }"
      " following: user(login: \"u1\") { following(first: 9) { totalCount nodes { login } } } }");
  BOOST_TEST(text_at(answer, "/data/a/__typename") == "Organization");
  BOOST_TEST(text_at(answer, "/data/u/__typename") == "User");
  BOOST_TEST(answer.at_pointer("/data/n").is_null());
  BOOST_TEST(!answer.as_object().contains("errors"));
  BOOST_TEST(number_at(answer, "/data/following/following/totalCount") == 3);
  BOOST_TEST(answer.at_pointer("/data/following/following/nodes/2").is_null());
  json::value node = query("query($id: ID!) { node(id: $id) { __typename ... on Bot { login } } }",
                           {{"id", robot.node_id}});
  BOOST_TEST(text_at(node, "/data/node/login") == "robot[bot]");
}

BOOST_AUTO_TEST_CASE(legacy_node_ids_lead_to_the_account_too) {
  json::value node = query("query($id: ID!) { node(id: $id) { ... on User { login } } }",
                           {{"id", make_legacy_node_id("User", 10'000'003)}});
  BOOST_TEST(text_at(node, "/data/node/login") == "u3");
  BOOST_TEST(make_legacy_node_id("User", 1) == "MDQ6VXNlcjE=");
}

BOOST_AUTO_TEST_CASE(pages_asked_again_are_counted_apart_from_the_question) {
  query("{ user(login: \"u1\") { a: followers(first: 9) { totalCount } } }");
  query("{ b: user(login: \"u1\") { followers(first: 9) { totalCount } } }");
  query("{ user(login: \"u1\") { followers(first: 8) { totalCount } following { totalCount } } }");
  const LedgerLine& line = github.ledger().line(owner(), "graphql");
  BOOST_TEST(line.pages == 3u);
  BOOST_TEST(line.pages_repeated == 1u);
  BOOST_TEST(line.repeated == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
