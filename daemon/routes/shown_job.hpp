#pragma once

#include "daemon/routes/routes.hpp"
#include "storage/jobs.hpp"

namespace tidemark::daemon {

// A stored job as people should see it. What keeps it from running is what it waits for: no room on
// the disk, or, of a crawl, that discovery is off.
[[nodiscard]] storage::Job shown_job(const RouteServices& services, storage::Job job);
// Whether some jobs are shown in another state than the stored one.
[[nodiscard]] bool shows_other_states(const RouteServices& services);

}  // namespace tidemark::daemon
