#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/simulators/tests/asking.hpp"

namespace json = boost::json;
using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

struct Faulty : AskingGithub {
  Faulty() {
    for (int i = 0; i < 20; ++i) {
      world.add_commit(
          "acme/tool",
          commit_at("c" + std::to_string(i), "2024-01-02T00:00:00Z", "2024-01-02T00:00:00Z"),
          "alice");
    }
  }
  void with(const std::string& text) {
    github.faults().clear();
    github.faults().add(parse_fault(json::parse(text).as_object()));
  }
  std::string history(int first) {
    return R"(query { repository(owner: "acme", name: "tool") { defaultBranchRef { target { ... on Commit {
      history(first: )" +
           std::to_string(first) + ") { totalCount nodes { additions } } } } } } }";
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(faults, Faulty)

BOOST_AUTO_TEST_CASE(every_nth_request_fails) {
  with(R"({"kind":"status_html","status":502,"every":3})");
  std::string statuses;
  for (int i = 0; i < 6; ++i) statuses += std::to_string(ask("/user").status) + " ";
  BOOST_TEST(statuses == "200 200 502 200 200 502 ");
  BOOST_TEST(last.response.body.starts_with("<html>"));
  BOOST_TEST(github.ledger().line(owner(), "core").points == 4u);
}

BOOST_AUTO_TEST_CASE(chance_is_reproducible_from_the_seed) {
  auto statuses = [&] {
    with(R"({"kind":"status_json","status":503,"probability":0.5})");
    github.faults().seed(42);
    std::string all;
    for (int i = 0; i < 20; ++i) all += ask("/user").status == 503 ? 'x' : '.';
    return all;
  };
  std::string first = statuses();
  BOOST_TEST(first == statuses());
  BOOST_TEST(first.find('x') != std::string::npos);
  BOOST_TEST(first.find('.') != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cut_before_processing_costs_nothing_and_one_after_does) {
  with(R"({"kind":"cut_before","times":1})");
  ask("/user");
  BOOST_TEST(last.cut);
  BOOST_TEST(github.ledger().line(owner(), "core").points == 0u);
  with(R"({"kind":"cut_after","times":1,"resource":"graphql"})");
  post_query("{ viewer { login } }");
  BOOST_TEST(last.cut);
  BOOST_TEST(github.ledger().line(owner(), "graphql").points == 1u);
}

BOOST_AUTO_TEST_CASE(a_secondary_limit_comes_with_quota_left_and_blocks) {
  with(
      R"({"kind":"secondary","status":403,"retry_after_s":30,"retry_after_as_date":true,"times":1})");
  http::Response refused = ask("/user");
  BOOST_TEST(refused.status == 403u);
  BOOST_TEST(*refused.headers.find("Retry-After") == "Mon, 05 Jan 2026 00:00:30 GMT");
  BOOST_TEST(*refused.headers.find("X-RateLimit-Remaining") == "5000");
  now_ms += 29'000;
  ask("/user");
  BOOST_TEST(github.ledger().line(owner(), "core").while_blocked == 1u);
  query("{ viewer { login } }");  // counts together with REST
  BOOST_TEST(github.ledger().line(owner(), "graphql").while_blocked == 1u);
  now_ms += 1'001;
  ask("/user");
  BOOST_TEST(github.ledger().line(owner(), "core").while_blocked == 1u);
}

BOOST_AUTO_TEST_CASE(a_secondary_limit_of_graphql_may_have_status_200) {
  with(R"({"kind":"secondary","status":200})");
  http::Response refused = post_query("{ viewer { login } }");
  BOOST_TEST(refused.status == 200u);
  BOOST_TEST(!refused.headers.has("Retry-After"));
  BOOST_TEST(text_at(parsed(refused), "/errors/0/message").find("secondary rate limit") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(asking_for_less_helps_against_resource_limits) {
  with(R"({"kind":"resource_limits","weight":12})");
  json::value refused = query(history(20));
  BOOST_TEST(text_at(refused, "/errors/0/type") == "RESOURCE_LIMITS_EXCEEDED");
  BOOST_TEST(text_at(refused, "/errors/0/path/0") == "repository");
  BOOST_TEST(!query(history(10)).as_object().contains("errors"));
}

BOOST_AUTO_TEST_CASE(a_query_too_heavy_times_out_in_three_ways) {
  with(R"({"kind":"timeout","weight":12})");
  BOOST_TEST(post_query(history(20)).body.starts_with("<html>"));
  BOOST_TEST(last.response.status == 504u);
  BOOST_TEST(last.delay.count() == 10'000);
  BOOST_TEST(text_at(query(history(20)), "/message").starts_with("We couldn't respond"));
  post_query(history(20));
  BOOST_TEST(last.cut);
  BOOST_TEST(post_query(history(5)).status == 200u);
}

BOOST_AUTO_TEST_CASE(absurd_values_come_as_asked) {
  std::string path = "/data/repository/defaultBranchRef/target/history";
  with(R"({"kind":"total_count_lies","amount":7})");
  BOOST_TEST(number_at(query(history(2)), path + "/totalCount") == 27);
  with(R"({"kind":"negative_numbers"})");
  BOOST_TEST(number_at(query(history(2)), path + "/nodes/0/additions") == -4);
  with(R"({"kind":"null_nodes"})");
  BOOST_TEST(query(history(2)).at_pointer(path + "/nodes").is_null());
  with(R"({"kind":"stale_reset"})");
  ask("/user");
  BOOST_TEST(*last.response.headers.find("X-RateLimit-Reset") == "1767571140");
  with(R"({"kind":"hide_repository","repository":"acme/tool"})");
  BOOST_TEST(text_at(query(history(2)), "/errors/0/type") == "NOT_FOUND");
  BOOST_TEST(ask("/repos/acme/tool").status == 404u);
  with(R"({"kind":"malformed_json"})");
  json::error_code error;
  json::parse(ask("/user").body, error);
  BOOST_TEST(error.failed());
  with(R"({"kind":"slow","delay_ms":250})");
  ask("/user");
  BOOST_TEST(last.delay.count() == 250);
}

BOOST_AUTO_TEST_CASE(a_fault_that_is_not_understood_is_refused_by_name) {
  auto refuses = [](const std::string& text, const std::string& why) {
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_fault(json::parse(text).as_object())),
                          std::invalid_argument,
                          [&](const auto& error) { return std::string(error.what()) == why; });
  };
  refuses(R"({"every":1})", "fault: \"kind\" is missing");
  refuses(R"({"kind":"hail"})", "fault: unknown kind \"hail\"");
  refuses(R"({"kind":"slow","delay":1})", "fault: unknown key \"delay\"");
  refuses(R"({"kind":"slow","delay_ms":"1"})", "fault: \"delay_ms\" must be a number");
}

BOOST_AUTO_TEST_SUITE_END()
