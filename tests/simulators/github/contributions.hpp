#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "tests/simulators/github/view.hpp"

namespace tidemark::simulators {

// The author's commits to one repository on one day of the account's calendar.
struct DayBucket {
  std::int64_t day = 0;
  std::uint64_t commits = 0;
};

struct RepositoryCommits {
  const Repository* repository = nullptr;
  std::uint64_t commits = 0;
  std::vector<DayBucket> days;  // newest first
};

// What one account contributed from one moment to another, both included.
class ContributedBetween {
 public:
  ContributedBetween(const View& view, const Account& account, std::int64_t from_s,
                     std::int64_t to_s);

  std::vector<RepositoryCommits> commits;                   // busiest repository first
  std::vector<const Item*> issues, pull_requests, reviews;  // newest first
  std::vector<const Repository*> created;
  std::uint64_t restricted = 0, commits_total = 0;

  [[nodiscard]] std::int64_t from_day() const { return day_of(from_s_); }
  [[nodiscard]] std::int64_t to_day() const { return day_of(to_s_); }
  [[nodiscard]] std::uint64_t total() const;
  [[nodiscard]] std::map<std::int64_t, std::uint64_t> per_day() const;
  // The moment that GitHub writes for all commits of a day: its start in the account's zone.
  [[nodiscard]] std::int64_t start_of_day(std::int64_t day) const;
  [[nodiscard]] std::int64_t day_of(std::int64_t unix_s) const;

 private:
  [[nodiscard]] bool within(std::int64_t unix_s) const;
  void add_commits();
  void add_items();

  const View& view_;
  const Account& account_;
  std::int64_t from_s_, to_s_;
};

}  // namespace tidemark::simulators
