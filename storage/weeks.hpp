#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"
#include "storage/week.hpp"

namespace tidemark::storage {

// A week without a row is unknown.
enum class WeekState : std::uint8_t {
  partial = 1,   // something is missing; `reason` says what
  complete = 2,  // all of it is here, not yet all of it at Open Humans
  uploaded = 3,  // at Open Humans, in `file`, with exactly these facts
};
[[nodiscard]] std::string_view name_of(WeekState state);

struct WeekRecord {
  WeekState state = WeekState::partial;
  std::string reason;  // of `partial`, in plain words
  std::uint64_t commits = 0, additions = 0, deletions = 0;
  std::uint64_t others = 0;  // issues, pull requests, reviews, created repositories
  std::uint64_t days = 0;    // with contributions of any kind, private ones included
  std::string file;          // of `uploaded`: its name at Open Humans
  friend bool operator==(const WeekRecord&, const WeekRecord&) = default;
};

[[nodiscard]] std::optional<WeekRecord> find_week(const Reader& reader, std::string_view member,
                                                  Week week);
// Keeps the member's WeekCounts true.
void put_week(Writer& writer, std::string_view member, Week week, const WeekRecord& record);
void erase_week(Writer& writer, std::string_view member, Week week);
// Weeks in [from, until) that have a row, in order, until `visit` returns false.
void scan_weeks(const Reader& reader, std::string_view member, Week from, Week until,
                const std::function<bool(Week, const WeekRecord&)>& visit);

}  // namespace tidemark::storage
