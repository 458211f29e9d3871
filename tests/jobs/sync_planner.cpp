#include <boost/test/unit_test.hpp>

#include "jobs/sync/planner.hpp"
#include "jobs/sync/query.hpp"
#include "jobs/sync/windows.hpp"

using namespace tidemark::jobs::sync;  // NOLINT: every name under test
using tidemark::storage::Week;

namespace {

Part history(const std::string& repository, std::int64_t since_s, std::int64_t until_s) {
  Part part;
  part.kind = PartKind::history;
  part.repository = repository;
  part.since_s = since_s;
  part.until_s = until_s;
  return part;
}

Part window(std::int32_t first_week, std::int32_t weeks) {
  Part part;
  part.kind = PartKind::window;
  part.first_week = first_week;
  part.weeks = weeks;
  return part;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_planner)

BOOST_AUTO_TEST_CASE(points_follow_githubs_rounding) {
  for (const auto& [connections, cost] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
           {0, 1}, {1, 1}, {127, 1}, {149, 1}, {150, 2}, {249, 2}, {601, 6}, {5101, 51}}) {
    BOOST_TEST(points(connections) == cost, "connections: " << connections);
  }
}

BOOST_AUTO_TEST_CASE(a_first_run_asks_who_and_ten_years_of_days_in_one_query) {
  const auto parts = first_parts({.this_year = 2026, .year_totals = {}});
  BOOST_REQUIRE_EQUAL(parts.size(), 11U);
  BOOST_TEST((parts[0].kind == PartKind::identity));
  BOOST_TEST(parts[1].year == 2026);
  BOOST_TEST(parts[10].year == 2017);
  BOOST_TEST(make_query(parts, "", QueryLimits{}).parts == 11U);
}

BOOST_AUTO_TEST_CASE(a_later_run_asks_old_years_only_for_their_totals) {
  const auto parts = first_parts({.this_year = 2026, .year_totals = {{2019, 3}, {2025, 9}}});
  BOOST_REQUIRE_EQUAL(parts.size(), 4U);
  BOOST_TEST((parts[1].kind == PartKind::calendar));
  BOOST_TEST((parts[2].kind == PartKind::calendar));
  BOOST_TEST((parts[3].kind == PartKind::year_total));
  BOOST_TEST(parts[3].year == 2019);
}

BOOST_AUTO_TEST_CASE(a_repository_never_read_is_covered_over_all_time_without_gap_or_overlap) {
  HistoryQuestions about;
  about.repositories = {{"R_1", 0}};
  for (std::int32_t n = 600; n < 640; ++n) about.expected["R_1"][n] = 37;
  const auto parts = history_parts(about);
  BOOST_REQUIRE_GT(parts.size(), 10U);
  BOOST_TEST(parts.front().since_s == open_since_s);
  BOOST_TEST(parts.back().until_s == open_until_s);
  BOOST_TEST(parts.back().audit);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    BOOST_TEST(parts[i].since_s == parts[i - 1].until_s + 1);
    BOOST_TEST(parts[i].expected <= 100U);
  }
}

BOOST_AUTO_TEST_CASE(
    a_known_repository_is_read_from_four_weeks_before_the_first_unknown_one_and_counted) {
  HistoryQuestions about;
  about.repositories = {{"R_1", 12}};
  about.known_until = Week::parse("2026-W10");
  const auto parts = history_parts(about);
  BOOST_REQUIRE_EQUAL(parts.size(), 1U);
  BOOST_TEST(parts[0].since_s == (*about.known_until - 4).begin_s());
  BOOST_TEST(parts[0].until_s == open_until_s);
  BOOST_TEST(parts[0].audit);
}

BOOST_AUTO_TEST_CASE(the_frontier_is_the_first_week_that_a_pending_part_may_change) {
  const Week end = *Week::parse("2026-W20");
  const Week middle = *Week::parse("2025-W05");
  BOOST_TEST((frontier({}, end) == end));
  BOOST_TEST((frontier({history("R", middle.begin_s(), open_until_s)}, end) == middle));
  BOOST_TEST((frontier({window(middle.index - 4, 4)}, end) == middle - 4));
  BOOST_TEST(!frontier({history("R", open_since_s, open_until_s)}, end).has_value());
}

