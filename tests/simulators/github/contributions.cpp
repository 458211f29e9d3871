#include "tests/simulators/github/contributions.hpp"

#include <algorithm>
#include <set>

#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace json = boost::json;
using graphql::FieldError;
using graphql::Record;

namespace {

bool ascending(const json::object& arguments) {
  const json::value* order = arguments.if_contains("orderBy");
  if (order == nullptr || !order->is_object()) return false;
  const json::value* direction = order->as_object().if_contains("direction");
  return direction != nullptr && direction->is_string() && direction->as_string() == "ASC";
}

std::int64_t moment_argument(const json::object& arguments, std::string_view name,
                             std::int64_t otherwise) {
  const json::value* given = arguments.if_contains(name);
  if (given == nullptr || !given->is_string()) return otherwise;
  auto parsed = parse_moment(given->as_string());
  if (!parsed) {
    throw FieldError("", "Argument '" + std::string(name) +
                             "' on Field 'contributionsCollection' "
                             "has an invalid value. Expected type 'DateTime'.");
  }
  return *parsed;
}

class Contributions final : public graphql::Object {
 public:
  Contributions(const View& view, const Account& account, std::int64_t from_s, std::int64_t to_s)
      : view_(view),
        account_(account),
        from_s_(from_s),
        to_s_(to_s),
        found_(view, account, from_s, to_s) {
    view.weigh(1 + found_.commits_total);
  }
  std::string_view type() const override { return "ContributionsCollection"; }

  Resolved field(std::string_view name, const json::object& arguments) const override {
    if (name == "startedAt") return moment(from_s_);
    if (name == "endedAt") return moment(to_s_);
    if (name == "user") return make_user(view_, account_);
    if (name == "hasAnyContributions") return json::value(found_.total() > 0);
    if (name == "hasAnyRestrictedContributions") return json::value(found_.restricted > 0);
    if (name == "restrictedContributionsCount") return json::value(found_.restricted);
    if (name == "contributionYears") return years();
    if (name == "totalCommitContributions") return count(found_.commits_total);
    if (name == "totalIssueContributions") return count(found_.issues.size());
    if (name == "totalPullRequestContributions") return count(found_.pull_requests.size());
    if (name == "totalPullRequestReviewContributions") return count(found_.reviews.size());
    if (name == "totalRepositoryContributions") return count(found_.created.size());
    if (name == "totalRepositoriesWithContributedCommits") return count(found_.commits.size());
    if (name == "contributionCalendar") return calendar();
    if (name == "commitContributionsByRepository") return by_repository(arguments);
    view_.weigh(1);
    if (name == "issueContributions") {
      return items(found_.issues, "CreatedIssueContribution", "issue", arguments);
    }
    if (name == "pullRequestContributions") {
      return items(found_.pull_requests, "CreatedPullRequestContribution", "pullRequest",
                   arguments);
    }
    if (name == "pullRequestReviewContributions") {
      return items(found_.reviews, "CreatedPullRequestReviewContribution", "pullRequestReview",
                   arguments);
    }
    return created(arguments);
  }

 private:
  Resolved count(std::uint64_t value) const {
    return json::value(view_.number(static_cast<std::int64_t>(value)));
  }

  // Of all time, whatever the range; newest first.
  Resolved years() const {
    ContributedBetween ever(view_, account_, days_of({1, 1, 1}) * 86400, view_.now_s);
    std::set<std::int64_t, std::greater<>> found;
    found.insert(date_of_days(ever.day_of(account_.created_s)).year);
    for (const auto& [day, of_day] : ever.per_day()) found.insert(date_of_days(day).year);
    json::array values;
    for (std::int64_t year : found) values.push_back(year);
    return json::value(std::move(values));
  }

  // Every day of the range, zeros too; weeks begin on Sunday, the first may be short.
  Resolved calendar() const {
    std::map<std::int64_t, std::uint64_t> counts = found_.per_day();
    std::vector<ObjectPointer> weeks, days;
    std::int64_t first_day = found_.from_day();
    for (std::int64_t day = found_.from_day(); day <= found_.to_day(); ++day) {
      auto of_day = counts.find(day);
      std::uint64_t contributions = of_day == counts.end() ? 0 : of_day->second;
      Record::Fields fields{{"date", text(format_date(day))},
                            {"weekday", json::value(weekday_of(day))},
                            {"contributionCount", count(contributions)}};
      days.push_back(std::make_shared<Record>("ContributionCalendarDay", std::move(fields)));
      if (weekday_of(day) != 6 && day != found_.to_day()) continue;
      Record::Fields week{{"firstDay", text(format_date(first_day))}, {"contributionDays", days}};
      weeks.push_back(std::make_shared<Record>("ContributionCalendarWeek", std::move(week)));
      days.clear();
      first_day = day + 1;
    }
    Record::Fields fields{{"totalContributions", count(found_.total())}, {"weeks", weeks}};
    return ObjectPointer(std::make_shared<Record>("ContributionCalendar", std::move(fields)));
  }

  Resolved by_repository(const json::object& arguments) const;
  Resolved created(const json::object& arguments) const;
  Resolved items(std::vector<const Item*> all, const std::string& type, const std::string& field,
                 const json::object& arguments) const;

