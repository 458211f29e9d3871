#pragma once

#include <cstddef>

#include "jobs/discovery/context.hpp"

namespace tidemark::jobs::discovery {

// Accounts beyond the limits of depth and size got no place, and lists that hold such are `cut`.
// When a limit is larger than those before it, all accounts are walked through once: who is within
// it now gets a place, and lists that may have been cut for want of room are due.

// Goes on with that walk through about `most` accounts. True: nothing is left to do.
bool raise_limits(storage::Writer& writer, Taking& taking, std::size_t most);
// Whoever is forgotten does not stand there as the last one seen.
void leave_out_limits(storage::Writer& writer, UserId id);
// All of it, at the start of a run; where it was is kept.
[[nodiscard]] async::Task<void> look_at_limits(CrawlContext& context);

}  // namespace tidemark::jobs::discovery
