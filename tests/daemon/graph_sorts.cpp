#include <boost/test/unit_test.hpp>

#include "tests/daemon/graph_room.hpp"

namespace tidemark::daemon {

using test::GraphRoom;

BOOST_AUTO_TEST_SUITE(graph_sorts)

BOOST_AUTO_TEST_CASE(accounts_come_in_order_of_what_has_an_index) {
  GraphRoom room;
  auto logins = [&room](const std::string& query) {
    return room.column("/v1/users?" + query, "users", "login");
  };
  BOOST_TEST(logins("") == "octocat Mona hubot ghost stub github");
  BOOST_TEST(logins("sort=id") == logins(""));
  BOOST_TEST(logins("sort=login") == "ghost github hubot Mona octocat stub");
  // Only who was read has these.
  BOOST_TEST(logins("sort=-created_at") == "github ghost hubot Mona octocat");
  BOOST_TEST(logins("sort=-followers_count") == "github ghost hubot Mona octocat");
  // The other way round, whoever is last comes first.
  BOOST_TEST(logins("sort=-id") == "github stub ghost hubot Mona octocat");
  BOOST_TEST(logins("sort=-login") == "stub octocat Mona hubot github ghost");
  BOOST_TEST(logins("sort=created_at") == "octocat Mona hubot ghost github");
  BOOST_TEST(logins("sort=followers_count") == "octocat Mona hubot ghost github");
  BOOST_TEST(logins("prefix=G") == "ghost github");
  BOOST_TEST(logins("prefix=g&sort=-login") == "github ghost");
  BOOST_TEST(logins("prefix=gi&sort=login") == "github");
  BOOST_TEST(logins("prefix=zz") == "");
}

BOOST_AUTO_TEST_CASE(accounts_come_in_order_of_what_has_no_index) {
  GraphRoom room;
  auto logins = [&room](const std::string& query) {
    return room.column("/v1/users?sort=" + query, "users", "login");
  };
  BOOST_TEST(logins("-following_count") == "octocat Mona hubot ghost github");
  BOOST_TEST(logins("following_count") == "github ghost hubot Mona octocat");
  // 1, 2, 3, 4 and 9 modulo 7: equals by their number, rising where the order falls.
  BOOST_TEST(logins("-public_repos") == "ghost hubot Mona github octocat");
  BOOST_TEST(logins("public_repos") == "octocat github Mona hubot ghost");
  BOOST_TEST(logins("-public_gists") == "octocat");
  BOOST_TEST(logins("-updated_at") == "github ghost hubot Mona octocat");
  BOOST_TEST(logins("read_at") == "github ghost hubot Mona octocat");
  auto mona = test::known_user(2, "Mona");
  mona.first_seen_ms -= 1'000;
  mona.last_seen_ms += 1'000;
  room.put({mona});
  BOOST_TEST(logins("first_seen") == "Mona github stub ghost hubot octocat");
  BOOST_TEST(logins("-last_seen") == "Mona octocat hubot ghost stub github");
  BOOST_TEST(logins("-following_count&followers_count__gte=30") == "hubot ghost github");
  BOOST_TEST(logins("-following_count&login=mona") == "Mona");
}

BOOST_AUTO_TEST_CASE(cursors_stay_valid_while_accounts_arrive_and_go) {
  GraphRoom room;
  for (const std::string sort :
       {"id", "login", "-created_at", "-followers_count", "-id", "-login", "created_at",
        "followers_count", "-following_count", "following_count", "-public_repos", "public_repos",
        "updated_at", "-read_at", "first_seen", "-last_seen"}) {
    std::size_t pages = 0;
    const auto target = "/v1/users?limit=2&sort=" + sort;
    const auto all = room.column("/v1/users?sort=" + sort, "users", "login");
    BOOST_TEST(room.all_pages(target, "users", "login", pages) == all, sort);
    BOOST_TEST(pages == 3U, sort);
  }
  const auto first = room.get("/v1/users?limit=2&sort=login").json;  // ghost github
  const auto cursor = std::string(first.at("next").as_string());
  room.put({test::known_user(60, "aaa"), test::known_user(61, "github-two")});
  BOOST_TEST(room.column("/v1/users?limit=2&sort=login&cursor=" + cursor, "users", "login") ==
             "github-two hubot");
  // The order it belongs to is part of it.
  BOOST_TEST(room.get("/v1/users?sort=id&cursor=" + cursor).status == 400);
}

BOOST_AUTO_TEST_CASE(a_sorted_page_looks_at_everybody_in_slices) {
  GraphRoom room;
  std::vector<storage::graph::User> crowd;
  for (std::uint64_t id = 100; id < 41'000; ++id) {
    crowd.push_back(test::named_user(id, "login" + std::to_string(id)));
  }
  crowd.back().read_ms = crowd[25'000].read_ms = 1'800'000'000'000;
  room.put(crowd);
  BOOST_TEST(room.column("/v1/users?sort=-read_at&limit=3", "users", "id") == "25100 40999 1");
}

BOOST_AUTO_TEST_CASE(repositories_are_listed_in_order_of_any_field) {
  GraphRoom room;
  auto linux = test::known_repository(103, 2, "Linux");
  linux.stargazers = 5'000;
  linux.forks = 7;
  linux.open_issues = 3;
  linux.pushed_s -= 86'400;
  room.write([&](storage::Writer& writer) { storage::graph::put_repository(writer, linux); });
  auto names = [&room](const std::string& query) {
    return room.column("/v1/repositories?sort=" + query, "repositories", "name");
  };
  BOOST_TEST(names("id") == "hello world Linux");
  BOOST_TEST(names("-owner") == "Linux world hello");
  BOOST_TEST(names("name") == "hello Linux world");
  BOOST_TEST(names("-name") == "world Linux hello");
  BOOST_TEST(names("-stargazers_count") == "Linux world hello");
  BOOST_TEST(names("-forks_count") == "Linux hello world");
  BOOST_TEST(names("-open_issues_count") == "Linux");
  BOOST_TEST(names("subscribers_count") == "");
  BOOST_TEST(names("pushed_at") == "Linux hello world");
  BOOST_TEST(names("-created_at") == "Linux world hello");
  BOOST_TEST(names("updated_at") == "hello world Linux");
  BOOST_TEST(names("-stargazers_count&owner_github_id=1") == "world hello");
  BOOST_TEST(names("-stargazers_count&owner_github_id=-1") == "");
  BOOST_TEST(names("-stargazers_count&full_name=octocat/hello") == "hello");
  for (const std::string sort : {"id", "-id", "owner", "-owner", "name", "-name", "forks_count",
                                 "-stargazers_count", "pushed_at"}) {
    std::size_t pages = 0;
    const auto all =
        room.all_pages("/v1/repositories?limit=1&sort=" + sort, "repositories", "name", pages);
    BOOST_TEST(all == names(sort), sort);
    BOOST_TEST(pages == 3U, sort);
  }
}

BOOST_AUTO_TEST_CASE(the_top_is_by_what_accounts_report_or_by_edges_that_are_known) {
  GraphRoom room;
  auto logins = [&room](const std::string& query) {
    return room.column("/v1/graph/top?" + query, "users", "login");
  };
  BOOST_TEST(logins("") == "github ghost hubot Mona octocat");
  BOOST_TEST(logins("by=following&limit=2") == "octocat Mona");
  BOOST_TEST(logins("by=public_repos&limit=3") == "ghost hubot Mona");
  const auto top = room.get("/v1/graph/top?by=public_repos").json;
  BOOST_TEST(top.at("complete").as_bool());
  BOOST_TEST(top.at("looked_at").as_int64() == 6);
  BOOST_TEST(room.get("/v1/graph/top").json.at("by").as_string() == "followers");
  BOOST_TEST(room.get("/v1/graph/top?by=stars").status == 400);
  // Whom nobody follows, or who follows nobody, has no edges.
  BOOST_TEST(logins("by=known_followers") == "octocat Mona hubot ghost stub");
  BOOST_TEST(logins("by=known_following") == "octocat Mona hubot ghost");
  const auto known = room.get("/v1/graph/top?by=known_following&limit=1").json;
  BOOST_TEST(known.at("users").as_array().at(0).as_object().at("count").as_int64() == 2);
  BOOST_TEST(known.at("looked_at").as_int64() == 5);
  BOOST_TEST(known.at("complete").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
