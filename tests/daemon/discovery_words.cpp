#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <ctime>

#include "daemon/cli/discovery_line.hpp"
#include "daemon/cli/graph_tables.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/cli/table.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

constexpr std::int64_t noon_ms = 1'777'636'800'000;  // 2026-05-01T12:00:00Z

struct Utc {
  Utc() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
  }
};

json::object discovery(const std::string& job, const std::string& more = {}) {
  return json::parse(R"({"totals":{"users":1204,"read":640,"gone":2,"organizations":3,
      "repositories":7,"waiting":1204},"speed":{"found_per_minute":812.4,"read_per_minute":399.5,
      "found_per_point":75.2,"read_per_point":39.84},"forecast_ms":1777645925000,"points":16,"unread":564,
      "requests":9,"depth_most":6,"users_most":1000000,"parents_most":40,"credential":"token",
      "account":"operator","job":)" +
                     job + more + "}")
      .as_object();
}

const std::string waiting =
    R"({"id":4,"state":"waiting","wait":{"reason":)"
    R"("waiting for GitHub quota (graphql): 0 of 20 left","until_ms":1777645925000}})";

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_words, *boost::unit_test::fixture<Utc>())

BOOST_AUTO_TEST_CASE(limits_that_are_reached_are_told) {
  const auto full = discovery("null", R"(,"limits_reached":["no more accounts","no more lists"])");
  BOOST_TEST(limits_text(full) == "no more accounts; no more lists");
  BOOST_TEST(discovery_text(full, noon_ms).find("no more accounts") != std::string::npos);
  BOOST_TEST(limits_text(discovery("null")) == "");
}

BOOST_AUTO_TEST_CASE(the_live_line_has_counts_doing_speed_and_forecast) {
  BOOST_TEST(
      discovery_line(discovery(R"({"id":4,"state":"running"})"), noon_ms, 0) ==
      "1204 users, 640 read, 564 to go; reading; 812 found a minute, 39.8 read a point; done "
      "about 14:32:05");
  BOOST_TEST(discovery_line(discovery(waiting), noon_ms, 0) ==
             "1204 users, 640 read, 564 to go; waiting for quota until 14:32:05 (GitHub graphql: 0 "
             "of 20 left); 812 found a minute, 39.8 read a point; done about 14:32:05");
}

BOOST_AUTO_TEST_CASE(on_a_narrow_terminal_the_details_of_a_wait_go_first) {
  BOOST_TEST(discovery_line(discovery(waiting), noon_ms, 120) ==
             "1204 users, 640 read, 564 to go; waiting for quota until 14:32:05; 812 found a "
             "minute, 39.8 read a point; done about 14:32:05");
}

BOOST_AUTO_TEST_CASE(a_crawl_that_never_ran_and_one_that_is_done_say_so) {
  BOOST_TEST(discovery_doing(discovery("null"), noon_ms) == "not started");
  BOOST_TEST(discovery_doing(discovery(R"({"state":"ready"})"), noon_ms) == "queued");
  BOOST_TEST(discovery_doing(discovery(R"({"state":"done"})"), noon_ms) ==
             "nothing is left to read");
}

BOOST_AUTO_TEST_CASE(where_discovery_is_off_nothing_is_awaited) {
  auto off = discovery(R"({"state":"ready"})");
  off["enabled"] = false;
  BOOST_TEST(discovery_doing(off, noon_ms) == "off (discovery.enabled = false)");
  off["enabled"] = true;
  BOOST_TEST(discovery_doing(off, noon_ms) == "queued");
}

BOOST_AUTO_TEST_CASE(the_end_of_a_followed_crawl_has_a_sentence_and_a_code) {
  const auto done = discovery_end(discovery(R"({"id":4,"state":"done"})"));
  BOOST_CHECK(done.code == ExitCode::ok);
  BOOST_TEST(done.text ==
             "the graph holds 1204 users (640 read), 3 organizations, 7 repositories; it took 16 "
             "points and 9 REST requests");
  const auto dead = discovery_end(discovery(R"({"id":4,"state":"dead","last_error":"it broke"})"));
  BOOST_CHECK(dead.code == ExitCode::failure);
  BOOST_TEST(dead.text == "the crawl is dead: it broke; try again with: tidemark jobs requeue 4");
}

