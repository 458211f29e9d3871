#include "jobs/sync/harvest.hpp"

#include <boost/json.hpp>

#include "jobs/sync/reading.hpp"
#include "jobs/sync/windows.hpp"
#include "storage/week.hpp"

namespace tidemark::jobs::sync {
namespace {

namespace json = boost::json;
using storage::Fact;
using storage::FactKind;

storage::Repository read_repository(const json::value& value) {
  storage::Repository repository;
  repository.id = text_in(value, "id");
  repository.name = text_in(value, "nameWithOwner");
  repository.url = text_in(value, "url");
  repository.is_fork = boolean_in(value, "isFork");
  repository.is_private = boolean_in(value, "isPrivate");
  repository.created_s = time_in(value, "createdAt");
  return repository;
}

Fact fact_at(FactKind kind, std::int64_t time_s, std::string id, const json::object& text) {
  Fact fact;
  fact.kind = kind;
  fact.time_s = time_s;
  fact.week = storage::Week::of(time_s);
  fact.id = std::move(id);
  fact.json = json::serialize(text);
  return fact;
}

struct SeenFact {
  Fact fact;
  bool is_private = false;
};

SeenFact seen_in(const json::value& repository, Fact fact) {
  return {std::move(fact), boolean_in(repository, "isPrivate")};
}

// Issues and pull requests look alike, but for how they ended.
SeenFact read_issue(const json::value& node) {
  const json::value& issue = object_in(node, "issue");
  const std::int64_t time_s = time_in(issue, "createdAt");
  const json::value& repository = object_in(issue, "repository");
  return seen_in(repository,
                 fact_at(FactKind::issue, time_s, text_in(issue, "url"),
                         json::object{{"repository", text_in(repository, "nameWithOwner")},
                                      {"number", count_in(issue, "number")},
                                      {"title", text_in(issue, "title")},
                                      {"time", storage::format_time(time_s)},
                                      {"url", text_in(issue, "url")}}));
}

SeenFact read_pull_request(const json::value& node) {
  const json::value& pull_request = object_in(node, "pullRequest");
  const std::int64_t time_s = time_in(pull_request, "createdAt");
  const json::value& repository = object_in(pull_request, "repository");
  return seen_in(repository,
                 fact_at(FactKind::pull_request, time_s, text_in(pull_request, "url"),
                         json::object{{"repository", text_in(repository, "nameWithOwner")},
                                      {"number", count_in(pull_request, "number")},
                                      {"title", text_in(pull_request, "title")},
                                      {"time", storage::format_time(time_s)},
                                      {"url", text_in(pull_request, "url")}}));
}

// A review belongs to the moment at which it counted as a contribution.
SeenFact read_review(const json::value& node) {
  const json::value& review = object_in(node, "pullRequestReview");
  const json::value& pull_request = object_in(review, "pullRequest");
  const json::value& repository = object_in(pull_request, "repository");
  const std::int64_t time_s = time_in(node, "occurredAt");
  return seen_in(repository,
                 fact_at(FactKind::review, time_s, text_in(review, "url"),
                         json::object{{"repository", text_in(repository, "nameWithOwner")},
                                      {"number", count_in(pull_request, "number")},
                                      {"state", text_in(review, "state")},
                                      {"time", storage::format_time(time_s)},
                                      {"url", text_in(review, "url")}}));
}

SeenFact read_created_repository(const json::value& node) {
  const json::value& repository = object_in(node, "repository");
  const std::int64_t time_s = time_in(node, "occurredAt");
  return seen_in(repository,
                 fact_at(FactKind::repository, time_s, text_in(repository, "url"),
                         json::object{{"repository", text_in(repository, "nameWithOwner")},
                                      {"fork", boolean_in(repository, "isFork")},
                                      {"time", storage::format_time(time_s)},
                                      {"url", text_in(repository, "url")}}));
}

using NodeReader = SeenFact (*)(const json::value& node);

NodeReader reader_of(const std::string& connection) {
  if (connection == "issueContributions") return read_issue;
  if (connection == "pullRequestContributions") return read_pull_request;
  if (connection == "pullRequestReviewContributions") return read_review;
  return read_created_repository;
}

std::string next_cursor(const json::value& connection) {
  const json::value& info = object_in(connection, "pageInfo");
  return boolean_in(info, "hasNextPage") ? text_in(info, "endCursor") : std::string();
}

ConnectionPage read_page(const json::value& collection, const std::string& connection) {
  const json::value& found = object_in(collection, connection);
  ConnectionPage page;
  page.next = next_cursor(found);
  for (const json::value& node : array_in(found, "nodes")) {
    SeenFact seen = reader_of(connection)(node);
    (seen.is_private ? page.private_facts : page.facts).push_back(std::move(seen.fact));
  }
  const std::uint64_t total = count_in(found, "totalCount");
  const bool none = page.facts.empty() && page.private_facts.empty();
  if (page.next.empty() && none && total > 0) {
    throw AbsurdAnswer(connection + " counts " + std::to_string(total) + " and lists none");
  }
  return page;
}

Fact read_commit(const json::value& node, const storage::Repository& repository) {
  const std::string sha = text_in(node, "oid");
  const std::int64_t committed_s = time_in(node, "committedDate");
  const std::int64_t authored_s = time_in(node, "authoredDate");
  return fact_at(FactKind::commit, committed_s, repository.id + " " + sha,
                 json::object{{"repository", repository.name},
                              {"sha", sha},
                              {"headline", text_in(node, "messageHeadline")},
                              {"time", storage::format_time(committed_s)},
                              {"authored", storage::format_time(authored_s)},
                              {"additions", count_in(node, "additions")},
                              {"deletions", count_in(node, "deletions")},
                              {"url", text_in(node, "url")}});
}

}  // namespace

Identity read_identity(const json::value& value) {
  Identity identity;
  identity.node_id = text_in(value, "id");
  identity.id = count_in(value, "databaseId");
  identity.login = text_in(value, "login");
  identity.created_s = time_in(value, "createdAt");
  for (const json::value& year :
       array_in(object_in(value, "contributionsCollection"), "contributionYears")) {
    const std::int64_t* number = year.if_int64();
    if (number == nullptr || *number < 1 || *number > 9998) {
      throw AbsurdAnswer("a contribution year is not a year");
    }
    identity.years.push_back(static_cast<std::int32_t>(*number));
  }
  return identity;
}

std::uint64_t read_year_total(const json::value& value) {
  const json::value& collection = object_in(value, "contributionsCollection");
  return count_in(object_in(collection, "contributionCalendar"), "totalContributions");
}

Calendar read_calendar(const json::value& value) {
  const json::value& collection = object_in(value, "contributionsCollection");
  const json::value& calendar = object_in(collection, "contributionCalendar");
  Calendar result;
  result.total = count_in(calendar, "totalContributions");
  std::uint64_t sum = 0;
  for (const json::value& week : array_in(calendar, "weeks")) {
    for (const json::value& day : array_in(week, "contributionDays")) {
      const auto date = storage::parse_day(text_in(day, "date"));
      if (!date) throw AbsurdAnswer("a day of the calendar has no date");
      const std::uint64_t count = count_in(day, "contributionCount");
      sum += count;
      if (count > 0) result.days.emplace_back(*date, count);
    }
  }
  if (sum < result.total) {
    throw AbsurdAnswer("the calendar counts " + std::to_string(result.total) +
                       " contributions and lists " + std::to_string(sum));
  }
  return result;
}

Window read_window(const json::value& value) {
  const json::value& collection = object_in(value, "contributionsCollection");
  Window window;
  window.repositories_in_all = count_in(collection, "totalRepositoriesWithContributedCommits");
  for (const json::value& row : array_in(collection, "commitContributionsByRepository")) {
    const json::value& contributions = object_in(row, "contributions");
    WindowRepository repository;
    repository.repository = read_repository(object_in(row, "repository"));
    repository.commits = count_in(contributions, "totalCount");
    window.repositories.push_back(std::move(repository));
  }
  for (const std::string& connection : window_connections()) {
    window.connections.emplace_back(connection, read_page(collection, connection));
  }
  return window;
}

ConnectionPage read_window_page(const json::value& value, const std::string& connection) {
  const json::value& collection = object_in(value, "contributionsCollection");
  return read_page(collection, connection);
}

History read_history(const json::value& value, const Part& part) {
  History history;
  if (value.is_null()) {
    history.readable = false;
    return history;
  }
  history.repository = read_repository(value);
  if (is_null(value, "defaultBranchRef")) {  // an empty repository
    if (part.audit) history.over_all_time = 0;
    return history;
  }
  const json::value& target = object_in(object_in(value, "defaultBranchRef"), "target");
  if (part.audit) history.over_all_time = count_in(object_in(target, "all"), "totalCount");
  const json::value& commits = object_in(target, "history");
  history.total = count_in(commits, "totalCount");
  if (part.kind == PartKind::count) return history;
  history.next = next_cursor(commits);
  for (const json::value& node : array_in(commits, "nodes")) {
    history.commits.push_back(read_commit(node, history.repository));
  }
  return history;
}

}  // namespace tidemark::jobs::sync
