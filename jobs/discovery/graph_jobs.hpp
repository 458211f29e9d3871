#pragma once

#include <memory>

#include "jobs/discovery/services.hpp"
#include "jobs/runner.hpp"

namespace tidemark::jobs::discovery {

// Kind `graph_tidy`, key "all", daily: what is older than the retention goes (ended edges,
// repositories and accounts that are gone, former names), and readings that nobody goes on with.
std::unique_ptr<JobKind> make_graph_tidy_job(DiscoveryServices services);

// Kind `forget`, key: the account's number. deny.hpp enqueues it. Erases everything of the account,
// a piece at a time, and has it taken off the disk by the job `tidy`.
std::unique_ptr<JobKind> make_forget_job(DiscoveryServices services);

}  // namespace tidemark::jobs::discovery
