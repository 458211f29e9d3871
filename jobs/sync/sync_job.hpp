#pragma once

#include <memory>

#include "jobs/runner.hpp"
#include "jobs/sync/services.hpp"

namespace tidemark::jobs::sync {

inline constexpr std::string_view sync_kind = "sync";    // key: the member's id
inline constexpr std::string_view sweep_kind = "sweep";  // no key

// Brings one member's weeks from GitHub to Open Humans: what is missing, from the first week that
// is not known on, until the present. Suspends when a quota is used up, after uploading what is
// complete.
std::unique_ptr<JobKind> make_sync_job(SyncServices services);

// Enqueues a sync for every active member whose last one ended longer than `stale_after` ago.
std::unique_ptr<JobKind> make_sweep_job(async::Clock& clock, async::Milliseconds stale_after);

}  // namespace tidemark::jobs::sync
