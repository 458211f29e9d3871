#pragma once

#include "daemon/settings.hpp"

namespace tidemark::daemon {

struct Parts;

// The crawl and what belongs to it: kinds of jobs, schedules, the seeds and the deny-list of the
// settings.
void add_crawl(Parts& parts, const Settings& settings);

}  // namespace tidemark::daemon
