#include <boost/test/unit_test.hpp>

#include "http/github/answer.hpp"
#include "tests/http/recorded_answers.hpp"

namespace tidemark::test {
namespace {

using http::github::Answer;
using http::github::classify_graphql;
using http::github::name_of;
using http::github::Outcome;

const http::Headers graphql_headers{{"content-type", "application/json; charset=utf-8"},
                                    {"date", "Mon, 05 Jan 2026 10:00:00 GMT"},
                                    {"x-ratelimit-limit", "5000"},
                                    {"x-ratelimit-remaining", "4990"},
                                    {"x-ratelimit-used", "10"},
                                    {"x-ratelimit-reset", "1767610800"},
                                    {"x-ratelimit-resource", "graphql"}};

Answer classify(unsigned status, http::Headers headers, std::string body) {
  return classify_graphql(
      answered(status, std::move(headers), std::move(body), "https://api.github.com/graphql"));
}
Answer classify(std::string body) { return classify(200, graphql_headers, std::move(body)); }

void check(const std::vector<Recorded>& rows) {
  for (const Recorded& row : rows) {
    const Answer answer = classify(row.status, row.headers, row.body);
    BOOST_TEST(name_of(answer.outcome) == name_of(row.outcome), row.name << ": " << answer.message);
  }
}

const std::string secondary_words = "You have exceeded a secondary rate limit. Please wait.";

BOOST_AUTO_TEST_SUITE(github_graphql)

BOOST_AUTO_TEST_CASE(limits_come_with_status_200_and_403) {
  const http::Headers exhausted{{"x-ratelimit-remaining", "0"},
                                {"x-ratelimit-reset", "1767610800"},
                                {"x-ratelimit-resource", "graphql"}};
  check({
      {"primary", 200, exhausted,
       R"({"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded for user ID 12345."}]})",
       Outcome::primary_limit},
      {"primary as 403", 403, exhausted, R"({"message":"API rate limit exceeded for user ID 1."})",
       Outcome::primary_limit},
      {"secondary as an error with 200", 200, graphql_headers,
       R"({"data":null,"errors":[{"message":")" + secondary_words + R"("}]})",
       Outcome::secondary_limit},
      {"secondary as a message with 200", 200, graphql_headers,
       R"({"documentation_url":"x","message":")" + secondary_words + R"("})",
       Outcome::secondary_limit},
      {"secondary with 403", 403, graphql_headers, R"({"message":")" + secondary_words + R"("})",
       Outcome::secondary_limit},
      {"secondary wins over a RATE_LIMITED beside it", 200, exhausted,
       R"({"errors":[{"type":"RATE_LIMITED","message":"x"},{"message":")" + secondary_words +
           R"("}]})",
       Outcome::secondary_limit},
  });
}

BOOST_AUTO_TEST_CASE(a_query_that_is_too_much_asks_for_less) {
  check({
      {"resource limits", 200, graphql_headers,
       R"({"data":{"user":null},"errors":[{"type":"RESOURCE_LIMITS_EXCEEDED","path":["user","contributionsCollection"],"message":"Resource limits for this query exceeded."}]})",
       Outcome::too_heavy},
      {"resource limits of one alias beside data of another", 200, graphql_headers,
       R"({"data":{"a":{"id":"U_1"},"b":null},"errors":[{"type":"RESOURCE_LIMITS_EXCEEDED","path":["b"],"message":"x"}]})",
       Outcome::too_heavy},
      {"gateway page",
       504,
       {{"content-type", "text/html"}},
       "<html>504</html>",
       Outcome::too_heavy},
      {"gateway JSON", 504, graphql_headers,
       R"({"message":"We couldn't respond to your request in time. Sorry about that."})",
       Outcome::too_heavy},
      {"502 with errors", 502, graphql_headers,
       R"({"data":null,"errors":[{"message":"Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug."}]})",
       Outcome::too_heavy},
      {"the same words with 200", 200, graphql_headers,
       R"({"data":null,"errors":[{"message":"Something went wrong while executing your query on 2026-07-28T10:00:00Z."}]})",
       Outcome::too_heavy},
      {"the query text itself", 413, {}, "", Outcome::too_heavy},
  });
}

