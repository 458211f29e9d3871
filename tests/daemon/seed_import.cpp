#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"
#include "tests/daemon/service_room.hpp"

namespace tidemark::daemon {

namespace {

constexpr const char* path = "/v1/discovery/seeds";

std::optional<storage::graph::Seed> seed(test::ServiceRoom& room, std::string_view login) {
  std::optional<storage::graph::Seed> found;
  room.write([&](storage::Writer& writer) { found = storage::graph::find_seed(writer, login); });
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(seed_import)

BOOST_AUTO_TEST_CASE(a_file_of_logins_becomes_seeds_as_text_csv_or_a_json_list) {
  for (const auto& [type, body] : std::vector<std::pair<std::string, std::string>>{
           {"text/plain", "# whom we know\nOctocat\nmona # a friend\n\noctocat\n"},
           {"", "Octocat\r\nmona\r\n"},
           {"text/csv", "id,login\n1,Octocat\n2,mona\n"},
           {"application/json", R"(["Octocat", "mona", "octocat"])"}}) {
    test::ServiceRoom room;
    const auto answer = room.ask("POST", std::string(path) + "?depth=3&limit=500", body, type);
    BOOST_TEST(answer.status == 202, type << answer.body);
    BOOST_TEST(answer.json.at("named").as_int64() == 2, type);
    BOOST_TEST(answer.json.at("denied").as_int64() == 0, type);
    BOOST_TEST(answer.json.at("job").is_object(), type);
    BOOST_TEST(!answer.json.at("joined").as_bool(), type);
    BOOST_TEST(seed(room, "octocat").value().depth_most == 3U, type);
    BOOST_TEST(seed(room, "mona").has_value(), type);
    BOOST_TEST(room.get("/v1/discovery").json.at("users_most").to_number<int>() == 500, type);
    BOOST_TEST(room.ask("POST", path, body, type).json.at("joined").as_bool(), type);
  }
}

BOOST_AUTO_TEST_CASE(a_file_with_a_mistake_names_nobody_and_says_where_it_is) {
  test::ServiceRoom room;
  for (const auto& [type, body, word] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"text/plain", "octocat\nno login\n", "line 2"},
           {"text/plain", "# nobody\n", "names nobody"},
           {"text/csv", "a,b\n1,2\n", "column login"},
           {"application/json", R"(["octocat", "-x"])", "entry 2"},
           {"application/json", R"(["octocat", 7])", "entry 2"},
           {"application/json", R"({"seeds":["octocat"]})", "JSON list"},
           {"application/json", "octocat\n", "JSON list"},
           {"application/json", "[]", "names nobody"}}) {
    const auto answer = room.ask("POST", path, body, type);
    BOOST_TEST(answer.status == 400, body);
    const std::string detail(answer.json.at("detail").as_string());
    BOOST_TEST(detail.find(word) != std::string::npos, detail);
  }
  for (const std::string query : {"?depth=0", "?limit=x", "?nobody=1"}) {
    BOOST_TEST(room.ask("POST", path + query, "octocat\n", "text/plain").status == 400, query);
  }
  BOOST_TEST(!seed(room, "octocat").has_value());
}

BOOST_AUTO_TEST_CASE(a_long_file_is_named_whole_but_for_those_on_the_deny_list) {
  test::ServiceRoom room;
  room.write([&](storage::Writer& writer) {
    storage::graph::deny_login(writer, "login7", room.services.now_ms());
  });
  std::string body;
  for (int i = 0; i < 2'500; ++i) body += "login" + std::to_string(i) + "\n";
  const auto answer = room.ask("POST", path, body, "text/plain");
  BOOST_TEST(answer.json.at("named").as_int64() == 2'499);
  BOOST_TEST(answer.json.at("denied").as_int64() == 1);
  BOOST_TEST(seed(room, "login0").has_value());
  BOOST_TEST(seed(room, "login2499").has_value());
  BOOST_TEST(!seed(room, "login7").has_value());
}

BOOST_AUTO_TEST_CASE(where_discovery_is_off_a_file_is_not_taken) {
  test::ServiceRoom room;
  room.services.discovery_enabled = false;
  BOOST_TEST(room.ask("POST", path, "octocat\n", "text/plain").status == 409);
  BOOST_TEST(!seed(room, "octocat").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
