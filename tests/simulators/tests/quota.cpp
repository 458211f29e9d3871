#include <boost/test/unit_test.hpp>

#include "tests/simulators/tests/asking.hpp"

using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

GithubSettings small(WindowAnchor anchor) {
  GithubSettings settings;
  settings.quota.core = 3;
  settings.quota.graphql = 3;
  settings.quota.window_ms = 2500;
  settings.quota.anchor = anchor;
  return settings;
}

struct FromFirst : AskingGithub {
  FromFirst() : AskingGithub(small(WindowAnchor::first)) {}
  std::string header(std::string_view name) {
    return std::string(last.response.headers.find(name).value_or("none"));
  }
};

constexpr auto probe = "{ viewer { login } }";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(quota_windows, FromFirst)

BOOST_AUTO_TEST_CASE(every_answer_tells_the_state_of_the_bucket) {
  ask("/user");
  BOOST_TEST(header("x-ratelimit-limit") == "3");
  BOOST_TEST(header("x-ratelimit-remaining") == "2");
  BOOST_TEST(header("x-ratelimit-used") == "1");
  BOOST_TEST(header("x-ratelimit-resource") == "core");
  // 2.5 s after midnight, rounded up.
  BOOST_TEST(header("x-ratelimit-reset") == "1767571203");
  BOOST_TEST(header("date") == "Mon, 05 Jan 2026 00:00:00 GMT");
}

BOOST_AUTO_TEST_CASE(rest_and_graphql_are_separate_buckets_of_one_user) {
  std::string second = github.credentials().add_token(*world.find_login("alice")).text;
  ask("/user");
  post_query(probe);
  BOOST_TEST(header("x-ratelimit-remaining") == "2");
  token = second;
  ask("/user");
  BOOST_TEST(header("x-ratelimit-remaining") == "1");
}

BOOST_AUTO_TEST_CASE(an_empty_bucket_refuses_until_the_window_ends) {
  for (int i = 0; i < 3; ++i) BOOST_TEST(ask("/user").status == 200u);
  http::Response refused = ask("/user");
  BOOST_TEST(refused.status == 403u);
  BOOST_TEST(header("x-ratelimit-remaining") == "0");
  BOOST_TEST(
      text_at(parsed(refused), "/message").starts_with("API rate limit exceeded for user ID"));
  now_ms += 2499;
  BOOST_TEST(ask("/user").status == 403u);
  now_ms += 1;
  BOOST_TEST(ask("/user").status == 200u);
  BOOST_TEST(header("x-ratelimit-used") == "1");
}

BOOST_AUTO_TEST_CASE(graphql_is_refused_with_status_200) {
  for (int i = 0; i < 3; ++i) post_query(probe);
  http::Response refused = post_query(probe);
  BOOST_TEST(refused.status == 200u);
  BOOST_TEST(text_at(parsed(refused), "/errors/0/type") == "RATE_LIMITED");
  BOOST_TEST(header("x-ratelimit-remaining") == "0");
}

BOOST_AUTO_TEST_CASE(a_query_dearer_than_what_is_left_is_refused_and_closes_the_window) {
  post_query(probe);
  post_query(probe);
  std::string dear = "{ viewer {";
  for (int i = 0; i < 150; ++i)
    dear += " f" + std::to_string(i) + ": followers(first: 1) { totalCount }";
  BOOST_TEST(text_at(query(dear + " } }"), "/errors/0/type") == "RATE_LIMITED");
  BOOST_TEST(header("x-ratelimit-remaining") == "0");
  BOOST_TEST(text_at(query(probe), "/errors/0/type") == "RATE_LIMITED");
  BOOST_TEST(github.ledger().line(owner(), "graphql").points == 2u);
}

BOOST_AUTO_TEST_CASE(the_servers_clock_may_be_off) {
  github.quota().settings().clock_offset_ms = -90'000;
  ask("/user");
  BOOST_TEST(header("date") == "Sun, 04 Jan 2026 23:58:30 GMT");
  BOOST_TEST(header("x-ratelimit-reset") == "1767571113");
}

BOOST_AUTO_TEST_CASE(a_dead_token_gets_the_anonymous_buckets_headers) {
  github.credentials().revoke(token);
  BOOST_TEST(ask("/user").status == 401u);
  BOOST_TEST(header("x-ratelimit-limit") == "60");
  BOOST_TEST(github.ledger().line(owner(), "core").requests == 0u);
}

BOOST_AUTO_TEST_CASE(asking_for_the_limits_is_free) {
  http::Response answer = ask("/rate_limit");
  BOOST_TEST(number_at(parsed(answer), "/resources/core/remaining") == 3);
  BOOST_TEST(number_at(parsed(answer), "/rate/remaining") == 3);
  BOOST_TEST(!parsed(ask("/rate_limit", {{"X-GitHub-Api-Version", "2026-03-10"}}))
                  .as_object()
                  .contains("rate"));
  BOOST_TEST(ask("/rate_limit", {{"X-GitHub-Api-Version", "2020-01-01"}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(windows_on_the_grid_begin_without_a_request) {
  github.quota().settings() = small(WindowAnchor::grid).quota;
  now_ms += 2400;
  ask("/user");
  BOOST_TEST(github.ledger().line(owner(), "core").windows.at(0).end_ms == 1'767'571'202'500);
  now_ms += 100;
  ask("/user");
  BOOST_TEST(header("x-ratelimit-used") == "1");
}

BOOST_AUTO_TEST_CASE(the_ledger_counts_who_asks_while_blocked) {
  for (int i = 0; i < 4; ++i) ask("/user");
  const LedgerLine& line = github.ledger().line(owner(), "core");
  BOOST_TEST(line.refused == 1u);
  BOOST_TEST(line.while_blocked == 0u);  // the first refusal is how one learns
  now_ms += 100;
  ask("/user");
  BOOST_TEST(line.while_blocked == 1u);
  BOOST_TEST(line.refused_per_window_max == 2u);
  now_ms += 2400;
  ask("/user");
  BOOST_TEST(line.while_blocked == 1u);
  BOOST_TEST(line.windows.size() == 2u);
  BOOST_TEST(line.windows.at(0).points == 3u);
  BOOST_TEST(line.windows.at(0).refused == 2u);
  BOOST_TEST(line.points == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
