#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "storage/facts.hpp"
#include "storage/members.hpp"
#include "storage/repositories.hpp"
#include "storage/week.hpp"
#include "storage/weeks.hpp"

namespace tidemark::jobs::sync {

// The files that a member gets, and that other tools read. Stable key order, UTF-8, no clock times:
// the same facts are the same bytes. jobs/sync/README.md shows them.

inline constexpr std::string_view weeks_format = "tidemark-github-weeks-1";
inline constexpr std::string_view profile_format = "tidemark-github-profile-1";

// One week as a document holds it.
struct WeekDocument {
  storage::Week week;
  bool complete = true;
  std::string reason;                // when not complete
  std::vector<storage::Fact> facts;  // in order of kind, time, id
};

struct WeeksDocument {
  bool private_work = false;  // the member shared it when this was written
  std::string login;
  std::uint64_t github_id = 0;
  std::string github_node_id;
  storage::Week first, last;
  std::map<std::string, std::string> repositories;  // "owner/name" → node id, of its commits
  std::vector<WeekDocument> weeks;                  // those that hold anything, in order
};

[[nodiscard]] std::string write_weeks(const WeeksDocument& document);
// What write_weeks made; or, as text, why it cannot be read.
[[nodiscard]] std::variant<WeeksDocument, std::string> read_weeks(std::string_view json);

// Whether the bytes, of either document, may hold private work: those do that do not say otherwise.
[[nodiscard]] bool may_hold_private_work(std::string_view json);

// The "owner/name" in the stored text of a commit.
[[nodiscard]] std::string repository_name(std::string_view commit_json);

// Without private repositories, unless the member shares them.
[[nodiscard]] std::string write_profile(const storage::Member& member,
                                        const std::vector<storage::Repository>& repositories);
[[nodiscard]] std::variant<std::pair<storage::Member, std::vector<storage::Repository>>,
                           std::string>
read_profile(std::string_view json);

}  // namespace tidemark::jobs::sync
