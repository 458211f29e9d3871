#include "http/github/api.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/http/scripted_host.hpp"

namespace tidemark::test {
namespace {

using http::github::Answer;
using http::github::Api;
using http::github::ApiSettings;
using http::github::name_of;
using http::github::Outcome;

struct GitHub : SimulatedClient {
  ScriptedHost host{simulation, "api.github.com"};
  ApiSettings settings;

  Answer get(std::string token, std::string target, std::string etag = {}) {
    std::optional<Answer> answer;
    simulation.run([&]() -> async::Task<void> {
      Api api(client, simulation.clock(), settings);
      Answer got = co_await api.get(token, target, etag);
      answer.emplace(std::move(got));
    });
    return std::move(*answer);
  }
  Answer graphql(std::string token, std::string query, boost::json::object variables = {}) {
    std::optional<Answer> answer;
    simulation.run([&]() -> async::Task<void> {
      Api api(client, simulation.clock(), settings);
      Answer got = co_await api.graphql(token, query, variables);
      answer.emplace(std::move(got));
    });
    return std::move(*answer);
  }
};

// Evaluates its argument, often a call, once.
#define CHECK_OUTCOME(call, expected)                                         \
  do {                                                                        \
    const auto& judged = (call);                                              \
    BOOST_TEST(name_of(judged.outcome) == name_of(expected), judged.message); \
  } while (false)

BOOST_FIXTURE_TEST_SUITE(github_api, GitHub)

BOOST_AUTO_TEST_CASE(every_token_is_told_before_it_is_sent) {
  std::vector<std::string> told;
  settings.on_secret = [&told](const std::string& secret) { told.push_back(secret); };
  for (int i = 0; i < 3; ++i) host.then_json(200, "{}");
  (void)get("", "/user");
  (void)get("one", "/user");
  (void)graphql("two", "query{viewer{login}}");
  BOOST_TEST(told == std::vector<std::string>({"one", "two"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_request_carries_what_github_asks_for) {
  host.then_json(200, R"({"login":"sferik"})");
  const Answer answer = get("gho_token", "/user", "W/\"abc\"");
  CHECK_OUTCOME(answer, Outcome::ok);
  BOOST_TEST(answer.json.at("login").as_string() == "sferik");
  BOOST_REQUIRE(host.seen().size() == 1U);
  BOOST_TEST(host.seen()[0].method == "GET");
  BOOST_TEST(host.seen()[0].target == "/user");
  BOOST_TEST(host.header(0, "host") == "api.github.com");
  BOOST_TEST(host.header(0, "user-agent") == "tidemark/test");
  BOOST_TEST(host.header(0, "accept") == "application/vnd.github+json");
  BOOST_TEST(host.header(0, "x-github-api-version") == "2022-11-28");
  BOOST_TEST(host.header(0, "authorization") == "Bearer gho_token");
  BOOST_TEST(host.header(0, "if-none-match") == "W/\"abc\"");
}

BOOST_AUTO_TEST_CASE(an_anonymous_request_has_no_authorization) {
  host.then_json(200, "[]");
  get("", "/users?since=1");
  BOOST_TEST(host.header(0, "authorization") == "(none)");
  BOOST_TEST(host.header(0, "if-none-match") == "(none)");
  BOOST_TEST(host.seen()[0].target == "/users?since=1");
}

BOOST_AUTO_TEST_CASE(a_graphql_query_is_a_post_with_query_and_variables) {
  host.then_json(200, R"({"data":{"rateLimit":{"cost":1,"remaining":4999},"viewer":{}}})");
  const Answer answer = graphql("gho_token", "query($l:String!){a}", {{"l", "x\"y"}});
  CHECK_OUTCOME(answer, Outcome::ok);
  BOOST_TEST(answer.cost.value() == 1U);
  BOOST_TEST(host.seen()[0].method == "POST");
  BOOST_TEST(host.seen()[0].target == "/graphql");
  BOOST_TEST(host.header(0, "content-type") == "application/json");
  BOOST_TEST(host.header(0, "authorization") == "Bearer gho_token");
  const boost::json::value sent = boost::json::parse(host.seen()[0].body);
  BOOST_TEST(sent.at("query").as_string() == "query($l:String!){a}");
  BOOST_TEST(sent.at("variables").at("l").as_string() == "x\"y");
}

BOOST_AUTO_TEST_CASE(graphql_without_a_token_is_not_sent) {
  CHECK_OUTCOME(graphql("", "{viewer{login}}"), Outcome::invalid);
  BOOST_TEST(host.seen().empty());
}

BOOST_AUTO_TEST_CASE(link_targets_are_followed_as_they_stand) {
  host.then(200,
            {{"Content-Type", "application/json"},
             {"Link", "<https://api.github.com/user/10308/followers?page=2>; rel=\"next\""}},
            "[]");
  host.then_json(200, "[]");
  const Answer first = get("t", "/users/sferik/followers");
  const Answer second = get("t", *http::github::next_link(first.exchanged.response.headers));
  CHECK_OUTCOME(second, Outcome::ok);
  BOOST_TEST(host.seen()[1].target == "/user/10308/followers?page=2");
  BOOST_TEST(host.header(1, "authorization") == "Bearer t");
}

BOOST_AUTO_TEST_CASE(the_token_never_goes_to_another_service) {
  ScriptedHost evil(simulation, "evil.test");
  for (const char* target :
       {"https://evil.test/user", "http://api.github.com/user", "https://api.github.com:8443/user",
        "https://api.github.com@evil.test/user", "https://api.github.com.evil.test/", "user", "",
        "@evil.test/", "/user\r\nX-Evil: 1", "/user HTTP/1.1", "ftp://api.github.com/"}) {
    CHECK_OUTCOME(get("t", target), Outcome::invalid);
  }
  BOOST_TEST(evil.seen().empty());
  BOOST_TEST(host.seen().empty());
}

BOOST_AUTO_TEST_CASE(a_path_that_looks_like_another_host_stays_here) {
  host.then_json(404, R"({"message":"Not Found"})");
  CHECK_OUTCOME(get("t", "//evil.test/user"), Outcome::not_found);
  BOOST_TEST(host.seen()[0].target == "//evil.test/user");
}

BOOST_AUTO_TEST_CASE(a_token_with_a_line_break_is_refused) {
  CHECK_OUTCOME(get("t\r\nX-Evil: 1", "/user"), Outcome::invalid);
  const Answer answer = graphql("gho_secret\n", "{a}");
  CHECK_OUTCOME(answer, Outcome::invalid);
  BOOST_TEST(answer.message.find("gho_secret") == std::string::npos);
  BOOST_TEST(host.seen().empty());
}

BOOST_AUTO_TEST_CASE(a_renamed_repository_is_followed_and_told) {
  host.then(
      301,
      {{"Content-Type", "application/json"}, {"Location", "https://api.github.com/repositories/7"}},
      R"({"message":"Moved Permanently","url":"https://api.github.com/repositories/7"})");
  host.then_json(200, R"({"id":7})");
  const Answer answer = get("t", "/repos/old/name");
  CHECK_OUTCOME(answer, Outcome::ok);
  BOOST_TEST(answer.exchanged.moved_permanently);
  BOOST_TEST(answer.exchanged.url.target == "/repositories/7");
  BOOST_TEST(host.header(1, "authorization") == "Bearer t");
}

BOOST_AUTO_TEST_CASE(a_temporary_redirect_is_followed_but_not_stored) {
  host.then(307, {{"Location", "/repositories/7"}}, "");
  host.then_json(200, R"({"id":7})");
  const Answer answer = get("t", "/repos/some/name");
  CHECK_OUTCOME(answer, Outcome::ok);
  BOOST_TEST(!answer.exchanged.moved_permanently);
}

BOOST_AUTO_TEST_CASE(redirects_without_end_are_given_up) {
  for (int i = 0; i < 10; ++i) host.then(302, {{"Location", "/again"}}, "");
  CHECK_OUTCOME(get("t", "/again"), Outcome::server_error);
  BOOST_TEST(host.seen().size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_redirect_to_another_service_is_no_answer) {
  ScriptedHost other(simulation, "other.test");
  other.then_json(200, R"({"login":"someone else"})");
  host.then(302, {{"Location", "https://other.test/user"}}, "");
  const Answer answer = get("gho_secret", "/user");
  CHECK_OUTCOME(answer, Outcome::invalid);
  BOOST_TEST(answer.json.is_null());
  BOOST_TEST(answer.message.find("other.test") != std::string::npos);
  BOOST_REQUIRE(other.seen().size() == 1U);
  BOOST_TEST(other.header(0, "authorization") == "(none)");
}

BOOST_AUTO_TEST_CASE(an_enterprise_path_prefix_and_last_slash_are_kept_right) {
  ScriptedHost enterprise(simulation, "github.example.com");
  settings.api_url = "https://github.example.com/api/v3/";
  settings.graphql_url = "https://github.example.com/api/graphql";
  settings.api_version = "2026-03-10";
  enterprise.then_json(200, "{}");
  enterprise.then_json(200, "[]");
  enterprise.then_json(200, R"({"data":{}})");
  CHECK_OUTCOME(get("t", "/user"), Outcome::ok);
  CHECK_OUTCOME(get("t", "https://github.example.com/api/v3/user/1/followers?page=2"), Outcome::ok);
  CHECK_OUTCOME(graphql("t", "{a}"), Outcome::ok);
  BOOST_TEST(enterprise.seen()[0].target == "/api/v3/user");
  BOOST_TEST(enterprise.header(0, "x-github-api-version") == "2026-03-10");
  BOOST_TEST(enterprise.seen()[1].target == "/api/v3/user/1/followers?page=2");
  BOOST_TEST(enterprise.seen()[2].target == "/api/graphql");
}

BOOST_AUTO_TEST_CASE(settings_that_are_no_address_are_named) {
  for (const char* address : {"api.github.com", "", "ftp://x", "https://user:pw@x"}) {
    ApiSettings wrong;
    wrong.api_url = address;
    BOOST_CHECK_EXCEPTION(Api(client, simulation.clock(), wrong), std::invalid_argument,
                          [](const std::invalid_argument& error) {
                            return std::string(error.what()).starts_with("github.api_url");
                          });
  }
}

BOOST_AUTO_TEST_CASE(a_host_that_cannot_be_reached_is_a_server_error) {
  settings.api_url = "https://nowhere.test";
  settings.graphql_url = "https://nowhere.test/graphql";
  const Answer answer = get("t", "/user");
  CHECK_OUTCOME(answer, Outcome::server_error);
  BOOST_TEST(answer.status == 0U);
  BOOST_TEST(answer.message.find("nowhere.test") != std::string::npos);
  BOOST_TEST(answer.rate.resource.empty());
  CHECK_OUTCOME(graphql("t", "{a}"), Outcome::server_error);
}

BOOST_AUTO_TEST_CASE(a_refused_connection_is_a_server_error_for_both) {
  simulation.set_faults({.refuse = 1, .cut_answer = 0});
  CHECK_OUTCOME(get("t", "/user"), Outcome::server_error);
  CHECK_OUTCOME(graphql("t", "{a}"), Outcome::server_error);
}

BOOST_AUTO_TEST_CASE(a_cut_answer_asks_for_less_where_there_is_less_to_ask_for) {
  simulation.set_faults({.refuse = 0, .cut_answer = 1});
  host.then_json(200, R"({"data":{"viewer":{}}})");
  const Answer answer = graphql("t", "{a}");
  CHECK_OUTCOME(answer, Outcome::too_heavy);
  BOOST_TEST(answer.status == 0U);
  host.then_json(200, R"({"login":"sferik"})");
  CHECK_OUTCOME(get("t", "/user"), Outcome::server_error);
}

BOOST_AUTO_TEST_CASE(an_answer_that_never_comes_ends_at_the_deadline) {
  host.delay(std::chrono::hours(1));
  settings.request_ms = async::Milliseconds(12'000);
  const async::SteadyTime begin = simulation.clock().steady_now();
  CHECK_OUTCOME(graphql("t", "{a}"), Outcome::too_heavy);
  const auto took = simulation.clock().steady_now() - begin;
  BOOST_TEST((took >= std::chrono::seconds(12) && took < std::chrono::seconds(13)));
  CHECK_OUTCOME(get("t", "/user"), Outcome::server_error);
}

BOOST_AUTO_TEST_CASE(the_reading_has_our_times_around_the_exchange) {
  simulation.set_latency(async::Milliseconds(40));
  host.then_json(200, "{}");
  const Answer answer = get("t", "/user");
  const auto took = answer.rate.received - answer.rate.sent;
  BOOST_TEST((took >= std::chrono::milliseconds(80) && took < std::chrono::seconds(2)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