  const View& view_;
  const Account& account_;
  std::int64_t from_s_, to_s_;
  ContributedBetween found_;
};

// One repository's day buckets, as a connection whose total counts commits.
class ByRepository final : public graphql::Object {
 public:
  ByRepository(const View& view, const Account& account, RepositoryCommits commits,
               const ContributedBetween& dates)
      : view_(view), account_(account), commits_(std::move(commits)) {
    for (const DayBucket& each : commits_.days) moments_s_.push_back(dates.start_of_day(each.day));
  }
  std::string_view type() const override { return "CommitContributionsByRepository"; }

  Resolved field(std::string_view name, const json::object& arguments) const override {
    if (name == "repository") return make_repository(view_, *commits_.repository);
    if (name == "url" || name == "resourcePath") return text(repository_url(*commits_.repository));
    view_.weigh(1);
    std::size_t size = commits_.days.size();
    Page page = page_of(arguments, size, {});
    std::vector<ObjectPointer> nodes;
    for (std::size_t i = page.begin; i < page.end; ++i) {
      nodes.push_back(bucket(ascending(arguments) ? size - 1 - i : i));
    }
    // Pages go by buckets, but the total is of commits.
    ObjectPointer pages =
        make_connection(view_, "CreatedCommitContributionConnection", page, nodes);
    Record::Fields fields{{"totalCount", json::value(view_.total_count(commits_.commits))},
                          {"pageInfo", pages->field("pageInfo", {})},
                          {"nodes", pages->field("nodes", {})},
                          {"edges", pages->field("edges", {})}};
    return ObjectPointer(
        std::make_shared<Record>("CreatedCommitContributionConnection", std::move(fields)));
  }

 private:
  ObjectPointer bucket(std::size_t index) const {
    Record::Fields fields{
        {"occurredAt", moment(moments_s_[index])},
        {"commitCount",
         json::value(view_.number(static_cast<std::int64_t>(commits_.days[index].commits)))},
        {"isRestricted", json::value(false)},
        {"repository", make_repository(view_, *commits_.repository)},
        {"user", make_user(view_, account_)},
        {"url", text(repository_url(*commits_.repository) + "/commits?author=" + account_.login)}};
    return std::make_shared<Record>("CreatedCommitContribution", std::move(fields));
  }

  const View& view_;
  const Account& account_;
  RepositoryCommits commits_;
  std::vector<std::int64_t> moments_s_;
};

Resolved Contributions::by_repository(const json::object& arguments) const {
  std::int64_t most = 25;
  if (const json::value* given = arguments.if_contains("maxRepositories")) {
    most = given->is_int64() ? given->as_int64() : most;
  }
  if (most > 100) throw FieldError("ARGUMENT_LIMIT", "Only up to 100 repositories is supported");
  std::vector<ObjectPointer> all;
  for (const RepositoryCommits& each : found_.commits) {
    if (static_cast<std::int64_t>(all.size()) >= most) break;
    all.push_back(std::make_shared<ByRepository>(view_, account_, each, found_));
  }
  return all;
}

Resolved Contributions::items(std::vector<const Item*> all, const std::string& type,
                              const std::string& field, const json::object& arguments) const {
  if (ascending(arguments)) std::reverse(all.begin(), all.end());
  Page page = page_of(arguments, all.size(), {});
  std::vector<ObjectPointer> nodes;
  for (std::size_t i = page.begin; i < page.end; ++i) {
    ObjectPointer item = make_item(view_, *all[i]);
    Record::Fields fields{{"occurredAt", moment(all[i]->created_s)},
                          {"isRestricted", json::value(false)},
                          {field, item},
                          {"user", make_user(view_, account_)},
                          {"repository", make_repository(view_, *all[i]->repository)},
                          {"url", item->field("url", {})}};
    if (field == "pullRequestReview") fields["pullRequest"] = item->field("pullRequest", {});
    nodes.push_back(std::make_shared<Record>(type, std::move(fields)));
  }
  return make_connection(view_, type + "Connection", page, std::move(nodes));
}

Resolved Contributions::created(const json::object& arguments) const {
  std::vector<const Repository*> all = found_.created;
  if (ascending(arguments)) std::reverse(all.begin(), all.end());
  Page page = page_of(arguments, all.size(), {});
  std::vector<ObjectPointer> nodes;
  for (std::size_t i = page.begin; i < page.end; ++i) {
    Record::Fields fields{{"occurredAt", moment(all[i]->created_s)},
                          {"isRestricted", json::value(false)},
                          {"repository", make_repository(view_, *all[i])},
                          {"user", make_user(view_, account_)},
                          {"url", text(repository_url(*all[i]))}};
    nodes.push_back(std::make_shared<Record>("CreatedRepositoryContribution", std::move(fields)));
  }
  return make_connection(view_, "CreatedRepositoryContributionConnection", page, std::move(nodes));
}

}  // namespace

ObjectPointer make_contributions(const View& view, const Account& account,
                                 const json::object& arguments) {
  bool has_from = arguments.contains("from");
  std::int64_t to_s = moment_argument(arguments, "to", view.now_s);
  std::int64_t from_s = moment_argument(arguments, "from", plus_years(to_s, -1));
  if (has_from && !arguments.contains("to")) to_s = std::min(view.now_s, plus_years(from_s, 1));
  if (to_s > plus_years(from_s, 1)) {
    throw FieldError("", "The total time spanned by 'from' and 'to' must not exceed 1 year");
  }
  if (to_s < from_s) throw FieldError("", "'from' must be before 'to'");
  return std::make_shared<Contributions>(view, account, from_s, to_s);
}

}  // namespace tidemark::simulators
