#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "storage/week.hpp"

namespace tidemark::jobs::sync {

// Window n is the weeks 4n to 4n + 3: 28 days, fewer than the 100 entries of one page, and the same
// windows whoever asks whenever.
inline constexpr std::int32_t weeks_per_window = 4;

[[nodiscard]] std::int32_t window_of(storage::Week week);

// The connections of a window that hold facts, by their GraphQL names.
[[nodiscard]] const std::vector<std::string>& window_connections();

// Contributions a day, by days since 1970, in the account's own time zone.
using Days = std::map<std::int32_t, std::uint64_t>;

// A digest per window that the calendar does not call empty. A calendar day may be off by one
// against UTC, so a window also looks at the day before and the day after it.
[[nodiscard]] std::map<std::int32_t, std::uint64_t> digest_windows(const Days& days);

}  // namespace tidemark::jobs::sync
