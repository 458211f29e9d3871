#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "storage/week.hpp"

namespace tidemark::jobs::sync {

// The files at Open Humans are log-structured, so that a week is sent three times at most: alone,
// in its quarter when that closes, and in its year.

struct PlannedFile {
  std::string name;
  storage::Week first, last;
  friend bool operator==(const PlannedFile&, const PlannedFile&) = default;
};

// The files that should be there when all weeks before `known_until` are known. `filled` are the
// weeks that hold anything; a file without any is not made. Weeks from `now` on (commits dated in
// the future) go into the file of their year when that year has not begun. Years first, then
// quarters, then weeks: that order of uploading keeps the number of files lowest.
[[nodiscard]] std::vector<PlannedFile> plan_files(const std::set<storage::Week>& filled,
                                                  storage::Week known_until, storage::Week now);

// The weeks that a file of this name covers; nullopt for names that are not ours.
[[nodiscard]] std::optional<PlannedFile> parse_file_name(std::string_view name);

inline constexpr std::string_view profile_name = "github-profile.json";

}  // namespace tidemark::jobs::sync
