#pragma once

#include "daemon/settings.hpp"

namespace tidemark::daemon {

struct Parts;

// What the daemon does by itself: every kind of job, and when it starts without being asked.
void add_job_kinds(Parts& parts, const Settings& settings);

}  // namespace tidemark::daemon