BOOST_AUTO_TEST_CASE(too_heavy_windows_are_halved_down_to_a_week_and_lists_down_to_ten) {
  std::vector<Part> parts{window(2800, 4)};
  std::size_t halvings = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto pieces = smaller(parts[i]);
    if (pieces.size() < 2) continue;
    ++halvings;
    std::int32_t weeks = 0;
    for (const Part& piece : pieces) weeks += piece.weeks;
    BOOST_TEST(weeks == parts[i].weeks);
    parts.insert(parts.end(), pieces.begin(), pieces.end());
  }
  BOOST_TEST(halvings == 3U);
  BOOST_REQUIRE_EQUAL(smaller(window(2800, 1)).size(), 1U);
  BOOST_TEST(smaller(window(2800, 1))[0].page_size == 50U);
  Part commits = history("R", 0, 1);
  std::vector<std::uint32_t> sizes;
  for (auto next = smaller(commits); !next.empty(); next = smaller(next[0])) {
    sizes.push_back(next[0].page_size);
  }
  BOOST_TEST(sizes == (std::vector<std::uint32_t>{50, 25, 12, 10}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(only_changed_windows_and_the_running_one_are_asked_again) {
  const Week now = *Week::parse("2026-W20");
  const std::int32_t running = window_of(now);
  const auto parts =
      window_parts({{100, 1}, {101, 2}, {running, 3}}, {{100, 1}, {101, 9}, {running, 3}}, now);
  BOOST_REQUIRE_EQUAL(parts.size(), 2U);
  BOOST_TEST(parts[0].first_week == 404);
  BOOST_TEST(parts[1].first_week == running * 4);
}

BOOST_AUTO_TEST_CASE(a_day_at_the_border_of_two_windows_belongs_to_both) {
  const Week week{400};  // the first of window 100
  const auto day = static_cast<std::int32_t>(week.begin_s() / 86'400);
  BOOST_TEST(digest_windows({{day, 1}}).size() == 2U);
  BOOST_TEST(digest_windows({{day - 1, 1}}).size() == 2U);
  BOOST_TEST(digest_windows({{day + 10, 1}}).size() == 1U);
  BOOST_TEST(digest_windows({{day + 10, 1}}) != digest_windows({{day + 10, 2}}));
}

BOOST_AUTO_TEST_CASE(windows_before_1970_are_numbered_downwards) {
  BOOST_TEST(window_of(Week{-1}) == -1);
  BOOST_TEST(window_of(Week{-4}) == -1);
  BOOST_TEST(window_of(Week{-5}) == -2);
  BOOST_TEST(window_of(Week{0}) == 0);
}

BOOST_AUTO_TEST_CASE(a_query_takes_as_many_parts_as_one_point_pays_for) {
  std::vector<Part> parts(40, window(2800, 4));
  const Query query = make_query(parts, "", QueryLimits{});
  BOOST_TEST(query.parts == 29U);
  BOOST_TEST(query.connections == 145U);
  BOOST_TEST(query.cost == 1U);
  QueryLimits light;
  light.weight = 40;
  BOOST_TEST(make_query(parts, "", light).parts == 2U);
  light.weight = 1;
  BOOST_TEST(make_query(parts, "", light).parts == 1U);
}

BOOST_AUTO_TEST_CASE(ids_and_cursors_are_escaped_in_the_query) {
  Part part = history("R_\"x\\", open_since_s, open_until_s);
  part.after = "a\nb";
  const Query query = make_query(std::vector<Part>{part}, "U_1", QueryLimits{});
  BOOST_TEST(query.text.find("node(id:\"R_\\\"x\\\\\")") != std::string::npos);
  BOOST_TEST(query.text.find("after:\"a\\u000ab\"") != std::string::npos);
  BOOST_TEST(query.text.find("since") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_cursor_reads_back_as_it_was_written) {
  Cursor cursor;
  cursor.generation = 3;
  cursor.now_s = 1'767'571'200;
  cursor.pending = {window(2800, 2), history("R_1", 5, 9)};
  cursor.pending[1].audit = true;
  cursor.pending[1].got = 100;
  cursor.expected["R_1"][-3] = 7;
  cursor.audits["R_1"] = 12;
  cursor.audit_rounds["R_1"] = 1;
  cursor.calendar_years = {2025};
  cursor.digests[12] = 18'446'744'073'709'551'615U;
  cursor.windows_asked = {-1, 700};
  cursor.histories_asked = {"R_1"};
  cursor.unreadable = {"R_2"};
  cursor.touched = {2000};
  cursor.windows_planned = true;
  const Cursor read = decode_cursor(encode_cursor(cursor));
  BOOST_TEST(encode_cursor(read) == encode_cursor(cursor));
  BOOST_TEST((read.pending == cursor.pending));
  BOOST_TEST(read.digests.at(12) == 18'446'744'073'709'551'615U);
  Memory memory;
  memory.year_totals[2020] = 9;
  memory.troubles["window 7"] = {{"why", 28, 32}};
  BOOST_TEST(encode_memory(decode_memory(encode_memory(memory))) == encode_memory(memory));
}

BOOST_AUTO_TEST_SUITE_END()
