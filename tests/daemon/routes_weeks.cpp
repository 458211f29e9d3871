#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include "storage/members.hpp"
#include "storage/weeks.hpp"
#include "tests/daemon/service_room.hpp"

namespace tidemark::daemon {

namespace {

// 2025-W50 uploaded, 2025-W52 partial, the present week (2026-W02) without a row.
void write_weeks(storage::Writer& writer) {
  auto week = [](const char* text) { return storage::Week::parse(text).value(); };
  auto member = storage::find_member(writer, "7").value();
  member.first_week = week("2025-W50");
  member.known_until = week("2026-W01");
  storage::put_member(writer, member);
  storage::WeekRecord uploaded;
  uploaded.state = storage::WeekState::uploaded;
  uploaded.commits = 3;
  uploaded.file = "github-2025-W50.json";
  storage::put_week(writer, "7", week("2025-W50"), uploaded);
  storage::WeekRecord partial;
  partial.reason = "one answer was cut";
  storage::put_week(writer, "7", week("2025-W52"), partial);
}

std::string states(const boost::json::object& answer) {
  std::string text;
  for (const auto& value : answer.at("weeks").as_array()) {
    const auto& week = value.as_object();
    text += std::string(week.at("week").as_string()) + "=" +
            std::string(week.at("state").as_string()) + " ";
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(routes_weeks)

BOOST_AUTO_TEST_CASE(every_week_from_the_first_to_the_present_is_listed_known_or_not) {
  test::ServiceRoom room;
  room.add_member("7");
  room.write(write_weeks);
  const auto answer = room.get("/v1/members/7/weeks");
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(states(answer.json) ==
             "2025-W50=uploaded 2025-W51=unknown 2025-W52=partial 2026-W01=unknown "
             "2026-W02=unknown ");
  const auto& partial = answer.json.at("weeks").as_array().at(2).as_object();
  BOOST_TEST(partial.at("reason").as_string() == "one answer was cut");
  const auto member = room.get("/v1/members/7").json;
  BOOST_TEST(member.at("weeks").as_object().at("unknown").to_number<int>() == 3);
  // Of the weeks that are over: an empty week is as done as one with a file.
  const auto& progress = member.at("progress").as_object();
  BOOST_TEST(progress.at("done").to_number<int>() == 3);
  BOOST_TEST(progress.at("total").to_number<int>() == 4);
}

BOOST_AUTO_TEST_CASE(weeks_are_filtered_by_range_and_state_and_come_in_pages) {
  test::ServiceRoom room;
  room.add_member("7");
  room.write(write_weeks);
  BOOST_TEST(states(room.get("/v1/members/7/weeks?from=2025-W52&until=2026-W01").json) ==
             "2025-W52=partial 2026-W01=unknown ");
  BOOST_TEST(states(room.get("/v1/members/7/weeks?state=partial").json) == "2025-W52=partial ");
  const auto first = room.get("/v1/members/7/weeks?state=unknown&limit=2");
  BOOST_TEST(states(first.json) == "2025-W51=unknown 2026-W01=unknown ");
  const auto cursor = std::string(first.json.at("next").as_string());
  const auto second = room.get("/v1/members/7/weeks?state=unknown&limit=2&cursor=" + cursor);
  BOOST_TEST(states(second.json) == "2026-W02=unknown ");
  BOOST_TEST(second.json.at("next").is_null());
}

BOOST_AUTO_TEST_CASE(a_range_of_centuries_is_a_page_with_a_next_one) {
  test::ServiceRoom room;
  room.add_member("7");
  const auto answer = room.get("/v1/members/7/weeks?from=0001-W01&until=2026-W01&limit=10000");
  BOOST_TEST(answer.json.at("weeks").as_array().size() == 10'000);
  const auto cursor = std::string(answer.json.at("next").as_string());
  const auto next = room.get("/v1/members/7/weeks?until=2026-W01&limit=1&cursor=" + cursor);
  BOOST_TEST(states(next.json) == "0192-W35=unknown ");
}

BOOST_AUTO_TEST_CASE(wrong_weeks_states_and_members_are_refused) {
  test::ServiceRoom room;
  room.add_member("7");
  BOOST_TEST(room.get("/v1/members/7/weeks?from=2025-W54").status == 400);
  BOOST_TEST(room.get("/v1/members/7/weeks?state=lost").status == 400);
  BOOST_TEST(room.get("/v1/members/8/weeks").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
