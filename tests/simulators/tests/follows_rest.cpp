#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/simulators/tests/graph_world.hpp"

namespace json = boost::json;
using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

struct Accounts : GraphWorld {
  static std::string next_of(const http::Response& response) {
    std::string link(response.headers.find("Link").value_or(""));
    std::size_t end = link.find(">; rel=\"next\"");
    if (end == std::string::npos) return {};
    std::size_t begin = link.rfind('<', end) + 1;
    return target_of(link.substr(begin, end - begin));
  }

  std::vector<std::string> walk(std::string target) {
    std::vector<std::string> logins;
    while (!target.empty()) {
      http::Response page = ask(target);
      BOOST_REQUIRE(page.status == 200u);
      json::value body = parsed(page);
      for (const json::value& each : body.as_array()) logins.push_back(text_at(each, "/login"));
      target = next_of(page);
    }
    return logins;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(accounts_in_rest, Accounts)

BOOST_AUTO_TEST_CASE(an_account_tells_profile_and_counts_by_login_and_by_number) {
  Profile& profile = world.edit_profile(world.known("u0"));
  profile = Profile{};
  profile.email = "u0@example.com";
  profile.gists = 2;
  json::value one = parsed(ask("/users/U0"));
  BOOST_TEST(number_at(one, "/id") == 10'000'000);
  BOOST_TEST(number_at(one, "/followers") == 299);
  BOOST_TEST(number_at(one, "/following") == 150);
  BOOST_TEST(number_at(one, "/public_repos") == 0);
  BOOST_TEST(number_at(one, "/public_gists") == 2);
  BOOST_TEST(text_at(one, "/email") == "u0@example.com");
  BOOST_TEST(one.at("bio").is_null());
  BOOST_TEST(ask("/user/10000000").body == ask("/users/u0").body);
  token.clear();
  BOOST_TEST(parsed(ask("/users/u0")).at("email").is_null());
  BOOST_TEST(ask("/users/nobody").status == 404u);
  BOOST_TEST(ask("/users/u0/hats").status == 404u);
}

BOOST_AUTO_TEST_CASE(lists_lead_by_number_through_all_pages) {
  http::Response page = ask("/users/u0/followers?per_page=100");
  BOOST_TEST(next_of(page) == "/user/10000000/followers?per_page=100&page=2");
  BOOST_TEST(walk("/users/u0/followers?per_page=100").size() == 299u);
  BOOST_TEST(walk("/user/10000000/following").size() == 150u);
  BOOST_TEST(!ask("/users/u1/followers").headers.has("Link"));
  BOOST_TEST(ask("/users/u0/followers?page=99").body == "[]");
}

BOOST_AUTO_TEST_CASE(all_accounts_are_paged_by_number_with_a_template_for_the_first) {
  http::Response page = ask("/users?per_page=100&since=9999999");
  std::string link(page.headers.find("Link").value_or(""));
  BOOST_TEST(link.find("/users{?since}>; rel=\"first\"") != std::string::npos);
  BOOST_TEST(next_of(page) == "/users?per_page=100&since=10000099");
  BOOST_TEST(walk("/users?since=9999999").size() == 300u);
}

BOOST_AUTO_TEST_CASE(hidden_accounts_leave_their_page_shorter) {
  world.known("u7").suspended = true;
  BOOST_TEST(ask("/users/u7").status == 404u);
  BOOST_TEST(ask("/user/10000007").status == 404u);
  BOOST_TEST(parsed(ask("/users/u0/followers?per_page=100")).as_array().size() == 99u);
  BOOST_TEST(number_at(parsed(ask("/users/u0")), "/followers") == 299);
  world.delete_account("u8");
  BOOST_TEST(number_at(parsed(ask("/users/u0")), "/followers") == 298);
  BOOST_TEST(ask("/users/u8").status == 404u);
}

BOOST_AUTO_TEST_CASE(a_renamed_account_keeps_its_number_and_frees_its_login) {
  world.rename_account("u3", "Third");
  BOOST_TEST(ask("/users/u3").status == 404u);
  BOOST_TEST(text_at(parsed(ask("/user/10000003")), "/login") == "Third");
  BOOST_TEST(number_at(parsed(ask("/users/third")), "/id") == 10'000'003);
  world.add_generated("u3", world.next_id());
  BOOST_TEST(number_at(parsed(ask("/users/u3")), "/id") == 10'000'300);
  BOOST_CHECK_THROW(world.rename_account("third", "U5"), WorldError);
}

BOOST_AUTO_TEST_CASE(unchanged_lists_and_accounts_are_free_with_a_token_only) {
  std::string strong(ask("/users/u0/followers").headers.find("ETag").value_or(""));
  std::string weak(ask("/users/u0").headers.find("ETag").value_or(""));
  BOOST_TEST(strong.starts_with("\""));
  BOOST_TEST(weak.starts_with("W/\""));
  std::uint64_t points = github.ledger().line(owner(), "core").points;
  BOOST_TEST(ask("/users/u0/followers", {{"If-None-Match", strong}}).status == 304u);
  BOOST_TEST(ask("/users/u0", {{"If-None-Match", weak}}).status == 304u);
  BOOST_TEST(github.ledger().line(owner(), "core").points == points);
  BOOST_TEST(ask("/users/u0", {{"If-None-Match", weak.substr(2)}}).status == 200u);
  token.clear();
  BOOST_TEST(ask("/users/u0/followers", {{"If-None-Match", strong}}).status == 304u);
  BOOST_TEST(github.ledger().line("anonymous:127.0.0.1", "core").points == 1u);
  world.graph().unfollow(first + 1, first);
  BOOST_TEST(ask("/users/u0/followers", {{"If-None-Match", strong}}).status == 200u);
}

BOOST_AUTO_TEST_CASE(paging_too_deep_is_refused) {
  github.settings().deepest_page = 5;
  BOOST_TEST(ask("/users/u0/followers?page=5").status == 200u);
  http::Response refused = ask("/user/10000000/followers?page=6");
  BOOST_TEST(refused.status == 422u);
  BOOST_TEST(text_at(parsed(refused), "/message").starts_with("In order to keep the API fast"));
}

BOOST_AUTO_TEST_CASE(lists_that_were_taken_away_answer_as_set) {
  github.settings().lists.set("followers", "empty");
  BOOST_TEST(ask("/users/u0/followers").body == "[]");
  BOOST_TEST(number_at(parsed(ask("/users/u0")), "/followers") == 299);
  for (auto [state, status] : {std::pair{"forbidden", 403u}, {"missing", 404u}, {"gone", 410u}}) {
    github.settings().lists.set("followers", state);
    BOOST_TEST(ask("/users/u0/followers").status == status);
  }
  BOOST_TEST(ask("/users/u0/subscriptions").body == "[]");
  BOOST_CHECK_THROW(github.settings().lists.set("enemies", "open"), std::invalid_argument);
  BOOST_CHECK_THROW(github.settings().lists.set("followers", "ajar"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(an_organisation_is_in_the_list_of_who_is_followed) {
  Account& acme = world.add_generated("acme", world.next_id());
  acme.organization = true;
  world.graph().follow(first + 1, acme.index);
  json::value list = parsed(ask("/users/u1/following"));
  BOOST_TEST(text_at(list, "/2/type") == "Organization");
  BOOST_TEST(text_at(parsed(ask("/users/acme")), "/type") == "Organization");
}

BOOST_AUTO_TEST_SUITE_END()
