#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "storage/job_rows.hpp"
#include "storage/jobs.hpp"

namespace tidemark::storage::test {

// The rules of storage/jobs.hpp over a plain map, as slow and obvious as can be.
struct JobModel {
  std::map<std::uint64_t, Job> jobs;
  std::uint64_t last_id = 0;

  Job* open(const std::string& kind, const std::string& key) {
    for (auto& [id, job] : jobs) {
      if (job.kind == kind && job.key == key && unfinished(job.state)) return &job;
    }
    return nullptr;
  }

  Enqueued enqueue(Job asked, std::int64_t now_ms) {
    if (asked.due_ms == 0) asked.due_ms = now_ms;
    if (Job* job = open(asked.kind, asked.key)) {
      job->priority = std::min(job->priority, asked.priority);
      if (job->state == JobState::ready) job->due_ms = std::min(job->due_ms, asked.due_ms);
      if (job->state == JobState::running) job->again = true;
      job->updated_ms = now_ms;
      return {*job, true};
    }
    asked.id = ++last_id;
    asked.created_ms = asked.updated_ms = now_ms;
    jobs[asked.id] = asked;
    return {asked, false};
  }

  std::optional<Job> claim(std::int64_t now_ms, const std::set<std::string>& kinds) {
    Job* best = nullptr;
    for (auto& [id, job] : jobs) {
      if (!queued(job.state) || job.due_ms > now_ms || !kinds.contains(job.kind)) continue;
      const auto rank = [](const Job& one) { return std::pair(one.priority, one.due_ms); };
      if (best == nullptr || rank(job) < rank(*best)) best = &job;
    }
    if (best == nullptr) return std::nullopt;
    best->state = JobState::running;
    best->wait_reason.clear();
    ++best->fence;
    best->started_ms = best->updated_ms = now_ms;
    return *best;
  }

  std::optional<std::int64_t> next_due() const {
    std::optional<std::int64_t> next;
    for (const auto& [id, job] : jobs) {
      if (queued(job.state) && (!next || job.due_ms < *next)) next = job.due_ms;
    }
    return next;
  }

  JobCounts counts() const {
    JobCounts counts;
    for (const auto& [id, job] : jobs) ++number_of(counts, job.state);
    return counts;
  }
};

}  // namespace tidemark::storage::test
