#include <algorithm>

#include "tests/simulators/github/contributions.hpp"
#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace {

constexpr std::int64_t day_s = 86400;

}  // namespace

ContributedBetween::ContributedBetween(const View& view, const Account& account,
                                       std::int64_t from_s, std::int64_t to_s)
    : view_(view), account_(account), from_s_(from_s), to_s_(to_s) {
  add_commits();
  add_items();
}

std::int64_t ContributedBetween::day_of(std::int64_t unix_s) const {
  return floor_divide(unix_s + account_.utc_offset_minutes * 60, day_s);
}

std::int64_t ContributedBetween::start_of_day(std::int64_t day) const {
  return day * day_s - account_.utc_offset_minutes * 60;
}

bool ContributedBetween::within(std::int64_t unix_s) const {
  if (!view_.days_whole) return unix_s >= from_s_ && unix_s <= to_s_;
  return day_of(unix_s) >= from_day() && day_of(unix_s) <= to_day();
}

void ContributedBetween::add_commits() {
  for (const AuthoredIn& in : view_.world->authored_by(account_)) {
    const Repository& repository = *in.repository;
    if (repository.fork || repository.access != Access::open) continue;
    std::map<std::int64_t, std::uint64_t, std::greater<>> days;
    std::uint64_t count = 0;
    for (std::size_t position : in.positions) {
      std::int64_t at_s = repository.commits[position].authored_s;
      if (!within(at_s)) continue;
      ++days[day_of(at_s)];
      ++count;
    }
    if (count == 0) continue;
    if (!view_.visible(repository)) {
      restricted += count;
      continue;
    }
    RepositoryCommits& made = commits.emplace_back();
    made.repository = &repository;
    made.commits = count;
    for (const auto& [day, of_day] : days) made.days.push_back(DayBucket{day, of_day});
    commits_total += count;
  }
  std::sort(commits.begin(), commits.end(), [](const auto& left, const auto& right) {
    if (left.commits != right.commits) return left.commits > right.commits;
    return left.repository->database_id < right.repository->database_id;
  });
}

void ContributedBetween::add_items() {
  for (const Item& each : view_.world->items()) {
    if (each.author != &account_ || !within(each.created_s)) continue;
    if (!view_.visible(*each.repository)) {
      ++restricted;
      continue;
    }
    if (each.kind == ItemKind::issue)
      issues.push_back(&each);
    else if (each.kind == ItemKind::review)
      reviews.push_back(&each);
    else
      pull_requests.push_back(&each);
  }
  for (const Repository* each : view_.world->owned_by(account_)) {
    if (within(each->created_s) && view_.visible(*each) && !each->fork) created.push_back(each);
  }
  auto newest_first = [](const auto* left, const auto* right) {
    if (left->created_s != right->created_s) return left->created_s > right->created_s;
    return left->node_id > right->node_id;
  };
  std::sort(issues.begin(), issues.end(), newest_first);
  std::sort(pull_requests.begin(), pull_requests.end(), newest_first);
  std::sort(reviews.begin(), reviews.end(), newest_first);
  std::sort(created.begin(), created.end(), newest_first);
}

std::uint64_t ContributedBetween::total() const {
  return commits_total + issues.size() + pull_requests.size() + reviews.size() + created.size();
}

std::map<std::int64_t, std::uint64_t> ContributedBetween::per_day() const {
  std::map<std::int64_t, std::uint64_t> counts;
  for (const RepositoryCommits& each : commits) {
    for (const DayBucket& bucket : each.days) counts[bucket.day] += bucket.commits;
  }
  for (const auto* items : {&issues, &pull_requests, &reviews}) {
    for (const Item* each : *items) ++counts[day_of(each->created_s)];
  }
  for (const Repository* each : created) ++counts[day_of(each->created_s)];
  return counts;
}

}  // namespace tidemark::simulators
