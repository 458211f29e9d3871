#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/simulators/tests/signing_in_at_github.hpp"

using namespace tidemark::simulators;
namespace http = tidemark::http;
namespace json = boost::json;

namespace {

struct Revocation : SigningInAtGithub {
  http::Response app(const std::string& method, const std::string& what, const std::string& text,
                     const std::string& secret = "simulated-secret") {
    http::Request request{
        method, "/applications/Iv1.tidemark/" + what, {{"User-Agent", "test"}}, {}};
    if (!secret.empty()) {
      request.headers.set("Authorization", "Basic " + base64("Iv1.tidemark:" + secret, false));
    }
    request.headers.set("Content-Type", "application/json");
    if (!text.empty()) request.body = json::serialize(json::object{{"access_token", text}});
    return github.answer(request, wall_time(now_ms)).response;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(github_revocation, Revocation)

BOOST_AUTO_TEST_CASE(one_token_can_be_ended) {
  std::string first = sign_in("repo"), second = sign_in("repo");
  BOOST_TEST(app("DELETE", "token", first).status == 204u);
  BOOST_TEST(status_with(first) == 401u);
  BOOST_TEST(status_with(second) == 200u);
  BOOST_TEST(app("DELETE", "token", first).status == 404u);
  BOOST_TEST(app("DELETE", "token", "").status == 422u);
}

BOOST_AUTO_TEST_CASE(a_grant_ends_with_all_its_tokens_and_is_asked_for_anew) {
  std::string first = sign_in("repo"), second = sign_in("gist");
  BOOST_TEST(visit(question()).status == 302u);
  BOOST_TEST(app("DELETE", "grant", first).status == 204u);
  BOOST_TEST(status_with(second) == 401u);
  BOOST_TEST(visit(question()).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_token_can_be_looked_at) {
  std::string text = sign_in("repo");
  json::value seen = parsed(app("POST", "token", text));
  BOOST_TEST(text_at(seen, "/user/login") == "alice");
  BOOST_TEST(text_at(seen, "/scopes/0") == "repo");
  BOOST_TEST(seen.at("expires_at").is_null());
  BOOST_TEST(app("POST", "token", "unknown").status == 404u);
}

BOOST_AUTO_TEST_CASE(only_the_app_itself_may_ask) {
  std::string text = sign_in();
  BOOST_TEST(app("DELETE", "token", text, "").status == 404u);
  BOOST_TEST(app("DELETE", "token", text, "wrong").status == 401u);
  BOOST_TEST(app("GET", "token", text).status == 404u);
  BOOST_TEST(status_with(text) == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
