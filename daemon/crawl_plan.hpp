#pragma once

#include "daemon/settings.hpp"
#include "http/async/task.hpp"

namespace tidemark::daemon {

struct Parts;

// The crawl and what belongs to it: kinds of jobs, schedules, the seeds and the deny-list of the
// settings.
void add_crawl(Parts& parts, const Settings& settings);
// After a reload, which may bring the token that the crawl waits for.
[[nodiscard]] async::Task<void> try_crawl_again(Parts& parts);

}  // namespace tidemark::daemon
