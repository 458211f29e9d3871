#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace tidemark::bench {

// One author's commits, counted straight from the file: with nothing of the daemon or of the
// simulators but the form of a line.
struct Recount {
  struct Commit {
    std::string week;  // ISO, by the committer's time in UTC
    std::int64_t additions = 0, deletions = 0;
    friend bool operator==(const Commit&, const Commit&) = default;
  };
  std::map<std::string, Commit> commits;  // by sha
  std::size_t active_years = 0;           // with a commit, by the committer's time in UTC
};

// `file` is NDJSON, plain or gzip. Commits of weeks of this year that are not over are left out, as
// the daemon leaves them for later. An empty `author` counts everybody's.
[[nodiscard]] Recount recount(const std::string& file, const std::string& author);

// The same from a member's files at Open Humans; throws where a commit or a week stands twice, or a
// week is not complete.
[[nodiscard]] Recount recount_files(const std::map<std::string, std::string>& files);

// Throws with the first difference.
void require_equal(const Recount& uploaded, const Recount& expected);

}  // namespace tidemark::bench
