#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "jobs/sync/cursor.hpp"
#include "storage/week.hpp"

namespace tidemark::jobs::sync {

// What to ask next, as plain functions over values: no store, no network, no clock.

// What a run begins with. A member never synced: who they are and the calendars of the last years.
struct FirstQuestions {
  std::int32_t this_year = 0;
  std::map<std::int32_t, std::uint64_t> year_totals;  // of earlier runs; empty: a first run
};
[[nodiscard]] std::vector<Part> first_parts(const FirstQuestions& about);

// Calendars of the years that were never asked.
[[nodiscard]] std::vector<Part> calendar_parts(const std::set<std::int32_t>& years,
                                               const std::map<std::int32_t, std::uint64_t>& known);

// Windows whose digest changed, and those that are not over at `now`.
[[nodiscard]] std::vector<Part> window_parts(const std::map<std::int32_t, std::uint64_t>& fresh,
                                             const std::map<std::int32_t, std::uint64_t>& stored,
                                             storage::Week now);

// What the plan for the commits is made from.
struct KnownRepository {
  std::string id;
  std::uint64_t commits = 0;  // already stored
};
struct HistoryQuestions {
  std::vector<KnownRepository> repositories;
  std::map<std::string, std::map<std::int32_t, std::uint64_t>> expected;  // Cursor::expected
  std::optional<storage::Week> known_until;  // repositories with stored commits start here
};
// Ranges of committer time that together cover all time for repositories never read, and everything
// from four weeks before `known_until` on for the others; each is expected to hold about a page. In
// order of their beginning, so that weeks become complete from the first on.
[[nodiscard]] std::vector<Part> history_parts(const HistoryQuestions& about);

// A repository's commits in these windows, read again; of many windows, all of its commits.
[[nodiscard]] std::vector<Part> window_histories(const std::string& repository,
                                                 const std::set<std::int32_t>& windows);

// After a repository's counts disagreed: one count per year from `first` to `last`, the outer two
// open.
[[nodiscard]] std::vector<Part> count_parts(const std::string& repository, std::int32_t first_year,
                                            std::int32_t last_year);

// The same question in smaller pieces; empty when it cannot be made smaller.
[[nodiscard]] std::vector<Part> smaller(const Part& part);

// The first week that pending parts may still change: weeks before it are known. nullopt: none is.
[[nodiscard]] std::optional<storage::Week> frontier(const std::vector<Part>& pending,
                                                    storage::Week end);

}  // namespace tidemark::jobs::sync