BOOST_AUTO_TEST_CASE(a_query_refused_as_a_whole_is_our_mistake) {
  check({
      {"too many nodes", 200, graphql_headers,
       R"({"errors":[{"type":"MAX_NODE_LIMIT_EXCEEDED","message":"This query requests up to 505,000 possible nodes which exceeds the maximum limit of 500,000."}]})",
       Outcome::invalid},
      {"too many ids", 200, graphql_headers,
       R"({"data":null,"errors":[{"type":"ARGUMENT_LIMIT","path":["nodes"],"message":"You may not provide more than 100 node ids; you provided 101."}]})",
       Outcome::invalid},
      {"too large a page", 200, graphql_headers,
       R"({"data":{"user":null},"errors":[{"type":"EXCESSIVE_PAGINATION","message":"Requesting 101 records exceeds the `first` limit of 100 records."}]})",
       Outcome::invalid},
      {"no page size", 200, graphql_headers,
       R"({"errors":[{"type":"MISSING_PAGINATION_BOUNDARIES","message":"You must provide a `first` or `last` value."}]})",
       Outcome::invalid},
      {"unknown field", 200, graphql_headers,
       R"({"errors":[{"path":["query","user","x"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"x"},"locations":[{"line":1,"column":1}],"message":"Field 'x' doesn't exist on type 'User'"}]})",
       Outcome::invalid},
      {"a syntax error", 200, graphql_headers,
       R"({"errors":[{"message":"Parse error on \"}\" (RCURLY) at [1, 2]","locations":[{"line":1,"column":2}]}]})",
       Outcome::invalid},
      {"not JSON at all", 400, graphql_headers, R"({"message":"Problems parsing JSON"})",
       Outcome::invalid},
  });
}

BOOST_AUTO_TEST_CASE(other_statuses_mean_what_they_mean_for_rest) {
  check({
      {"bad token", 401, graphql_headers, R"({"message":"Bad credentials"})",
       Outcome::bad_credentials},
      {"no GraphQL here", 404, {}, R"({"message":"Not Found"})", Outcome::not_found},
      {"unavailable", 503, {}, "<html>", Outcome::server_error},
      {"broken", 500, {}, R"({"message":"Server Error"})", Outcome::server_error},
      {"SSO", 403, graphql_headers,
       R"({"message":"Resource protected by organization SAML enforcement."})", Outcome::forbidden},
      {"statuses without meaning here", 304, graphql_headers, "", Outcome::server_error},
      {"nothing", 204, graphql_headers, "", Outcome::server_error},
  });
}

BOOST_AUTO_TEST_CASE(errors_of_single_aliases_leave_the_rest_intact) {
  const Answer answer = classify(
      R"({"data":{"a":{"id":"U_1"},"b":null,"c":null},"errors":[)"
      R"({"type":"NOT_FOUND","path":["b"],"locations":[{"line":1,"column":9}],"message":"Could not resolve to a User with the login of 'x'."},)"
      R"({"type":"FORBIDDEN","path":["c","followers",0],"message":"Not yours"}]})");
  BOOST_TEST(name_of(answer.outcome) == name_of(Outcome::ok));
  BOOST_REQUIRE(answer.errors.size() == 2U);
  BOOST_TEST(answer.errors[0].type == "NOT_FOUND");
  BOOST_TEST(answer.errors[0].alias == "b");
  BOOST_TEST(answer.errors[0].message == "Could not resolve to a User with the login of 'x'.");
  BOOST_TEST(answer.errors[1].alias == "c");
  BOOST_TEST(answer.json.at("data").at("a").at("id").as_string() == "U_1");
}

BOOST_AUTO_TEST_CASE(no_data_at_all_is_never_ok) {
  check({
      {"only unknown errors", 200, graphql_headers,
       R"({"data":null,"errors":[{"type":"INTERNAL","message":"x"}]})", Outcome::server_error},
      {"only missing things", 200, graphql_headers,
       R"({"data":null,"errors":[{"type":"NOT_FOUND","path":["node"],"message":"Could not resolve to a node"}]})",
       Outcome::not_found},
      {"only forbidden things", 200, graphql_headers,
       R"({"data":null,"errors":[{"type":"INSUFFICIENT_SCOPES","message":"Your token has not been granted the required scopes"}]})",
       Outcome::forbidden},
      {"null and no error", 200, graphql_headers, R"({"data":null})", Outcome::server_error},
      {"empty errors", 200, graphql_headers, R"({"data":null,"errors":[]})", Outcome::server_error},
      {"an empty object", 200, graphql_headers, "{}", Outcome::server_error},
  });
}

BOOST_AUTO_TEST_CASE(absurd_answers_are_transient_and_say_what_is_absurd) {
  struct Row {
    std::string body, says;
  };
  for (const Row& row : {
           Row{R"({"data":{"user":{"login":"sfe)", "not JSON"},
           Row{"<html>", "not JSON"},
           Row{"[]", "the body is an array, not an object"},
           Row{R"({"data":[]})", "data is an array"},
           Row{R"({"data":{},"errors":{}})", "errors is an object"},
           Row{R"({"data":{"rateLimit":7}})", "data.rateLimit is"},
           Row{R"({"data":{"rateLimit":{"cost":-1}}})", "rateLimit.cost"},
           Row{R"({"data":{"rateLimit":{"remaining":"many"}}})", "rateLimit.remaining"},
           Row{R"({"data":{"rateLimit":{"used":1.5}}})", "rateLimit.used"},
           Row{R"({"data":{"rateLimit":{"resetAt":"tomorrow"}}})", "rateLimit.resetAt"},
           Row{R"({"data":{"rateLimit":{"resetAt":-1}}})", "rateLimit.resetAt"},
       }) {
    const Answer answer = classify(row.body);
    BOOST_TEST(name_of(answer.outcome) == name_of(Outcome::server_error));
    BOOST_TEST(answer.message.find(row.says) != std::string::npos,
               row.body << " gave: " << answer.message);
  }
}

