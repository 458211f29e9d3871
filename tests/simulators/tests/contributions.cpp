#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/tests/asking.hpp"

namespace json = boost::json;
using namespace tidemark::simulators;

namespace {

struct Contributors : AskingGithub {
  Contributors() {
    world.add_commit("acme/tool", commit_at("a1", "2024-01-01T23:30:00Z", "2024-06-01T00:00:00Z"),
                     "alice");
    world.add_commit("acme/tool", commit_at("a2", "2024-01-02T00:30:00Z", "2024-06-01T00:00:00Z"),
                     "alice");
    world.add_commit("acme/other", commit_at("a3", "2003-05-05T10:00:00Z", "2003-05-05T10:00:00Z"),
                     "alice");
    world.add_item(ItemKind::issue, "acme/tool", "alice", *parse_moment("2024-01-02T12:00:00Z"),
                   "bug");
    world.add_item(ItemKind::review, "acme/tool", "alice", *parse_moment("2024-01-03T12:00:00Z"),
                   "fine");
  }

  json::value collection(const std::string& range, const std::string& fields) {
    return query("{ viewer { contributionsCollection" + range + " { " + fields + " } } }");
  }
  json::value in_2024(const std::string& fields) {
    return collection(R"((from: "2024-01-01T00:00:00Z", to: "2024-12-31T23:59:59Z"))", fields)
        .at_pointer("/data/viewer/contributionsCollection");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(contributions, Contributors)

BOOST_AUTO_TEST_CASE(commits_count_by_the_authors_time) {
  json::value found = in_2024(
      "totalCommitContributions totalIssueContributions "
      "totalPullRequestReviewContributions hasAnyContributions");
  BOOST_TEST(number_at(found, "/totalCommitContributions") == 2);
  BOOST_TEST(number_at(found, "/totalIssueContributions") == 1);
  BOOST_TEST(number_at(found, "/totalPullRequestReviewContributions") == 1);
  BOOST_TEST(found.at("hasAnyContributions").as_bool());
}

BOOST_AUTO_TEST_CASE(days_are_of_the_accounts_own_zone) {
  std::string fields =
      "commitContributionsByRepository { repository { nameWithOwner } "
      "contributions(first: 5) { totalCount nodes { occurredAt commitCount } } }";
  json::value in_utc = in_2024(fields);
  BOOST_TEST(in_utc.at_pointer("/commitContributionsByRepository/0/contributions/nodes")
                 .as_array()
                 .size() == 2u);
  world.account("alice").utc_offset_minutes = -8 * 60;
  json::value in_california = in_2024(fields);
  const json::value& one =
      in_california.at_pointer("/commitContributionsByRepository/0/contributions");
  BOOST_TEST(number_at(one, "/totalCount") == 2);
  BOOST_TEST(one.at("nodes").as_array().size() == 1u);
  BOOST_TEST(text_at(one, "/nodes/0/occurredAt") == "2024-01-01T08:00:00Z");
  BOOST_TEST(number_at(one, "/nodes/0/commitCount") == 2);
}

BOOST_AUTO_TEST_CASE(the_calendar_has_every_day_and_weeks_from_sunday) {
  json::value found = collection(R"((from: "2024-01-01T00:00:00Z", to: "2024-01-10T23:59:59Z"))",
                                 "contributionCalendar { totalContributions weeks { firstDay "
                                 "contributionDays { date contributionCount weekday } } }")
                          .at_pointer("/data/viewer/contributionsCollection/contributionCalendar");
  BOOST_TEST(number_at(found, "/totalContributions") == 4);
  BOOST_TEST(found.at("weeks").as_array().size() == 2u);
  BOOST_TEST(text_at(found, "/weeks/0/firstDay") == "2024-01-01");
  BOOST_TEST(number_at(found, "/weeks/0/contributionDays/1/contributionCount") == 2);
  BOOST_TEST(number_at(found, "/weeks/0/contributionDays/0/weekday") == 1);
  BOOST_TEST(text_at(found, "/weeks/1/firstDay") == "2024-01-07");
  BOOST_TEST(found.at_pointer("/weeks/1/contributionDays").as_array().size() == 4u);
}

BOOST_AUTO_TEST_CASE(years_reach_back_before_the_account_was_made) {
  json::value years = in_2024("contributionYears").at("contributionYears");
  BOOST_TEST(years.as_array().front().as_int64() == 2024);
  BOOST_TEST(years.as_array().back().as_int64() == 2003);
  BOOST_TEST(world.find_login("alice")->created_s == *parse_moment("2007-10-20T05:24:19Z"));
}

BOOST_AUTO_TEST_CASE(a_span_of_more_than_a_year_is_an_error_with_status_200) {
  json::value answer =
      collection(R"((from: "2023-01-01T00:00:00Z", to: "2024-01-01T00:00:01Z"))", "startedAt");
  BOOST_TEST(answer.at("data").is_null());  // the viewer must not be null, so all is
  BOOST_TEST(text_at(answer, "/errors/0/message") ==
             "The total time spanned by 'from' and 'to' must not exceed 1 year");
  BOOST_TEST(
      !collection(R"((from: "2024-01-01T00:00:00Z", to: "2025-01-01T00:00:00Z"))", "startedAt")
           .as_object()
           .contains("errors"));
}

BOOST_AUTO_TEST_CASE(private_and_deleted_repositories_are_not_told) {
  world.find_repository("acme/tool")->is_private = true;
  json::value found = in_2024("totalCommitContributions restrictedContributionsCount");
  BOOST_TEST(number_at(found, "/totalCommitContributions") == 0);
  BOOST_TEST(number_at(found, "/restrictedContributionsCount") == 4);
  world.find_repository("acme/tool")->access = Access::deleted;
  BOOST_TEST(number_at(in_2024("restrictedContributionsCount"), "/restrictedContributionsCount") ==
             2);
}

BOOST_AUTO_TEST_CASE(more_than_100_repositories_cannot_be_asked) {
  json::value answer =
      collection("", "commitContributionsByRepository(maxRepositories: 101) { url }");
  BOOST_TEST(text_at(answer, "/errors/0/type") == "ARGUMENT_LIMIT");
}

BOOST_AUTO_TEST_CASE(issues_come_newest_first_in_pages) {
  for (int i = 0; i < 3; ++i) {
    world.add_item(ItemKind::issue, "acme/tool", "alice", *parse_moment("2024-02-01T00:00:00Z") + i,
                   "more");
  }
  std::string fields =
      "issueContributions(first: 3%) { totalCount pageInfo { hasNextPage endCursor } "
      "nodes { occurredAt issue { title number repository { nameWithOwner } } } }";
  auto with = [&](const std::string& after) {
    return std::string(fields).replace(fields.find('%'), 1, after);
  };
  json::value page = in_2024(with("")).at("issueContributions");
  BOOST_TEST(number_at(page, "/totalCount") == 4);
  BOOST_TEST(text_at(page, "/nodes/0/occurredAt") == "2024-02-01T00:00:02Z");
  json::value rest = in_2024(with(", after: \"" + text_at(page, "/pageInfo/endCursor") + "\""))
                         .at("issueContributions");
  BOOST_TEST(rest.at("nodes").as_array().size() == 1u);
  BOOST_TEST(text_at(rest, "/nodes/0/issue/title") == "bug");
  BOOST_TEST(!rest.at_pointer("/pageInfo/hasNextPage").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()
