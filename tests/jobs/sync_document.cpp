#include <boost/test/unit_test.hpp>

#include "jobs/sync/document.hpp"
#include "jobs/sync/harvest.hpp"

using namespace tidemark::jobs::sync;  // NOLINT: every name under test
using tidemark::storage::Fact;
using tidemark::storage::FactKind;
using tidemark::storage::Week;

namespace {

Fact commit(std::int64_t time_s, const std::string& sha, const std::string& headline) {
  const std::string time = tidemark::storage::format_time(time_s);
  Fact fact;
  fact.kind = FactKind::commit;
  fact.time_s = time_s;
  fact.week = Week::of(time_s);
  fact.id = "R_1 " + sha;
  fact.json = R"({"repository":"a/b","sha":")" + sha + R"(","headline":")" + headline +
              R"(","time":")" + time + R"(","authored":")" + time +
              R"(","additions":3,"deletions":1,"url":"https://github.com/a/b/commit/)" + sha +
              R"("})";
  return fact;
}

Fact day(std::int64_t time_s, const std::string& date) {
  Fact fact;
  fact.kind = FactKind::day;
  fact.time_s = time_s;
  fact.week = Week::of(time_s);
  fact.id = date;
  fact.json = "2";
  return fact;
}

WeeksDocument document() {
  const Week week = *Week::parse("2020-W53");
  WeeksDocument result;
  result.login = "mona";
  result.github_id = 7;
  result.github_node_id = "U_7";
  result.first = week;
  result.last = week;
  result.repositories = {{"a/b", "R_1"}};
  const std::int64_t monday_s = week.begin_s();
  result.weeks = {
      {week,
       true,
       "",
       {day(monday_s, "2020-12-28"), commit(monday_s + 60, "0a", "caf\xc3\xa9 \\\"quoted\\\""),
        commit(monday_s + 90, "0b", "")}}};
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_document)

BOOST_AUTO_TEST_CASE(a_file_read_back_and_written_again_is_the_same_bytes) {
  const std::string bytes = write_weeks(document());
  const auto read = read_weeks(bytes);
  BOOST_REQUIRE(std::holds_alternative<WeeksDocument>(read));
  BOOST_TEST(write_weeks(std::get<WeeksDocument>(read)) == bytes);
  BOOST_TEST(std::get<WeeksDocument>(read).weeks.at(0).facts.size() == 3U);
}

BOOST_AUTO_TEST_CASE(an_incomplete_week_says_why) {
  WeeksDocument partial = document();
  partial.weeks[0].complete = false;
  partial.weeks[0].reason = "GitHub lists only 100 of the 130 repositories";
  const auto read = read_weeks(write_weeks(partial));
  BOOST_REQUIRE(std::holds_alternative<WeeksDocument>(read));
  BOOST_TEST(!std::get<WeeksDocument>(read).weeks[0].complete);
  BOOST_TEST(std::get<WeeksDocument>(read).weeks[0].reason == partial.weeks[0].reason);
}

BOOST_AUTO_TEST_CASE(files_cut_short_or_of_another_form_are_refused_with_the_reason) {
  const std::string bytes = write_weeks(document());
  for (std::size_t size = 0; size + 2 < bytes.size(); size += 7) {
    BOOST_TEST(std::holds_alternative<std::string>(read_weeks(bytes.substr(0, size))));
  }
  for (const char* foreign : {"[]", "{}", R"({"format":"other"})", R"({"repo_data":{}})"}) {
    const auto read = read_weeks(foreign);
    BOOST_REQUIRE(std::holds_alternative<std::string>(read));
    BOOST_TEST(!std::get<std::string>(read).empty());
  }
}

BOOST_AUTO_TEST_CASE(a_commit_filed_under_a_week_that_is_not_its_own_is_refused) {
  WeeksDocument wrong = document();
  wrong.weeks[0].facts.push_back(commit(0, "0c", "1970"));
  const auto read = read_weeks(write_weeks(wrong));
  BOOST_REQUIRE(std::holds_alternative<std::string>(read));
  BOOST_TEST(std::get<std::string>(read).find("another week") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_profile_reads_back) {
  tidemark::storage::Member member;
  member.login = "mona";
  member.github_id = 7;
  member.github_node_id = "U_7";
  member.github_created_s = 1'200'000'000;
  tidemark::storage::Repository repository;
  repository.id = "R_1";
  repository.name = "a/b";
  repository.url = "https://github.com/a/b";
  repository.commits = 5;  // not a part of the profile: it would change every week
  const std::string bytes = write_profile(member, {repository});
  const auto read = read_profile(bytes);
  BOOST_REQUIRE(read.index() == 0);
  BOOST_TEST(write_profile(std::get<0>(read).first, std::get<0>(read).second) == bytes);
  BOOST_TEST(bytes.find("commits") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
