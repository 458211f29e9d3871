#pragma once

#include "jobs/sync/state.hpp"

namespace tidemark::jobs::sync {

// A new run: who, the calendars; and for a member synced before, at once also the running window
// and the commits since, so that an ordinary weekly run is one query.
void plan_run(const storage::Reader& reader, State& state, std::int64_t our_now_s);

// When the parts of a stage are answered, adds those of the next: calendars → windows → commits →
// recounts where GitHub's count of all commits is another than ours.
void plan_next_stage(storage::Writer& writer, State& state);

}  // namespace tidemark::jobs::sync
