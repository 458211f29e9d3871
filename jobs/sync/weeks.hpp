#pragma once

#include "jobs/sync/state.hpp"
#include "storage/jobs.hpp"
#include "storage/weeks.hpp"

namespace tidemark::jobs::sync {

// Judges the weeks that became known, and those touched: complete, or partial with the reason.
// Moves the member's known_until to where the pending parts allow.
void judge_weeks(storage::Writer& writer, State& state);

// What the facts of a week add up to; the state is left to the caller.
[[nodiscard]] storage::WeekRecord recount_week(const storage::Reader& reader,
                                               const std::string& member, storage::Week week);

// Weeks known of all weeks from the first fact to now.
[[nodiscard]] storage::Progress progress_of(const State& state);

}  // namespace tidemark::jobs::sync
