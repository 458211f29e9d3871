#pragma once

#include <memory>

#include "jobs/discovery/services.hpp"
#include "jobs/runner.hpp"

namespace tidemark::jobs::discovery {

// Kind `discovery`, key "all": reads accounts and lists until nobody is due. Suspends when the
// quota is used up. An empty store without seeds is Done at once.
std::unique_ptr<JobKind> make_discovery_job(DiscoveryServices services);

}  // namespace tidemark::jobs::discovery
