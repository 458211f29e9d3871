#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::jobs::sync {

// On disk inside the cursor's JSON: never change a number.
enum class PartKind : std::uint8_t {
  identity = 1,     // who the token belongs to, and the years with contributions
  year_total = 2,   // contributions of one calendar year: a change detector
  calendar = 3,     // the days of one calendar year
  window = 4,       // contributions of up to 28 days: issues, pull requests, …, repositories
  window_page = 5,  // a further page of one connection of a window
  history = 6,      // commits of one repository in a range of committer time
  count = 7,        // how many commits that is, without fetching them
};

// One thing still to be asked. A query packs as many parts as fit one point; the answer of a part
// may bring facts, and more parts.
struct Part {
  PartKind kind = PartKind::identity;
  std::int32_t year = 0;          // year_total, calendar
  std::int32_t first_week = 0;    // window, window_page: the first of its weeks
  std::int32_t weeks = 0;         //   and how many
  std::string connection;         // window_page: "issueContributions", …
  std::string repository;         // history, count: node id
  std::int64_t since_s = 0;       // history, count: committer time, inclusive
  std::int64_t until_s = 0;       //   inclusive
  bool audit = false;             // history: also ask for the count over all time
  std::string after;              // window_page, history: continue behind this cursor
  std::uint64_t got = 0;          // history: commits received in earlier pages
  std::uint64_t expected = 0;     // history: commits expected in all; window: 0
  std::uint32_t page_size = 100;  // history, window_page
  std::uint32_t tries = 0;        // answers for it that were absurd

  friend bool operator==(const Part&, const Part&) = default;
};

// Open ends of a range of committer time: git holds nothing outside.
inline constexpr std::int64_t open_since_s = -62'167'219'200;  // 0000-01-01
inline constexpr std::int64_t open_until_s = 253'402'300'799;  // 9999-12-31

// Where a run stands; stored after every answer with what the answer brought. Its presence means
// that a run is under way.
struct Cursor {
  std::uint32_t generation = 0;  // of this run's facts
  std::int64_t now_s = 0;        // GitHub's clock at the run's first answer; 0: no answer yet
  // Member::known_until when the run began, as a week's index; none: nothing was known.
  std::optional<std::int32_t> known_before;
  std::vector<Part> pending;  // in the order in which they should be asked
  // Commits per repository (node id) and 28-day window, by author date, as the windows say.
  std::map<std::string, std::map<std::int32_t, std::uint64_t>> expected;
  std::map<std::string, std::uint64_t> audits;        // repository → commits over all time
  std::map<std::string, std::uint32_t> audit_rounds;  // repository → how often it was recounted
  std::set<std::int32_t> years;                       // with contributions, not yet looked at
  std::set<std::int32_t> calendar_years;              // read in this run
  std::map<std::int32_t, std::uint64_t>
      edge_days;                                  // days that a neighbouring year's calendar holds
  std::map<std::int32_t, std::uint64_t> digests;  // of windows, to be stored when the run ends
  std::set<std::int32_t> windows_asked;
  std::set<std::string> histories_asked;  // repositories
  std::set<std::string> unreadable;  // repositories that this token may not see, or that are hidden
  std::set<std::int32_t> touched;    // weeks already known whose facts changed: to be judged anew
  bool windows_planned = false;
  bool histories_planned = false;
};

[[nodiscard]] std::string encode_cursor(const Cursor& cursor);
// Throws storage::CorruptRecord when it is not what encode_cursor wrote.
[[nodiscard]] Cursor decode_cursor(std::string_view json);

// Why some weeks cannot be complete for the time being, by cause ("repository R_1", "window 640").
// A cause that is resolved is removed, and its weeks are judged anew.
struct Trouble {
  std::string reason;                          // plain words
  std::int32_t from_week = 0, until_week = 0;  // exclusive end
  friend bool operator==(const Trouble&, const Trouble&) = default;
};

// What the sync knows of a member between runs, beside facts and weeks.
struct Memory {
  std::map<std::int32_t, std::uint64_t> year_totals;  // as the calendar last said
  std::map<std::string, std::vector<Trouble>> troubles;
  std::uint64_t window_connections = 5;  // what one window costs, as learned from real prices
};
[[nodiscard]] std::string encode_memory(const Memory& memory);
[[nodiscard]] Memory decode_memory(std::string_view json);

}  // namespace tidemark::jobs::sync
