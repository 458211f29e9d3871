#pragma once

#include <functional>
#include <string>

#include "daemon/routes/public/services.hpp"

namespace tidemark::daemon {

// A write that must come to its end, because nobody will ask for it again: it may use the room that
// is kept free on the disk; while even that is gone, or the store busy, it is tried again in the
// background, for as long as the daemon lives. Waits a moment for it; false: it goes on without the
// caller. `work` may run more than once, and `done` runs after it is on disk. Throws what the store
// throws when too much goes on already.
async::Task<bool> write_patiently(PublicServices& services, std::string what,
                                  std::function<void(storage::Writer&)> work,
                                  std::function<void()> done = {});

}  // namespace tidemark::daemon
