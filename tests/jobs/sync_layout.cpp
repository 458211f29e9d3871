#include <boost/test/unit_test.hpp>

#include "jobs/sync/layout.hpp"

using tidemark::jobs::sync::parse_file_name;
using tidemark::jobs::sync::plan_files;
using tidemark::jobs::sync::PlannedFile;
using tidemark::storage::Week;

namespace {

Week week(const char* text) { return Week::parse(text).value(); }

std::set<Week> every_week(Week from, Week until) {
  std::set<Week> weeks;
  for (Week each = from; each < until; ++each) weeks.insert(each);
  return weeks;
}

std::vector<std::string> names(const std::vector<PlannedFile>& files) {
  std::vector<std::string> result;
  for (const PlannedFile& file : files) result.push_back(file.name);
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_layout)

BOOST_AUTO_TEST_CASE(closed_years_and_quarters_are_folded_and_the_running_quarter_is_by_week) {
  const Week until = week("2026-W16");
  const auto files = plan_files(every_week(week("2024-W51"), until), until, until);
  const std::vector<std::string> expected{"github-2024.json", "github-2025.json",
                                          "github-2026-Q1.json", "github-2026-W14.json",
                                          "github-2026-W15.json"};
  BOOST_TEST(names(files) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(empty_years_quarters_and_weeks_have_no_file) {
  const Week until = week("2026-W30");
  const std::set<Week> filled{week("2003-W10"), week("2026-W28")};
  const std::vector<std::string> expected{"github-2003.json", "github-2026-W28.json"};
  BOOST_TEST(names(plan_files(filled, until, until)) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(never_more_than_sixteen_files_beside_the_years_in_thirty_years) {
  const Week first = Week::first_of(2000);
  for (Week until = first; until < Week::first_of(2030); ++until) {
    const auto files = plan_files(every_week(first, until), until, until);
    std::size_t beside = 0;
    for (const PlannedFile& file : files) beside += file.name.size() > 16 ? 1U : 0U;
    BOOST_REQUIRE_LE(beside, 16U);
    // Every week stands in exactly one file.
    std::set<Week> covered;
    for (const PlannedFile& file : files) {
      for (Week each = file.first; each <= file.last; ++each) {
        BOOST_REQUIRE(covered.insert(each).second);
      }
    }
    for (Week each = first; each < until; ++each) BOOST_REQUIRE(covered.contains(each));
  }
}

BOOST_AUTO_TEST_CASE(week_53_belongs_to_the_fourth_quarter) {
  const Week until = Week::first_of(2021);
  const auto files = plan_files({week("2020-W53")}, until, until);
  BOOST_REQUIRE_EQUAL(files.size(), 1U);
  BOOST_TEST(files[0].name == "github-2020.json");
  BOOST_TEST(files[0].last.text() == "2020-W53");
  const auto running = plan_files({week("2020-W53"), week("2020-W52")}, week("2020-W53"), until);
  BOOST_TEST(names(running) == std::vector<std::string>{"github-2020-W52.json"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(commits_dated_in_a_year_to_come_have_the_file_of_that_year) {
  const Week now = week("2026-W10");
  const auto files = plan_files({week("2026-W09"), week("2026-W12"), week("2106-W05")}, now, now);
  auto sorted = names(files);
  std::sort(sorted.begin(), sorted.end());
  BOOST_TEST(sorted == (std::vector<std::string>{"github-2026-W09.json", "github-2106.json"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_are_read_back_and_foreign_ones_are_not_ours) {
  for (const char* name : {"github-2026.json", "github-2026-Q2.json", "github-2020-W53.json",
                           "github-1970-W01.json"}) {
    const auto file = parse_file_name(name);
    BOOST_REQUIRE_MESSAGE(file.has_value(), name);
    BOOST_TEST(file->name == name);
  }
  for (const char* name : {"github.json", "github-data.json", "github-profile.json",
                           "github-2026-Q5.json", "github-2026-W54.json", "github-2021-W53.json",
                           "github-26.json", "github-2026-W1.json", "github-2026.json.bak", ""}) {
    BOOST_TEST(!parse_file_name(name).has_value(), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
