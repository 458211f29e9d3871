#include <boost/test/unit_test.hpp>

#include "http/github/answer.hpp"
#include "tests/http/recorded_answers.hpp"

namespace tidemark::test {
namespace {

using http::github::Answer;
using http::github::classify_rest;
using http::github::name_of;
using http::github::Outcome;

http::Headers core(const std::string& remaining) {
  return {{"content-type", "application/json; charset=utf-8"},
          {"date", "Mon, 05 Jan 2026 10:00:00 GMT"},
          {"x-ratelimit-limit", "5000"},
          {"x-ratelimit-remaining", remaining},
          {"x-ratelimit-used", "1000"},
          {"x-ratelimit-reset", "1767610800"},
          {"x-ratelimit-resource", "core"}};
}

http::Headers with(http::Headers headers, const std::string& name, const std::string& value) {
  headers.add(name, value);
  return headers;
}

Answer classify(unsigned status, http::Headers headers, std::string body) {
  return classify_rest(answered(status, std::move(headers), std::move(body)));
}

void check(const std::vector<Recorded>& rows) {
  for (const Recorded& row : rows) {
    const Answer answer = classify(row.status, row.headers, row.body);
    BOOST_TEST(name_of(answer.outcome) == name_of(row.outcome), row.name << ": " << answer.message);
  }
}

const std::string secondary =
    R"({"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again.","documentation_url":"https://docs.github.com/rest"})";
const std::string primary =
    R"({"message":"API rate limit exceeded for user ID 12345.","documentation_url":"https://docs.github.com/rest"})";

BOOST_AUTO_TEST_SUITE(github_rest)

BOOST_AUTO_TEST_CASE(limits_are_known_in_every_recorded_form) {
  check({
      {"primary as 403", 403, core("0"), primary, Outcome::primary_limit},
      {"primary as 429", 429, core("0"), primary, Outcome::primary_limit},
      {"primary by address", 403, core("0"),
       R"json({"message":"API rate limit exceeded for 1.2.3.4. (But here's the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)"})json",
       Outcome::primary_limit},
      {"primary by words alone", 403, {}, primary, Outcome::primary_limit},
      {"primary words with quota left", 403, core("17"), primary, Outcome::secondary_limit},
      {"secondary as 403, 4000 left", 403, core("4000"), secondary, Outcome::secondary_limit},
      {"secondary as 429, 21 left", 429, core("21"), secondary, Outcome::secondary_limit},
      {"secondary wins over 0 left", 403, core("0"), secondary, Outcome::secondary_limit},
      {"secondary by body marker only", 403, {}, secondary, Outcome::secondary_limit},
      {"secondary of 2018", 403, core("4900"),
       R"({"message":"You have triggered an abuse detection mechanism. Please wait a few minutes before you try again."})",
       Outcome::secondary_limit},
      {"429 without a word", 429, {}, "", Outcome::secondary_limit},
      {"429 as a page",
       429,
       {{"content-type", "text/html"}},
       "<html>Too many requests</html>",
       Outcome::secondary_limit},
      {"403 with retry-after alone", 403, with(core("14"), "retry-after", "30"),
       R"({"message":"Please wait"})", Outcome::secondary_limit},
      {"403 with gh-limited-by", 403,
       with(core("14"), "gh-limited-by", "search-elapsed-time-shared-grouped"),
       R"({"message":"Please wait"})", Outcome::secondary_limit},
  });
}

BOOST_AUTO_TEST_CASE(refusals_that_are_no_limit_are_not_waited_for) {
  check({
      {"push access", 403, core("4000"),
       R"({"message":"Must have push access to repository","documentation_url":"x"})",
       Outcome::forbidden},
      {"integration", 403, core("4000"), R"({"message":"Resource not accessible by integration"})",
       Outcome::forbidden},
      {"giant repository", 403, core("4000"),
       R"({"message":"The history or contributor list is too large to list contributors for this repository via the API."})",
       Outcome::forbidden},
      {"a word that only looks like the marker", 403, core("4000"),
       R"({"message":"Nonsecondary rates are private"})", Outcome::forbidden},
      {"403 without a body", 403, {}, "", Outcome::forbidden},
      {"blocked by staff", 403, core("4000"), R"({"message":"Repository access blocked"})",
       Outcome::gone},
      {"blocked by staff with the last request", 403, core("0"),
       R"({"message":"Repository access blocked"})", Outcome::gone},
      {"no User-Agent",
       403,
       {{"content-type", "text/html"}},
       "\r\nRequest forbidden by administrative rules. Please make sure your request has a "
       "User-Agent header (https://docs.github.com/en/rest/overview).\r\n",
       Outcome::invalid},
  });
}

BOOST_AUTO_TEST_CASE(every_other_status_has_its_meaning) {
  check({
      {"ok", 200, core("4999"), R"({"login":"sferik"})", Outcome::ok},
      {"ok list", 200, core("4999"), "[]", Outcome::ok},
      {"not modified", 304, core("4999"), "", Outcome::not_modified},
      {"statistics being computed", 202, core("4999"), "{}", Outcome::accepted},
      {"contributors of an empty repository", 204, core("4999"), "", Outcome::empty},
      {"commits of an empty repository", 409, core("4999"),
       R"({"message":"Git Repository is empty.","documentation_url":"x"})", Outcome::empty},
      {"another conflict", 409, core("4999"), R"({"message":"Conflict"})", Outcome::server_error},
      {"missing", 404, core("4999"),
       R"({"message":"Not Found","documentation_url":"x","status":"404"})", Outcome::not_found},
      {"removed", 410, core("4999"), R"({"message":"This feature has been removed"})",
       Outcome::gone},
      {"retired API version", 410, core("4999"),
       R"({"message":"API version 2022-11-28 is no longer supported"})", Outcome::invalid},
      {"unknown API version", 400, core("4999"),
       R"({"message":"Version 2020-01-01 is not a valid API version"})", Outcome::invalid},
      {"DMCA", 451, core("4999"),
       R"({"message":"Repository access blocked","block":{"reason":"dmca","created_at":"2020-10-23T00:00:00Z","html_url":"x"}})",
       Outcome::gone},
      {"validation", 422, core("4999"),
       R"({"message":"Validation Failed","errors":[{"resource":"Search","field":"q","code":"missing"}]})",
       Outcome::invalid},
      {"server error", 500, core("4999"), R"({"message":"Server Error"})", Outcome::server_error},
      {"unicorn page",
       502,
       {{"content-type", "text/html"}},
       "<!DOCTYPE html><html>Unicorn!</html>",
       Outcome::server_error},
      {"unavailable", 503, {}, "", Outcome::server_error},
      {"gateway timeout", 504, {}, "<html>", Outcome::server_error},
      {"a redirect left over", 301, core("4999"),
       R"({"message":"Moved Permanently","url":"https://api.github.com/repositories/1"})",
       Outcome::server_error},
  });
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_what_it_should_be_is_transient_and_says_why) {
  struct Row {
    std::string body, says;
  };
  for (const Row& row : {
           Row{R"({"login":"sfe)", "not JSON"},
           Row{"<html>Maintenance</html>", "not JSON"},
           Row{"", "without the body"},
           Row{"42", "the body is a number"},
           Row{"\"ok\"", "the body is a string"},
           Row{"null", "the body is null"},
           Row{R"({"a":1} trailing)", "not JSON"},
           Row{"{\"a\":\"\xff\xfe\"}", "not JSON"},
       }) {
    const Answer answer = classify(200, core("4999"), row.body);
    BOOST_TEST(name_of(answer.outcome) == name_of(Outcome::server_error));
    BOOST_TEST(answer.message.find(row.says) != std::string::npos,
               row.body << " gave: " << answer.message);
  }
}

BOOST_AUTO_TEST_CASE(depth_is_limited) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  BOOST_TEST(name_of(classify(200, {}, nested(60)).outcome) == name_of(Outcome::ok));
  BOOST_TEST(name_of(classify(200, {}, nested(100)).outcome) == name_of(Outcome::server_error));
  BOOST_TEST(name_of(classify(200, {}, nested(1'000'000)).outcome) ==
             name_of(Outcome::server_error));
}

BOOST_AUTO_TEST_CASE(a_401_tells_nothing_of_the_tokens_budget) {
  const Answer answer = classify(401,
                                 {{"date", "Mon, 05 Jan 2026 10:00:00 GMT"},
                                  {"x-ratelimit-limit", "60"},
                                  {"x-ratelimit-remaining", "0"},
                                  {"x-ratelimit-used", "60"},
                                  {"x-ratelimit-reset", "1767610800"},
                                  {"x-ratelimit-resource", "core"}},
                                 R"({"message":"Bad credentials","documentation_url":"x"})");
  BOOST_TEST(name_of(answer.outcome) == name_of(Outcome::bad_credentials));
  BOOST_TEST(answer.rate.resource.empty());
  BOOST_TEST(!answer.rate.limit.has_value());
  BOOST_TEST(!answer.rate.remaining.has_value());
  BOOST_TEST(!answer.rate.used.has_value());
  BOOST_TEST(!answer.rate.reset_s.has_value());
  BOOST_TEST(answer.rate.date_s.has_value());  // the clock is the server's all the same
}

BOOST_AUTO_TEST_CASE(a_304_carries_the_budget_too) {
  const Answer answer = classify(304, core("4321"), "");
  BOOST_TEST(answer.rate.remaining.value() == 4'321U);
  BOOST_TEST(answer.rate.resource == "core");
  BOOST_TEST(answer.status == 304U);
}

BOOST_AUTO_TEST_CASE(the_document_replaces_the_body_and_outlives_moves) {
  Answer first = classify(200, core("4999"), R"({"login":"a name too long for a small string"})");
  BOOST_TEST(first.exchanged.response.body.empty());
  BOOST_TEST(first.exchanged.response.body.capacity() < 64U);
  const boost::json::value* place = &first.json.at("login");
  const Answer second = std::move(first);
  BOOST_TEST(&second.json.at("login") == place);  // moved, not copied
  BOOST_TEST(second.json.at("login").as_string() == "a name too long for a small string");
}

BOOST_AUTO_TEST_CASE(a_message_names_the_words_the_status_and_the_place) {
  const Answer answer = classify_rest(answered(
      422, core("4999"),
      R"({"message":"Validation Failed","errors":[{"resource":"Search","field":"q","code":"missing"}]})",
      "https://api.github.com/search/commits?q="));
  BOOST_TEST(answer.message ==
             "Validation Failed: q missing (HTTP 422 of https://api.github.com/search/commits?…)");
}

BOOST_AUTO_TEST_CASE(a_message_is_one_line_of_bounded_length) {
  const std::string long_words = "line one\\n\\u0007" + std::string(5'000, 'x');
  const Answer answer = classify(404, {}, "{\"message\":\"" + long_words + "\"}");
  BOOST_TEST(answer.message.size() < 500U);
  BOOST_TEST(answer.message.find('\n') == std::string::npos);
  BOOST_TEST(answer.message.find('\a') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
