#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/tests/asking.hpp"

using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

struct Rest : AskingGithub {
  Rest() {
    for (int i = 0; i < 70; ++i) {
      std::string at =
          "2024-01-0" + std::to_string(1 + i / 10) + "T00:00:0" + std::to_string(i % 10) + "Z";
      world.add_commit("acme/tool", commit_at("c" + std::to_string(100 + i), at, at), "alice");
    }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(rest_answers, Rest)

BOOST_AUTO_TEST_CASE(links_are_by_numeric_id_and_lead_through_all_pages) {
  std::string target = "/repos/acme/tool/commits?author=alice";
  std::size_t commits = 0, pages = 0;
  while (!target.empty()) {
    http::Response page = ask(target);
    BOOST_REQUIRE(page.status == 200u);
    commits += parsed(page).as_array().size();
    ++pages;
    std::string link(page.headers.find("Link").value_or(""));
    std::size_t next = link.find(">; rel=\"next\"");
    target.clear();
    if (next == std::string::npos) continue;
    std::string url = link.substr(0, next);
    target = target_of(url.substr(url.rfind('<') + 1));
    BOOST_TEST(target.starts_with("/repositories/500001/commits?author=alice&page="));
  }
  BOOST_TEST(commits == 70u);
  BOOST_TEST(pages == 3u);
}

BOOST_AUTO_TEST_CASE(one_page_has_no_link_header) {
  http::Response page = ask("/repos/acme/tool/commits?per_page=100");
  BOOST_TEST(!page.headers.has("Link"));
  BOOST_TEST(text_at(parsed(page), "/0/sha") == "c169");
  BOOST_TEST(parsed(ask("/repos/acme/tool/commits?since=2024-01-07T00:00:05Z")).as_array().size() ==
             5u);
}

BOOST_AUTO_TEST_CASE(accounts_answer_by_login_by_id_and_by_token) {
  std::string id = std::to_string(world.find_login("alice")->database_id);
  BOOST_TEST(text_at(parsed(ask("/user")), "/login") == "alice");
  BOOST_TEST(text_at(parsed(ask("/user/" + id)), "/login") == "alice");
  BOOST_TEST(text_at(parsed(ask("/users/Alice")), "/login") == "alice");
  BOOST_TEST(ask("/users/nobody").status == 404u);
  BOOST_TEST(ask("/users/alice/").status == 404u);
}

BOOST_AUTO_TEST_CASE(a_renamed_repository_answers_301_by_id) {
  world.rename("acme/tool", "acme/hammer");
  http::Response moved = ask("/repos/acme/tool");
  BOOST_TEST(moved.status == 301u);
  BOOST_TEST(*moved.headers.find("Location") == "https://api.github.test/repositories/500001");
  BOOST_TEST(text_at(parsed(ask("/repositories/500001")), "/full_name") == "acme/hammer");
  BOOST_TEST(ask("/repos/acme/tool/commits").status == 301u);
}

BOOST_AUTO_TEST_CASE(what_is_gone_says_how) {
  Repository& repository = *world.find_repository("acme/tool");
  world.empty_repository("acme/tool");
  BOOST_TEST(ask("/repos/acme/tool/commits").status == 409u);
  BOOST_TEST(ask("/repos/acme/tool/stats/contributors").status == 204u);
  repository.access = Access::blocked_by_staff;
  BOOST_TEST(ask("/repos/acme/tool").status == 403u);
  BOOST_TEST(text_at(parsed(last.response), "/message") == "Repository access blocked");
  repository.access = Access::blocked_by_dmca;
  BOOST_TEST(ask("/repos/acme/tool").status == 451u);
  repository.access = Access::deleted;
  BOOST_TEST(ask("/repos/acme/tool").status == 404u);
  BOOST_TEST(ask("/repositories/500001").status == 404u);
}

BOOST_AUTO_TEST_CASE(statistics_are_computed_after_the_first_question) {
  BOOST_TEST(ask("/repos/acme/tool/stats/contributors").status == 202u);
  http::Response answer = ask("/repos/acme/tool/stats/contributors");
  BOOST_TEST(number_at(parsed(answer), "/0/total") == 70);
  BOOST_TEST(number_at(parsed(answer), "/0/weeks/0/w") == 1703980800);  // Sunday 31 December 2023
  world.add_commit("acme/tool", commit_at("new", "2024-05-05T00:00:00Z", "2024-05-05T00:00:00Z"),
                   "alice");
  BOOST_TEST(ask("/repos/acme/tool/stats/contributors").status == 202u);
}

BOOST_AUTO_TEST_CASE(without_a_user_agent_html_comes_back) {
  http::Response refused = github.answer(http::Request{}, wall_time(now_ms)).response;
  BOOST_TEST(refused.status == 403u);
  BOOST_TEST(refused.headers.find("Content-Type")->starts_with("text/html"));
}

BOOST_AUTO_TEST_CASE(answers_are_gzipped_when_asked_for) {
  http::Response plain = ask("/repos/acme/tool/commits");
  http::Response packed = ask("/repos/acme/tool/commits", {{"Accept-Encoding", "gzip"}});
  BOOST_TEST(*packed.headers.find("Content-Encoding") == "gzip");
  BOOST_TEST(packed.body.size() < plain.body.size() / 2);
  BOOST_TEST(packed.body.substr(0, 2) == "\x1f\x8b");
}

BOOST_AUTO_TEST_SUITE_END()