BOOST_AUTO_TEST_CASE(rates_have_one_decimal_while_it_matters) {
  const auto speed = json::parse(R"({"a":0.05,"b":39.84,"c":812.4,"d":null,"e":5})").as_object();
  BOOST_TEST(rate_text(speed, "b") == "39.8");
  BOOST_TEST(rate_text(speed, "c") == "812");
  BOOST_TEST(rate_text(speed, "d") == "-");
  BOOST_TEST(rate_text(speed, "e") == "5.0");
  BOOST_TEST(rate_text(speed, "nothing") == "-");
}

BOOST_AUTO_TEST_CASE(the_status_of_the_graph_names_what_lists_github_still_gives) {
  const auto text = discovery_text(
      discovery(
          "null",
          R"(,"capabilities":[{"list":"stars","ability":"gone","evidence":"410","looked_ms":7},{"list":"followers","ability":"ok","looked_ms":null}],)"
          R"("parents_reason":"answers were slow")"),
      noon_ms);
  BOOST_TEST(text.find("stars          gone: 410\n") != std::string::npos, text);
  BOOST_TEST(text.find("followers      not asked yet\n") != std::string::npos, text);
  BOOST_TEST(text.find("564, up to 6 steps from a seed; 640 to be") != std::string::npos, text);
  BOOST_TEST(text.find("40: answers were slow\n") != std::string::npos, text);
  BOOST_TEST(text.find("asks as        operator\n") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(tables_show_only_columns_that_some_row_has) {
  const auto names = json::parse(R"([{"id":1,"login":"mona","kind":"user"}])").as_array();
  BOOST_TEST(user_table(names) == "LOGIN  ID  KIND\nmona    1  user\n");
  const auto users = json::parse(R"([{"id":1,"login":"mona","kind":"user","name":"Mona\nLisa"},
      {"id":22,"login":"hubot","kind":"bot","name":null}])")
                         .as_array();
  BOOST_TEST(user_table(users) ==
             "LOGIN  ID  KIND  NAME\nmona    1  user  Mona Lisa\nhubot  22  bot\n");
}

BOOST_AUTO_TEST_CASE(a_path_is_a_row_of_logins) {
  const auto found =
      json::parse(R"({"path":[{"login":"a"},{"login":"b"},{"login":"c"}]})").as_object();
  BOOST_TEST(path_text(found) == "a → b → c\n");
  BOOST_TEST(path_text(json::parse(R"({"path":null})").as_object()) ==
             "there is no way from one to the other\n");
}

// Anybody may write anything about themselves.
BOOST_AUTO_TEST_CASE(no_word_of_a_stranger_is_obeyed_by_the_terminal) {
  const auto user = json::parse(R"({"login":"ann","name":"\u001b]0;owned\u0007\u001b[31mred",)"
                                R"("bio":"a\u001b[2J\r\u009b1mb\u202ec\nd"})")
                        .as_object();
  const auto reason = json::parse(R"({"state":"dead","last_error":"said \u001b[2J"})").as_object();
  const std::string shown =
      user_text(user, noon_ms) + user_table(json::array{user}) + doing_text(reason, noon_ms) +
      path_text(json::parse("{\"path\":[{\"login\":\"\\u001b[1m\"}]}").as_object());
  BOOST_TEST_INFO(shown);
  for (const std::string obeyed : {"\x1b", "\x07", "\r", "\xc2\x9b", "\u202e"}) {
    BOOST_TEST(shown.find(obeyed) == std::string::npos);
  }
  BOOST_TEST(shown.find("]0;owned  [31mred") != std::string::npos);
  Table table({"WHAT"});
  table.add({"a\x1b[1m\nb"});
  BOOST_TEST(table.text() == "WHAT\na [1m b\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