BOOST_AUTO_TEST_CASE(rate_limit_inside_the_data_goes_over_the_headers) {
  const Answer answer = classify(
      R"({"data":{"rateLimit":{"cost":2,"limit":10000,"remaining":9998,"used":2,"resetAt":"2026-01-05T10:30:00Z","nodeCount":4264},"viewer":{}}})");
  BOOST_TEST(name_of(answer.outcome) == name_of(Outcome::ok));
  BOOST_TEST(answer.cost.value() == 2U);
  BOOST_TEST(answer.node_count.value() == 4'264U);
  BOOST_TEST(answer.rate.resource == "graphql");
  BOOST_TEST(answer.rate.limit.value() == 10'000U);
  BOOST_TEST(answer.rate.remaining.value() == 9'998U);
  BOOST_TEST(answer.rate.used.value() == 2U);
  BOOST_TEST(answer.rate.reset_s.value() == 1'767'609'000);
}

BOOST_AUTO_TEST_CASE(rate_limit_fills_what_the_headers_lack) {
  const Answer answer =
      classify(200, {}, R"({"data":{"rateLimit":{"cost":1,"remaining":4999},"viewer":{}}})");
  BOOST_TEST(answer.rate.resource == "graphql");
  BOOST_TEST(answer.rate.remaining.value() == 4'999U);
  BOOST_TEST(!answer.rate.limit.has_value());
}

BOOST_AUTO_TEST_CASE(a_missing_rate_limit_is_no_error) {
  const Answer answer = classify(R"({"data":{"rateLimit":null,"viewer":{}}})");
  BOOST_TEST(name_of(answer.outcome) == name_of(Outcome::ok));
  BOOST_TEST(answer.rate.remaining.value() == 4'990U);
  BOOST_TEST(!answer.cost.has_value());
}

BOOST_AUTO_TEST_CASE(a_primary_limit_names_its_bucket_even_without_headers) {
  const Answer answer = classify(
      200, {}, R"({"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]})");
  BOOST_TEST(answer.rate.resource == "graphql");
}

BOOST_AUTO_TEST_CASE(a_401_of_graphql_names_no_bucket) {
  const Answer answer = classify(401, graphql_headers, R"({"message":"Bad credentials"})");
  BOOST_TEST(answer.rate.resource.empty());
  BOOST_TEST(!answer.rate.remaining.has_value());
}

BOOST_AUTO_TEST_CASE(numbers_of_both_integer_kinds_are_read) {
  const Answer answer =
      classify(R"({"data":{"rateLimit":{"cost":1,"nodeCount":18446744073709551615},"viewer":{}}})");
  BOOST_TEST(answer.node_count.value() == 18'446'744'073'709'551'615U);
}

BOOST_AUTO_TEST_CASE(the_message_is_that_of_the_error_that_decided) {
  const Answer answer = classify(
      R"({"data":{"a":null,"b":null},"errors":[{"type":"NOT_FOUND","path":["a"],"message":"Could not resolve"},{"type":"RESOURCE_LIMITS_EXCEEDED","path":["b"],"message":"Resource limits for this query exceeded."}]})");
  BOOST_TEST(
      answer.message ==
      "Resource limits for this query exceeded. (HTTP 200 of https://api.github.com/graphql)");
}

BOOST_AUTO_TEST_CASE(an_answer_cut_anywhere_is_never_taken_as_whole) {
  const std::string whole =
      R"({"data":{"rateLimit":{"cost":1,"remaining":4999},"a":{"n":[1,2]},"b":null},"errors":[{"type":"NOT_FOUND","path":["b"],"message":"x"}]})";
  BOOST_TEST(name_of(classify(whole).outcome) == name_of(Outcome::ok));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const Answer answer = classify(whole.substr(0, length));
    BOOST_TEST(name_of(answer.outcome) == name_of(Outcome::server_error), length);
  }
}

BOOST_AUTO_TEST_CASE(errors_are_bounded_and_odd_ones_survived) {
  std::string body =
      R"({"data":{"a":{}},"errors":[1,null,{},{"path":[0]},{"path":"a","message":7})";
  for (int i = 0; i < 5'000; ++i) body += R"(,{"type":"NOT_FOUND","path":["a"]})";
  body += "]}";
  const Answer answer = classify(body);
  BOOST_TEST(name_of(answer.outcome) == name_of(Outcome::ok));
  BOOST_TEST(answer.errors.size() == 1'000U);
  BOOST_TEST(answer.errors[3].alias.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
