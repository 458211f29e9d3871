#include "daemon/routes/shown_job.hpp"

#include "daemon/routes/answers.hpp"

namespace tidemark::daemon {

using storage::JobState;

storage::Job shown_job(const RouteServices& services, storage::Job job) {
  const bool unfinished = job.state == JobState::ready || job.state == JobState::waiting;
  const bool crawl = job.kind == jobs::discovery::discovery_kind;
  if (services.discovery_enabled || !crawl || !unfinished) {
    return services.runner.as_it_is(std::move(job));
  }
  job.state = JobState::waiting;
  job.wait_reason = discovery_off;
  job.due_ms = 0;  // nobody knows when
  return job;
}

bool shows_other_states(const RouteServices& services) {
  return !services.discovery_enabled || !services.runner.held_reason().empty();
}

}  // namespace tidemark::daemon
