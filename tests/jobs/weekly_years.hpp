#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "tests/jobs/sync_world.hpp"

namespace tidemark::test {

// A member's years from the first commit on, with one run of the daemon each week.
struct WeeklyYears {
  int weeks = 522;
  std::size_t commits = 1'300;
};
struct WeeklyYearsResult {
  std::uint64_t bytes_put = 0;         // what Open Humans received
  std::uint64_t bytes_held = 0;        // what it holds at the end: each byte was new once
  std::uint64_t whole_file_bytes = 0;  // all of it again each week, as the way to compare with
  std::uint64_t beside_years_most = 0;
  std::uint64_t points = 0;
};
// Throws when a run does not end well. The account is "mona".
WeeklyYearsResult live_weekly_years(SyncWorld& world, const std::string& member,
                                    const WeeklyYears& settings = {});

}  // namespace tidemark::test
