#include "http/router.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/run.hpp"

using namespace tidemark;
using namespace tidemark::http;

namespace {

Route route(std::string method, std::string pattern) {
  std::string name = method + " " + pattern;
  return Route{method, pattern, "", false, [name](Call call) -> async::Task<Reply> {
                 std::string told = name + " |" + call.path;
                 for (const auto& [key, value] : call.path_values) told += " " + key + "=" + value;
                 for (const auto& [key, value] : call.query) told += " ?" + key + "=" + value;
                 co_return json_reply(200, told);
               }};
}

Reply ask(std::string method, std::string target) {
  Router router({route("GET", "/"), route("GET", "/v1/members/{id}"),
                 route("GET", "/v1/members/new"), route("POST", "/v1/members"),
                 route("GET", "/v1/members/{id}/weeks/{week}"), route("DELETE", "/v1/members/{id}"),
                 route("POST", "/github/tasks/"), route("GET", "/{any}/members/list")});
  Reply reply;
  test::run([&]() -> async::Task<void> {
    Request request{method, target, {}, ""};
    Peer peer;
    reply = co_await router(request, std::move(peer));
  });
  return reply;
}

std::string body(std::string method, std::string target) {
  return ask(method, target).response.body;
}
unsigned status(std::string method, std::string target) {
  return ask(method, target).response.status;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(router)

BOOST_AUTO_TEST_CASE(paths_match_by_segments) {
  BOOST_TEST(body("GET", "/") == "GET / |/");
  BOOST_TEST(body("GET", "/v1/members/7") == "GET /v1/members/{id} |/v1/members/7 id=7");
  BOOST_TEST(body("GET", "/v1/members/7/weeks/2026-W18?limit=5&x=a+b") ==
             "GET /v1/members/{id}/weeks/{week} |/v1/members/7/weeks/2026-W18 id=7 week=2026-W18"
             " ?limit=5 ?x=a b");
  BOOST_TEST(body("POST", "/github/tasks/") == "POST /github/tasks/ |/github/tasks/");
  BOOST_TEST(body("DELETE", "/v1/members/7") == "DELETE /v1/members/{id} |/v1/members/7 id=7");
}

BOOST_AUTO_TEST_CASE(the_more_exact_pattern_goes_first) {
  BOOST_TEST(body("GET", "/v1/members/new") == "GET /v1/members/new |/v1/members/new");
  BOOST_TEST(body("GET", "/v1/members/list") == "GET /v1/members/{id} |/v1/members/list id=list");
  BOOST_TEST(body("GET", "/v2/members/list") == "GET /{any}/members/list |/v2/members/list any=v2");
}

BOOST_AUTO_TEST_CASE(escapes_are_decoded_within_their_segment) {
  BOOST_TEST(body("GET", "/v1/members/a%2Fb%20c+d") ==
             "GET /v1/members/{id} |/v1/members/a/b c+d id=a/b c+d");
  BOOST_TEST(body("GET", "/v1/%6Dembers/7").starts_with("GET /v1/members/{id} "));
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_404) {
  for (const char* target : {"/nothing", "/v1/members/7/weeks", "/v1/members/", "/v1/members/7/",
                             "/v1//members", "/github/tasks", "//", "/V1/members/7"}) {
    BOOST_TEST(status("GET", target) == 404U, target);
  }
  Reply reply = ask("GET", "/nothing?token=s3cret");
  BOOST_TEST(reply.response.headers.find("Content-Type").value() == "application/problem+json");
  auto told = boost::json::parse(reply.response.body).as_object();
  BOOST_TEST(told.at("type").as_string() == "/problems/not-found");
  BOOST_TEST(told.at("status").as_int64() == 404);
  BOOST_TEST(!told.at("title").as_string().empty());
  BOOST_TEST(reply.response.body.find("s3cret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_method_is_405_and_names_those_that_are_allowed) {
  Reply reply = ask("PUT", "/v1/members/7");
  BOOST_TEST(reply.response.status == 405U);
  BOOST_TEST(reply.response.headers.find("Allow").value() == "GET, HEAD, DELETE");
  BOOST_TEST(status("HEAD", "/v1/members") == 405U);
  BOOST_TEST(status("get", "/") == 405U);
}

BOOST_AUTO_TEST_CASE(head_is_served_by_get) {
  BOOST_TEST(body("HEAD", "/v1/members/7").starts_with("GET /v1/members/{id} "));
}

BOOST_AUTO_TEST_CASE(a_route_that_changes_something_when_asked_takes_no_head) {
  Route once = route("GET", "/complete");
  once.answers_head = false;
  Router router({once});
  test::run([&]() -> async::Task<void> {
    const Peer peer;
    const Request head("HEAD", "/complete", {}, ""), get("GET", "/complete", {}, "");
    const Reply refused = co_await router(head, peer);
    BOOST_TEST(refused.response.status == 405U);
    BOOST_TEST(refused.response.headers.find("Allow").value() == "GET");
    const Reply answered = co_await router(get, peer);
    BOOST_TEST(answered.response.status == 200U);
  });
}

BOOST_AUTO_TEST_CASE(a_malformed_path_or_query_is_400) {
  for (const char* target : {"/v1/members/%", "/v1/members/%zz", "/v1/members/7?a=%x", "*",
                             "http://h/v1/members/7", "?a=b", ""}) {
    BOOST_TEST(status("GET", target) == 400U, target);
  }
}

BOOST_AUTO_TEST_CASE(no_path_holds_a_nul_and_no_query_may) {
  for (const char* target : {"/v1/members/%00", "/v1/members/7%00", "/%00"}) {
    BOOST_TEST(status("GET", target) == 404U, target);
  }
  BOOST_TEST(status("DELETE", "/v1/members/%00") == 404U);
  for (const char* target : {"/v1/members/7?key=%00", "/v1/members/7?a%00b=1"}) {
    BOOST_TEST(status("GET", target) == 400U, target);
    BOOST_TEST(body("GET", target).find("%00") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_target_that_is_no_path_is_refused_in_words_that_fit) {
  BOOST_TEST(body("GET", "*").find("must begin with /") != std::string::npos);
  BOOST_TEST(body("GET", "ftp://h/v1").find("must begin with /") != std::string::npos);
  BOOST_TEST(body("GET", "/%").find("two hex digits") != std::string::npos);
  BOOST_TEST(status("CONNECT", "localhost:443") == 501U);
  BOOST_TEST(body("CONNECT", "localhost:443").find("no proxy") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_empty_segment_fills_no_placeholder) {
  BOOST_TEST(status("GET", "/v1/members//weeks/1") == 404U);
}

BOOST_AUTO_TEST_CASE(a_problem_is_json_whatever_bytes_it_speaks_of) {
  for (const std::string bytes :
       {"\xff\xfe", "\xc3", "\xe2\x82", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"}) {
    const auto reply = http::problem(404, "/problems/not-found", "Not found", "no " + bytes + "!");
    boost::system::error_code error;
    const auto value = boost::json::parse(reply.response.body, error);
    BOOST_REQUIRE(!error);
    const auto& detail = value.at("detail").as_string();
    BOOST_TEST(detail.starts_with("no \ufffd"), detail);
    BOOST_TEST(detail.ends_with("\ufffd!"), detail);
  }
  const std::string whole = "Zo\u00eb \u20ac \U0001F600 \U0010FFFF \ufffd\n";
  const auto reply = http::problem(400, "/problems/bad-request", "Bad request", whole);
  BOOST_TEST(boost::json::parse(reply.response.body).at("detail").as_string() == whole);
}

BOOST_AUTO_TEST_SUITE_END()
