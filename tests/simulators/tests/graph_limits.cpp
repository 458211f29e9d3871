#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/simulators/tests/graph_world.hpp"

namespace json = boost::json;
using namespace tidemark::simulators;

namespace {

// Asks followers and following of the first accounts at once.
struct Limits : GraphWorld {
  json::value ask_many(int count, int size = 100) {
    json::array ids;
    for (int i = 0; i < count; ++i) ids.emplace_back(id("u" + std::to_string(i)));
    std::string page = "(first: " + std::to_string(size) + ") { totalCount nodes { login } }";
    return query("query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { login followers" + page +
                     " following" + page + " } } }",
                 {{"ids", std::move(ids)}});
  }

  // How many lists do not hold what they should.
  static int short_lists(const json::value& answer) {
    int wrong = 0, number = 0;
    for (const json::value& each : answer.at_pointer("/data/nodes").as_array()) {
      std::int64_t followers = number_at(each, "/followers/totalCount");
      std::int64_t following = number_at(each, "/following/totalCount");
      bool first = number == 0, second = number == 1;
      wrong += followers != (first ? 299 : number == 2 ? 2 : number <= 150 ? 1 : 0) ? 1 : 0;
      wrong += following != (first ? 150 : second ? 2 : 1) ? 1 : 0;
      auto entries =
          static_cast<std::int64_t>(each.at_pointer("/following/nodes").as_array().size());
      BOOST_TEST(entries == std::min<std::int64_t>(following, 100));
      ++number;
    }
    return wrong;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(limits_of_lists, Limits)

BOOST_AUTO_TEST_CASE(lists_of_too_many_parents_come_short_and_nothing_says_so) {
  github.settings().truncate_parents = 40;
  BOOST_TEST(short_lists(ask_many(40)) == 0);
  json::value cut = ask_many(60);
  BOOST_TEST(!cut.as_object().contains("errors"));
  BOOST_TEST(short_lists(cut) > 20);
  BOOST_TEST(short_lists(cut) < 100);
  BOOST_TEST(cut == ask_many(60));
  github.settings().truncate_parents = 0;
  BOOST_TEST(short_lists(ask_many(60)) == 0);
}

BOOST_AUTO_TEST_CASE(lists_come_short_by_as_many_entries_as_is_said) {
  BOOST_TEST(short_lists(ask_many(60)) == 0);
  github.settings().truncate_parents = 40;
  github.settings().truncate_entries = 1;
  const json::value cut = ask_many(60);
  BOOST_TEST(short_lists(cut) > 20);
  BOOST_TEST(number_at(cut.at_pointer("/data/nodes/0"), "/followers/totalCount") >= 298);
}

BOOST_AUTO_TEST_CASE(graphql_may_hide_the_last_follower_of_some_that_rest_counts) {
  github.settings().hide_one_in = 1;
  const json::value many = ask_many(2);
  BOOST_TEST(number_at(many.at_pointer("/data/nodes/0"), "/followers/totalCount") == 298);
  BOOST_TEST(number_at(many.at_pointer("/data/nodes/0"), "/following/totalCount") == 150);
  BOOST_TEST(number_at(parsed(ask("/users/u0")), "/followers") == 299);
}

BOOST_AUTO_TEST_CASE(parents_by_alias_count_as_well_and_other_pages_do_not) {
  github.settings().truncate_parents = 20;
  auto short_ones = [&](bool same_page) {
    std::string text = "{";
    for (int i = 0; i < 40; ++i) {
      std::string number = std::to_string(i);
      std::string size = same_page ? "100" : std::to_string(i + 1);
      text += " a" + number + ": user(login: \"u" + number + "\") { following(first: " + size +
              ") { totalCount } }";
    }
    json::value answer = query(text + " }");
    int wrong = 0;
    for (const auto& [alias, each] : answer.at("data").as_object()) {
      wrong += number_at(each, "/following/totalCount") < 1 ? 1 : 0;
    }
    return wrong;
  };
  BOOST_TEST(short_ones(true) > 5);
  BOOST_TEST(short_ones(false) == 0);
}

BOOST_AUTO_TEST_CASE(a_heavy_account_fails_in_a_large_question_and_its_siblings_do_not) {
  Fault heavy;
  heavy.kind = FaultKind::heavy_accounts;
  heavy.weight = 1000;
  heavy.logins = {"u1"};
  github.faults().add(heavy);
  json::value answer = ask_many(5);
  BOOST_TEST(answer.at_pointer("/data/nodes/1").is_null());
  BOOST_TEST(text_at(answer, "/data/nodes/2/login") == "u2");
  BOOST_TEST(text_at(answer, "/errors/0/type") == "RESOURCE_LIMITS_EXCEEDED");
  BOOST_TEST(json::serialize(answer.at_pointer("/errors/0/path")) == R"(["nodes",1,"followers"])");
  BOOST_TEST(!ask_many(5, 50).as_object().contains("errors"));
  BOOST_TEST(!ask_many(2).as_object().contains("errors"));
}

BOOST_AUTO_TEST_CASE(one_account_in_many_can_be_heavy) {
  github.faults().add(parse_fault({{"kind", "heavy_accounts"}, {"one_in", 10}, {"weight", 0}}));
  json::value answer = ask_many(40);
  BOOST_TEST(answer.at("errors").as_array().size() ==
             4u);  // the first list takes the account with it
  BOOST_CHECK_THROW((void)parse_fault({{"kind", "heavy_accounts"}, {"logins", "u1"}}),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(lists_that_were_taken_away_are_empty_or_errors_in_graphql) {
  std::string text = "{ user(login: \"u0\") { following(first: 9) { totalCount nodes { id } } } }";
  github.settings().lists.set("following", "empty");
  BOOST_TEST(number_at(query(text), "/data/user/following/totalCount") == 0);
  github.settings().lists.set("following", "forbidden");
  BOOST_TEST(text_at(query(text), "/errors/0/type") == "FORBIDDEN");
  BOOST_TEST(query(text).at_pointer("/data/user").is_null());
  github.settings().lists.set("following", "gone");
  BOOST_TEST(error_of(text) == "The field 'following' has been removed.");
}

BOOST_AUTO_TEST_CASE(counts_can_lie) {
  github.faults().add(parse_fault({{"kind", "total_count_lies"}, {"amount", 5}}));
  BOOST_TEST(number_at(query("{ user(login: \"u0\") { followers { totalCount } } }"),
                       "/data/user/followers/totalCount") == 304);
}

BOOST_AUTO_TEST_CASE(forty_accounts_with_three_lists_cost_a_point) {
  json::array ids;
  for (int i = 0; i < 49; ++i) ids.emplace_back(id("u" + std::to_string(i)));
  json::value answer = query(
      "query($ids: [ID!]!) { rateLimit { cost nodeCount } nodes(ids: $ids) { ... on User { "
      "followers(first: 100) { totalCount } following(first: 100) { totalCount } "
      "repositories(first: "
      "100) { totalCount } } } }",
      {{"ids", std::move(ids)}});
  BOOST_TEST(number_at(answer, "/data/rateLimit/cost") == 1);
  BOOST_TEST(number_at(answer, "/data/rateLimit/nodeCount") == 49 + 147 * 100);
}

BOOST_AUTO_TEST_SUITE_END()
