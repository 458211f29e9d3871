#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "jobs/runner.hpp"
#include "storage/engine.hpp"
#include "storage/jobs.hpp"

namespace tidemark::daemon {

// What the daemon is at, in one sentence: for `systemctl status`.
struct Activity {
  storage::JobCounts jobs;
  std::optional<storage::Job> next;  // the waiting job that is due first
  std::string held_reason;           // why ready jobs do not run; empty: they do
};
[[nodiscard]] Activity read_activity(const storage::Reader& reader);
// What only the runner knows: why jobs are held, and which of them the store still calls running.
void add_runner(Activity& activity, const jobs::Runner& runner);
// "3 jobs running, 2 waiting; next: member 12345678 waiting for quota until 14:32:05 (…)".
[[nodiscard]] std::string activity_text(const Activity& activity, std::int64_t now_ms);
// "member 12345678" of a sync, "sweep" of a job without a key.
[[nodiscard]] std::string job_subject(const storage::Job& job);

}  // namespace tidemark::daemon
