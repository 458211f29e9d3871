#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/simulators/graphql/query.hpp"

namespace json = boost::json;
namespace graphql = tidemark::simulators::graphql;

BOOST_AUTO_TEST_SUITE(price)

BOOST_AUTO_TEST_CASE(githubs_own_example_of_5101_requests_costs_51_points) {
  auto price = graphql::price(R"({ viewer { login repositories(first: 100) { edges { node { id
    issues(first: 50) { edges { node { id labels(first: 60) { edges { node { id name } } } } } }
  } } } } })",
                              {});
  BOOST_TEST(price.requests == 5101u);
  BOOST_TEST(price.cost == 51u);
}

BOOST_AUTO_TEST_CASE(githubs_own_example_of_nodes_is_22060) {
  auto price = graphql::price(R"({ viewer {
    repositories(first: 50) { edges { repository: node { name
      pullRequests(first: 20) { edges { pullRequest: node { title
        comments(first: 10) { edges { comment: node { bodyHTML } } } } } }
      issues(first: 20) { totalCount edges { issue: node { title bodyHTML
        comments(first: 10) { edges { comment: node { bodyHTML } } } } } } } } }
    followers(first: 10) { edges { follower: node { login } } } } })",
                              {});
  BOOST_TEST(price.nodes == 22060u);
}

BOOST_AUTO_TEST_CASE(the_measured_query_of_601_requests_costs_6_and_has_52100_nodes) {
  auto price = graphql::price(R"({ viewer { followers(first: 100) { nodes {
    a: followers(first: 100) { nodes { login } } b: following(first: 100) { nodes { login } }
    c: repositories(first: 100) { nodes { name } } d: followers(first: 100) { nodes { login } }
    e: following(first: 100) { nodes { login } } f: repositories(first: 20) { nodes { name } }
  } } } })",
                              {});
  BOOST_TEST(price.requests == 601u);
  BOOST_TEST(price.cost == 6u);
  BOOST_TEST(price.nodes == 52100u);
}

namespace {

// `count` aliases of one connection each.
std::string aliases(int count) {
  std::string query = "{";
  for (int i = 0; i < count; ++i) {
    query += " u" + std::to_string(i) +
             ": user(login: \"a\") { followers(first: 100) { nodes { id } } }";
  }
  return query + " }";
}

constexpr auto crawl = R"(query($ids: [ID!]!) { nodes(ids: $ids) { ... on User {
  followers(first: 100) { nodes { id } } following(first: 100) { nodes { id } }
  repositories(first: 100) { nodes { id } } } } })";

json::object ids(int count) {
  json::array all;
  for (int i = 0; i < count; ++i) all.push_back(json::string("U_" + std::to_string(i)));
  return {{"ids", all}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(requests_are_divided_by_100_and_rounded_to_the_nearest) {
  BOOST_TEST(graphql::price(aliases(1), {}).cost == 1u);
  BOOST_TEST(graphql::price(aliases(127), {}).cost == 1u);
  BOOST_TEST(graphql::price(aliases(147), {}).cost == 1u);
  BOOST_TEST(graphql::price(aliases(149), {}).cost == 1u);
  BOOST_TEST(graphql::price(aliases(150), {}).cost == 2u);
  BOOST_TEST(graphql::price("{ viewer { login } }", {}).cost == 1u);
}

BOOST_AUTO_TEST_CASE(ids_multiply_what_is_below_them_and_count_as_nodes) {
  BOOST_TEST(graphql::price(crawl, ids(49)).requests == 147u);
  BOOST_TEST(graphql::price(crawl, ids(49)).cost == 1u);
  BOOST_TEST(graphql::price(crawl, ids(50)).cost == 2u);
  BOOST_TEST(graphql::price(crawl, ids(100)).cost == 3u);
  BOOST_TEST(graphql::price(crawl, ids(100)).nodes == 100u + 30000u);
}

BOOST_AUTO_TEST_CASE(a_year_in_13_windows_is_52_requests_and_4264_nodes) {
  std::string query = "{ user(login: \"a\") {";
  for (int i = 0; i < 13; ++i) {
    query += " w" + std::to_string(i) + R"(: contributionsCollection {
      commitContributionsByRepository(maxRepositories: 100) { contributions(first: 28) { nodes { commitCount } } }
      issueContributions(first: 100) { nodes { occurredAt } }
      pullRequestContributions(first: 100) { nodes { occurredAt } }
      pullRequestReviewContributions(first: 100) { nodes { occurredAt } } })";
  }
  query += " } }";
  BOOST_TEST(graphql::price(query, {}).requests == 52u);
  BOOST_TEST(graphql::price(query, {}).nodes == 4264u);
  BOOST_TEST(graphql::price(query, {}).cost == 1u);
  // 13 x (100 + 3) requests, should maxRepositories multiply.
  BOOST_TEST(graphql::price(query, {}, {.max_repositories_multiplies = true}).cost == 13u);
}

BOOST_AUTO_TEST_CASE(fragments_are_priced_where_they_are_used) {
  auto price = graphql::price(R"(query { a: user(login: "a") { ...F } b: user(login: "b") { ...F } }
    fragment F on User { followers(first: 10) { nodes { following(first: 5) { totalCount } } } })",
                              {});
  BOOST_TEST(price.requests == 22u);
  BOOST_TEST(price.nodes == 2u * (10u + 50u));
}

BOOST_AUTO_TEST_SUITE_END()
