#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/simulators/tests/asking.hpp"

namespace json = boost::json;
using namespace tidemark::simulators;

namespace {

struct Histories : AskingGithub {
  Histories() {
    world.add_commit("acme/tool", commit_at("aa1", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
                     "alice");
    world.add_commit("acme/tool", commit_at("bb2", "2024-01-02T00:00:00Z", "2024-01-02T00:00:00Z"),
                     "bob");
    // Rebased: written in January, committed in March.
    world.add_commit("acme/tool", commit_at("aa3", "2024-01-03T00:00:00Z", "2024-03-03T00:00:00Z"),
                     "alice");
    world.add_commit("acme/tool", commit_at("aa4", "2024-02-04T00:00:00Z", "2024-02-04T00:00:00Z"),
                     "alice");
  }

  json::value history(const std::string& arguments) {
    json::value answer =
        query(R"({ repository(owner: "acme", name: "tool") { defaultBranchRef { target {
      ... on Commit { history()" +
              arguments + R"() { totalCount pageInfo { hasNextPage endCursor }
      nodes { oid committedDate additions } } } } } } })");
    return answer.at_pointer("/data/repository/defaultBranchRef/target/history");
  }

  std::string shas(const std::string& arguments) {
    std::string all;
    json::value found = history(arguments);
    for (const json::value& node : found.at("nodes").as_array()) {
      all += text_at(node, "/oid") + " ";
    }
    return all;
  }
  std::string alice() { return world.find_login("alice")->node_id; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(history_of_commits, Histories)

BOOST_AUTO_TEST_CASE(it_is_newest_first_in_the_repositorys_own_order) {
  BOOST_TEST(shas("first: 10") == "aa4 aa3 bb2 aa1 ");
  BOOST_TEST(shas("first: 10, author: {id: \"" + alice() + "\"}") == "aa4 aa3 aa1 ");
}

BOOST_AUTO_TEST_CASE(since_and_until_are_the_committers_time_and_include_both_ends) {
  BOOST_TEST(shas(R"(first: 10, since: "2024-01-02T00:00:00Z", until: "2024-02-04T00:00:00Z")") ==
             "aa4 bb2 ");
  BOOST_TEST(shas(R"(first: 10, since: "2024-03-03T00:00:00Z")") == "aa3 ");
}

BOOST_AUTO_TEST_CASE(pages_do_not_shift_when_something_is_pushed_meanwhile) {
  json::value first = history("first: 2");
  BOOST_TEST(number_at(first, "/totalCount") == 4);
  BOOST_TEST(first.at_pointer("/pageInfo/hasNextPage").as_bool());
  std::string cursor = text_at(first, "/pageInfo/endCursor");
  world.add_commit("acme/tool", commit_at("aa5", "2024-04-04T00:00:00Z", "2024-04-04T00:00:00Z"),
                   "alice");
  BOOST_TEST(shas("first: 2, after: \"" + cursor + "\"") == "bb2 aa1 ");
  BOOST_TEST(shas("first: 2") == "aa5 aa4 ");
}

BOOST_AUTO_TEST_CASE(the_world_changes_under_the_reader) {
  BOOST_TEST(world.rebase_commit(
      "acme/tool", "aa1", "aa9",
      commit_at("", "2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z").committed_s));
  BOOST_TEST(world.remove_commit("acme/tool", "aa3"));
  BOOST_TEST(shas("first: 10") == "aa9 aa4 bb2 ");
  world.empty_repository("acme/tool");
  json::value answer =
      query(R"({ repository(owner: "acme", name: "tool") { isEmpty defaultBranchRef { name } } })");
  BOOST_TEST(answer.at_pointer("/data/repository/defaultBranchRef").is_null());
}

BOOST_AUTO_TEST_CASE(what_the_viewer_may_not_see_is_not_found) {
  world.find_repository("acme/tool")->is_private = true;
  std::string text = R"({ repository(owner: "acme", name: "tool") { id } })";
  BOOST_TEST(text_at(query(text), "/errors/0/type") == "NOT_FOUND");
  token = github.credentials().add_token(*world.find_login("alice"), {}, "repo").text;
  BOOST_TEST(!query(text).as_object().contains("errors"));
}

BOOST_AUTO_TEST_CASE(a_truncated_history_lies_in_its_total_too) {
  Fault fault;
  fault.kind = FaultKind::truncate_history;
  fault.repository = "acme/tool";
  fault.amount = 2;
  github.faults().add(fault);
  BOOST_TEST(number_at(history("first: 10"), "/totalCount") == 2);
  BOOST_TEST(shas("first: 10") == "aa4 aa3 ");
}

BOOST_AUTO_TEST_SUITE_END()
