#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/daemon/graph_room.hpp"

namespace tidemark::daemon {

using test::GraphRoom;

BOOST_AUTO_TEST_SUITE(graph_walks)

BOOST_AUTO_TEST_CASE(neighbours_come_with_their_steps_nearest_first) {
  GraphRoom room;
  auto near = [&room](const std::string& query) {
    const auto target = "/v1/users/octocat/neighbours?" + query;
    return room.column(target, "users", "login") + ": " + room.column(target, "users", "steps");
  };
  BOOST_TEST(near("") == "Mona hubot: 1 1");
  BOOST_TEST(near("depth=3&direction=following") == "Mona hubot ghost stub: 1 1 2 3");
  BOOST_TEST(near("depth=3&direction=followers") == "Mona: 1");
  const auto all = room.get("/v1/users/1/neighbours?depth=6").json;
  BOOST_TEST(all.at("cut").is_null());
  BOOST_TEST(all.at("next").is_null());
  for (const std::string query : {"depth=7", "depth=0", "limit=1001", "direction=up"}) {
    BOOST_TEST(room.get("/v1/users/octocat/neighbours?" + query).status == 400, query);
  }
  BOOST_TEST(room.get("/v1/users/nobody/neighbours").status == 404);
}

BOOST_AUTO_TEST_CASE(neighbours_are_paged_over_the_steps) {
  GraphRoom room;
  const std::string target = "/v1/users/octocat/neighbours?depth=4&direction=following&limit=";
  for (const std::size_t limit : {1U, 2U, 3U, 4U}) {
    std::size_t pages = 0;
    const auto page = target + std::to_string(limit);
    BOOST_TEST(room.all_pages(page, "users", "login", pages) == "Mona hubot ghost stub");
    BOOST_TEST(pages == (4 + limit - 1) / limit);
  }
  // Of more steps than are asked for now, and of another list.
  const auto third = room.get(target + "3").json;
  const auto cursor = "&cursor=" + std::string(third.at("next").as_string());
  BOOST_TEST(room.get(target + "3" + cursor).status == 200);
  BOOST_TEST(room.get("/v1/users/octocat/neighbours?depth=1" + cursor).status == 400);
  BOOST_TEST(room.get("/v1/users?sort=id" + cursor).status == 400);
}

BOOST_AUTO_TEST_CASE(mutual_is_who_follows_back_or_whom_two_follow) {
  GraphRoom room;
  room.follow({{2, 3}, {2, 4}, {1, 4}});
  auto logins = [&room](const std::string& query) {
    return room.column("/v1/graph/mutual?" + query, "users", "login");
  };
  BOOST_TEST(logins("of=octocat") == "Mona");
  BOOST_TEST(logins("of=hubot") == "");
  BOOST_TEST(logins("of=octocat&and=mona") == "hubot ghost");
  std::size_t pages = 0;
  BOOST_TEST(room.all_pages("/v1/graph/mutual?of=1&and=2&limit=1", "users", "id", pages) == "3 4");
  BOOST_TEST(pages == 2U);
  BOOST_TEST(room.get("/v1/graph/mutual").status == 400);
  BOOST_TEST(room.get("/v1/graph/mutual?of=nobody").status == 404);
  BOOST_TEST(room.get("/v1/graph/mutual?of=1&and=nobody").status == 404);
}

BOOST_AUTO_TEST_CASE(a_path_names_every_account_on_the_way) {
  GraphRoom room;
  const auto answer = room.get("/v1/graph/path?from=mona&to=stub").json;
  BOOST_TEST(answer.at("steps").as_int64() == 4);
  BOOST_TEST(room.column("/v1/graph/path?from=mona&to=stub", "path", "login") ==
             "Mona octocat hubot ghost stub");
  BOOST_TEST(answer.at("gave_up").is_null());
  const auto none = room.get("/v1/graph/path?from=stub&to=mona").json;
  BOOST_TEST(none.at("path").is_null());
  BOOST_TEST(none.at("steps").is_null());
  BOOST_TEST(none.at("gave_up").is_null());
  BOOST_TEST(room.get("/v1/graph/path?from=1&to=1").json.at("steps").as_int64() == 0);
  BOOST_TEST(room.get("/v1/graph/path?from=1").status == 400);
  BOOST_TEST(room.get("/v1/graph/path?from=1&to=nobody").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
