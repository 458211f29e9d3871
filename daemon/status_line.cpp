#include "daemon/status_line.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/time_text.hpp"

namespace tidemark::daemon {

Activity read_activity(const storage::Reader& reader) {
  Activity activity;
  activity.jobs = storage::job_counts(reader);
  if (activity.jobs.waiting == 0) return activity;
  storage::JobFilter filter;
  filter.state = storage::JobState::waiting;
  for (auto& job : storage::list_jobs(reader, filter, 0, 1'000)) {
    if (!activity.next || job.due_ms < activity.next->due_ms) activity.next = std::move(job);
  }
  return activity;
}

void add_runner(Activity& activity, const jobs::Runner& runner) {
  activity.held_reason = runner.held_reason();
  if (activity.held_reason.empty()) return;
  const std::uint64_t running = std::min<std::uint64_t>(activity.jobs.running, runner.running());
  activity.jobs.waiting += activity.jobs.running - running;
  activity.jobs.running = running;
  if (activity.next) activity.next = runner.as_it_is(std::move(*activity.next));
}

std::string job_subject(const storage::Job& job) {
  if (job.kind == "sync") return fmt::format("member {}", job.key);
  if (job.kind == "discovery") return "the crawl";
  return job.key.empty() ? job.kind : fmt::format("{} {}", job.kind, job.key);
}

std::string activity_text(const Activity& activity, std::int64_t now_ms) {
  const auto& jobs = activity.jobs;
  std::string text = fmt::format("{} {} running", jobs.running, jobs.running == 1 ? "job" : "jobs");
  if (jobs.ready > 0) text += fmt::format(", {} queued", jobs.ready);
  text += fmt::format(", {} waiting", jobs.waiting);
  if (jobs.dead > 0) text += fmt::format(", {} dead", jobs.dead);
  if (!activity.held_reason.empty()) text += fmt::format("; held: {}", activity.held_reason);
  if (activity.next) {
    text += fmt::format("; next: {} {}", job_subject(*activity.next),
                        wait_text(activity.next->wait_reason, activity.next->due_ms, now_ms));
  }
  return text;
}

}  // namespace tidemark::daemon
