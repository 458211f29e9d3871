#include "jobs/sync/windows.hpp"

namespace tidemark::jobs::sync {

using storage::Week;

std::int32_t window_of(Week week) {
  const std::int32_t index = week.index;
  return (index >= 0 ? index : index - (weeks_per_window - 1)) / weeks_per_window;
}

const std::vector<std::string>& window_connections() {
  static const std::vector<std::string> names{"issueContributions", "pullRequestContributions",
                                              "pullRequestReviewContributions",
                                              "repositoryContributions"};
  return names;
}

std::map<std::int32_t, std::uint64_t> digest_windows(const Days& days) {
  constexpr std::uint64_t fnv_offset = 14'695'981'039'346'656'037U;
  constexpr std::uint64_t fnv_prime = 1'099'511'628'211U;
  constexpr std::int64_t day_s = 86'400;
  std::map<std::int32_t, std::uint64_t> digests;
  for (const auto& [day, count] : days) {
    if (count == 0) continue;
    std::int32_t last = INT32_MIN;
    for (const std::int32_t near : {day - 1, day, day + 1}) {
      const std::int32_t window = window_of(Week::of(near * day_s));
      if (window == last) continue;
      last = window;
      std::uint64_t& digest = digests.try_emplace(window, fnv_offset).first->second;
      for (const std::uint64_t part : {static_cast<std::uint64_t>(day), count}) {
        digest = (digest ^ part) * fnv_prime;
      }
    }
  }
  return digests;
}

}  // namespace tidemark::jobs::sync
