#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/simulators/tests/asking.hpp"

namespace json = boost::json;
using namespace tidemark::simulators;

BOOST_FIXTURE_TEST_SUITE(graphql_answers, AskingGithub)

BOOST_AUTO_TEST_CASE(an_unknown_user_is_null_and_its_siblings_stay) {
  json::value answer =
      query(R"({ a: user(login: "nobody") { id } b: user(login: "ALICE") { login } })");
  BOOST_TEST(answer.at_pointer("/data/a").is_null());
  BOOST_TEST(text_at(answer, "/data/b/login") == "alice");
  BOOST_TEST(text_at(answer, "/errors/0/type") == "NOT_FOUND");
  BOOST_TEST(text_at(answer, "/errors/0/path/0") == "a");
  BOOST_TEST(text_at(answer, "/errors/0/message") ==
             "Could not resolve to a User with the login of 'nobody'.");
}

BOOST_AUTO_TEST_CASE(texts_may_hold_escaped_code_points) {
  BOOST_TEST(text_at(query(R"({ user(login: "\u0061lice") { login } })"), "/data/user/login") ==
             "alice");
  BOOST_TEST(text_at(query(R"({ user(login: "\ud800") { login } })"), "/errors/0/message") ==
             "Parse error: not a code point in a text");
}

BOOST_AUTO_TEST_CASE(an_organisation_is_no_user) {
  world.repository("acme/tool");
  BOOST_TEST(text_at(query(R"({ user(login: "acme") { id } })"), "/errors/0/type") == "NOT_FOUND");
}

BOOST_AUTO_TEST_CASE(unknown_ids_are_null_in_place) {
  json::object variables{{"ids", json::array{world.find_login("alice")->node_id, "U_none"}}};
  json::value answer =
      query("query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { login } } }", variables);
  BOOST_TEST(text_at(answer, "/data/nodes/0/login") == "alice");
  BOOST_TEST(answer.at_pointer("/data/nodes/1").is_null());
  BOOST_TEST(number_at(answer, "/errors/0/path/1") == 1);
}

BOOST_AUTO_TEST_CASE(refusals_of_whole_queries_come_with_status_200_and_no_data) {
  tidemark::http::Response response = post_query("{ viewer { shoeSize } }");
  BOOST_TEST(response.status == 200u);
  BOOST_TEST(!parsed(response).as_object().contains("data"));
  BOOST_TEST(error_of("{ viewer { shoeSize } }") ==
             "Field 'shoeSize' doesn't exist on type 'User'");
  BOOST_TEST(error_of(R"({ user(name: "x") { id } })") ==
             "Field 'user' doesn't accept argument 'name'");
  BOOST_TEST(error_of("{ viewer }").starts_with("Field must have selections"));
  BOOST_TEST(error_of("{ viewer { login }").starts_with("Parse error"));
  BOOST_TEST(error_of("{ viewer { ...Missing } }") == "Fragment Missing was used, but not defined");
  BOOST_TEST(error_of("query Q($a: Int) { viewer { id } }") ==
             "Variable $a is declared by Q but not used");
  BOOST_TEST(error_of("query Q($l: String!) { user(login: $l) { id } }")
                 .starts_with("Variable $l of type String!"));
  BOOST_TEST(
      error_of(R"({ viewer { followers(first: "9") { totalCount } } })").find("invalid value") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(page_sizes_have_githubs_limits) {
  auto type_of = [&](const std::string& text) { return text_at(query(text), "/errors/0/type"); };
  BOOST_TEST(type_of("{ viewer { followers(first: 101) { nodes { id } } } }") ==
             "EXCESSIVE_PAGINATION");
  BOOST_TEST(type_of("{ viewer { followers { nodes { id } } } }") ==
             "MISSING_PAGINATION_BOUNDARIES");
  BOOST_TEST(number_at(query("{ viewer { followers { totalCount } } }"),
                       "/data/viewer/followers/totalCount") == 0);
  BOOST_TEST(type_of(R"({ viewer { followers(first: 100) { nodes { followers(first: 100) { nodes {
    followers(first: 100) { nodes { id } } } } } } } })") == "MAX_NODE_LIMIT_EXCEEDED");
}

BOOST_AUTO_TEST_CASE(more_than_100_ids_are_refused) {
  json::array ids;
  for (int i = 0; i < 101; ++i) ids.push_back(json::string(std::to_string(i)));
  json::value answer = query("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {{"ids", ids}});
  BOOST_TEST(text_at(answer, "/errors/0/type") == "ARGUMENT_LIMIT");
  BOOST_TEST(text_at(answer, "/errors/0/message") ==
             "You may not provide more than 100 node ids; you provided 101.");
  BOOST_TEST(!answer.as_object().contains("data"));
}

BOOST_AUTO_TEST_CASE(a_dry_run_prices_without_spending) {
  json::value answer = query(R"({ rateLimit(dryRun: true) { cost remaining nodeCount }
    viewer { followers(first: 100) { nodes { id } } } })");
  BOOST_TEST(number_at(answer, "/data/rateLimit/cost") == 1);
  BOOST_TEST(number_at(answer, "/data/rateLimit/remaining") == 5000);
  BOOST_TEST(number_at(answer, "/data/rateLimit/nodeCount") == 100);
  BOOST_TEST(!answer.at("data").as_object().contains("viewer"));
}

BOOST_AUTO_TEST_CASE(the_same_field_asked_twice_is_merged) {
  json::value answer = query("{ viewer { login } viewer { id } }");
  BOOST_TEST(text_at(answer, "/data/viewer/login") == "alice");
  BOOST_TEST(answer.at_pointer("/data/viewer").as_object().contains("id"));
}

BOOST_AUTO_TEST_CASE(nobody_asks_without_a_token) {
  token.clear();
  BOOST_TEST(post_query("{ viewer { login } }").status == 401u);
  token = "gho_wrong";
  tidemark::http::Response refused = post_query("{ viewer { login } }");
  BOOST_TEST(refused.status == 401u);
  BOOST_TEST(*refused.headers.find("X-RateLimit-Limit") == "60");
}

BOOST_AUTO_TEST_SUITE_END()
