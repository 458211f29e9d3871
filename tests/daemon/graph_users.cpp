#include <boost/test/unit_test.hpp>

#include "daemon/routes/answers.hpp"
#include "tests/daemon/graph_room.hpp"

namespace tidemark::daemon {

using test::GraphRoom;

namespace {

std::string detail(const test::ServiceRoom::Answer& answer) {
  return std::string(answer.json.at("detail").as_string());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_users)

BOOST_AUTO_TEST_CASE(an_account_is_found_by_number_login_and_node_id) {
  GraphRoom room;
  for (const std::string name : {"1", "octocat", "OctoCat", "@octocat", "U_node1"}) {
    const auto answer = room.get("/v1/users/" + name);
    BOOST_TEST(answer.status == 200, name);
    BOOST_TEST(answer.json.at("id").as_int64() == 1, name);
    BOOST_TEST(answer.json.at("former_login").is_null(), name);
  }
  BOOST_TEST(room.get("/v1/users/@1").status == 404);
  BOOST_TEST(room.get("/v1/users/nobody").status == 404);
  BOOST_TEST(detail(room.get("/v1/users/nobody")).find("tidemark discover nobody") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_login_of_digits_is_found_when_no_account_has_that_number) {
  GraphRoom room;
  room.put({test::known_user(50, "777"), test::known_user(51, "1")});
  BOOST_TEST(room.get("/v1/users/777").json.at("id").as_int64() == 50);
  BOOST_TEST(room.get("/v1/users/1").json.at("id").as_int64() == 1);
  BOOST_TEST(room.get("/v1/users/@1").json.at("id").as_int64() == 51);
}

BOOST_AUTO_TEST_CASE(a_former_login_leads_to_the_account_and_says_so) {
  GraphRoom room;
  room.put({test::known_user(2, "lisa")});  // was Mona
  const auto answer = room.get("/v1/users/mona");
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.json.at("login").as_string() == "lisa");
  BOOST_TEST(answer.json.at("former_login").as_string() == "mona");
}

BOOST_AUTO_TEST_CASE(an_account_shows_what_github_tells_and_null_for_the_rest) {
  GraphRoom room;
  const auto octocat = room.get("/v1/users/octocat").json;
  BOOST_TEST(octocat.at("name").as_string() == "The Octocat");
  BOOST_TEST(octocat.at("bio").is_null());
  BOOST_TEST(octocat.at("created_at").as_string() == "2017-07-15T02:40:00Z");
  BOOST_TEST(octocat.at("followers_count").as_int64() == 10);
  BOOST_TEST(octocat.at("depth").as_int64() == 0);
  const auto& lists = octocat.at("lists").as_array();
  BOOST_TEST(lists.size() == 4U);
  BOOST_TEST(lists[0].as_object().at("state").as_string() == "complete");
  BOOST_TEST(lists[1].as_object().at("reported").is_null());
  const auto stub = room.get("/v1/users/stub").json;
  for (const char* field : {"name", "created_at", "followers_count", "public_repos", "read"}) {
    BOOST_TEST(stub.at(field).is_null(), field);
  }
  const auto mona = room.get("/v1/users/mona").json;
  BOOST_TEST(mona.at("bio").as_string() == "line \"one\"\nline two <&>");
}

BOOST_AUTO_TEST_CASE(filters_narrow_a_list_whatever_its_order) {
  GraphRoom room;
  auto logins = [&room](const std::string& query) {
    return room.column("/v1/users?" + query, "users", "login");
  };
  BOOST_TEST(logins("followers_count__gte=30") == "hubot ghost github");
  BOOST_TEST(logins("followers_count__gte=30&sort=login") == "ghost github hubot");
  BOOST_TEST(logins("kind=organization") == "github");
  BOOST_TEST(logins("location=San+Francisco") == "octocat");
  BOOST_TEST(logins("bio__contains=%3C%26%3E") == "Mona");
  BOOST_TEST(logins("login=MONA") == "Mona");
  BOOST_TEST(logins("login=MONA&followers_count=1") == "");
  BOOST_TEST(logins("login=nobody") == "");
  BOOST_TEST(logins("name__isnull=false") == "octocat");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_query_is_named) {
  GraphRoom room;
  for (const auto& [query, word] : std::vector<std::pair<std::string, std::string>>{
           {"followers_count__gte=x", "followers_count__gte: Enter a number."},
           {"sort=name", "sort must be"},
           {"prefix=a&sort=id", "prefix"},
           {"limit=0", "limit"},
           {"limit=101", "limit"},
           {"login__contains=a", "unknown query parameter login__contains"},
           {"cursor=xyz", "cursor"}}) {
    const auto answer = room.get("/v1/users?" + query);
    BOOST_TEST(answer.status == 400, query);
    BOOST_TEST(detail(answer).find(word) != std::string::npos, query << ": " << detail(answer));
  }
}

BOOST_AUTO_TEST_CASE(a_request_looks_at_so_many_rows_and_goes_on_with_the_next) {
  GraphRoom room;
  std::vector<storage::graph::User> crowd;
  for (std::uint64_t id = 100; id < 20'500; ++id) {
    crowd.push_back(test::named_user(id, "login" + std::to_string(id)));
  }
  crowd.back().profile.name = "the last";
  room.put(crowd);
  const auto first = room.get("/v1/users?name=the+last").json;
  BOOST_TEST(first.at("users").as_array().empty());
  BOOST_REQUIRE(first.at("next").is_string());
  const auto cursor = std::string(first.at("next").as_string());
  BOOST_TEST(room.column("/v1/users?name=the+last&cursor=" + cursor, "users", "id") == "20499");
  BOOST_TEST(room.get("/v1/users?name=the+last&cursor=" + cursor).json.at("next").is_null());
}

BOOST_AUTO_TEST_CASE(lists_of_an_account_are_paged_and_say_how_far_to_trust_them) {
  GraphRoom room;
  auto logins = [&room](const std::string& target) {
    return room.column(target, "users", "login");
  };
  BOOST_TEST(logins("/v1/users/octocat/followers") == "Mona");
  BOOST_TEST(logins("/v1/users/octocat/following") == "Mona hubot");
  BOOST_TEST(logins("/v1/users/octocat/following?followers_count__gte=30") == "hubot");
  BOOST_TEST(logins("/v1/users/ghost/following") == "stub");
  const auto followers = room.get("/v1/users/octocat/followers").json;
  BOOST_TEST(followers.at("state").as_string() == "complete");
  BOOST_TEST(followers.at("reported").as_int64() == 1);
  std::size_t pages = 0;
  BOOST_TEST(room.all_pages("/v1/users/1/following?limit=1", "users", "login", pages) ==
             "Mona hubot");
  BOOST_TEST(pages == 2U);
  BOOST_TEST(room.get("/v1/users/nobody/followers").status == 404);
  BOOST_TEST(room.column("/v1/users/octocat/repositories", "repositories", "full_name") ==
             "octocat/hello octocat/world");
  BOOST_TEST(room.column("/v1/users/1/repositories?language=C", "repositories", "name") == "hello");
}

BOOST_AUTO_TEST_CASE(repositories_are_listed_by_owner_or_newest_first) {
  GraphRoom room;
  auto names = [&room](const std::string& query) {
    return room.column("/v1/repositories?" + query, "repositories", "full_name");
  };
  BOOST_TEST(names("") == "octocat/hello octocat/world Mona/linux");
  BOOST_TEST(names("sort=-id") == "Mona/linux octocat/world octocat/hello");
  BOOST_TEST(names("owner_github_id=2") == "Mona/linux");
  BOOST_TEST(names("full_name=octocat/world&has_pages=true") == "octocat/world");
  BOOST_TEST(names("homepage__isnull=true") == "octocat/hello Mona/linux");
  BOOST_TEST(names("stargazers_count__gte=102&sort=-id") == "Mona/linux octocat/world");
  for (const std::string query : {"limit=1", "limit=1&sort=-id"}) {
    std::size_t pages = 0;
    const auto all =
        room.all_pages("/v1/repositories?" + query, "repositories", "full_name", pages);
    BOOST_TEST(all == names(query.substr(query.find('=') + 2)));
    BOOST_TEST(pages == 3U);
  }
  BOOST_TEST(room.get("/v1/repositories/101").json.at("description").as_string() == "says hello");
  BOOST_TEST(room.get("/v1/repositories/7").status == 404);
  BOOST_TEST(room.get("/v1/repositories/x").status == 404);
  BOOST_TEST(room.get("/v1/repositories?archived=maybe").status == 400);
  BOOST_TEST(room.get("/v1/repositories?sort=language").status == 400);
}

BOOST_AUTO_TEST_CASE(an_owner_is_looked_up_in_every_order_and_not_looked_for) {
  GraphRoom room;
  room.write([](storage::Writer& writer) {
    for (std::uint64_t i = 0; i < 21'000; ++i) {
      const std::uint64_t owner = 1'000 + i;
      storage::graph::put_repository(writer, test::known_repository(1'000 + i, owner, "one"));
    }
    constexpr auto last = storage::graph::user_id_most;
    storage::graph::put_repository(writer, test::known_repository(20'000, last, "of the last"));
  });
  for (const std::string sort : {"owner", "-owner", "id", "-id"}) {
    auto ids = [&](const std::string& owner) {
      const auto target = "/v1/repositories?sort=" + sort + "&owner_github_id=" + owner;
      BOOST_TEST(room.get(target).json.at("next").is_null(), target);
      return room.column(target, "repositories", "id");
    };
    const bool falls = sort.starts_with('-');
    BOOST_TEST(ids("11500") == "11500", sort);
    BOOST_TEST(ids("1") == (falls ? "102 101" : "101 102"), sort);
    BOOST_TEST(ids(std::to_string(storage::graph::user_id_most)) == "20000", sort);
    std::size_t pages = 0;
    const auto target = "/v1/repositories?limit=1&owner_github_id=1&sort=" + sort;
    BOOST_TEST(room.all_pages(target, "repositories", "id", pages) == ids("1"), sort);
    BOOST_TEST(pages == 2U, sort);
  }
}

BOOST_AUTO_TEST_CASE(a_cursor_with_a_number_that_no_account_has_is_refused) {
  GraphRoom room;
  const auto refused = [&room](const std::string& target, const std::string& position) {
    const auto answer = room.get(target + "cursor=" + write_cursor(position));
    BOOST_TEST(answer.status == 400, target + position);
  };
  for (const std::string number : {"1099511627776", "18446744073709551615"}) {
    refused("/v1/users/octocat/followers?", "n." + number);
    refused("/v1/users/octocat/following?", "n." + number);
    refused("/v1/users/octocat/neighbours?", "steps.1." + number + ".");
    refused("/v1/graph/mutual?of=octocat&", "m." + number);
  }
  const auto last = write_cursor("n.1099511627775");
  BOOST_TEST(room.get("/v1/users/octocat/followers?cursor=" + last).status == 200);
}

BOOST_AUTO_TEST_CASE(the_graph_says_how_large_it_is_and_what_github_lets_it_read) {
  GraphRoom room;
  const auto graph = room.get("/v1/graph").json;
  BOOST_TEST(graph.at("users").as_int64() == 5);
  BOOST_TEST(graph.at("read").as_int64() == 4);
  BOOST_TEST(graph.at("organizations").as_int64() == 1);
  BOOST_TEST(graph.at("repositories").as_int64() == 3);
  const auto& capabilities = graph.at("capabilities").as_array();
  BOOST_TEST(capabilities.size() == 4U);
  BOOST_TEST(capabilities[0].as_object().at("ability").as_string() == "ok");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
