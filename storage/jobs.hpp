#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"

namespace tidemark::storage {

// On disk: never change a number.
enum class JobState : std::uint8_t { ready = 1, running = 2, waiting = 3, done = 4, dead = 5 };
[[nodiscard]] std::string_view name_of(JobState state);

struct Progress {
  std::uint64_t done = 0, total = 0;
  std::string unit;  // "weeks"
};

struct Job {
  std::uint64_t id = 0;  // rising; 0: not stored yet
  std::string kind;      // "sync"
  std::string key;       // of its kind; at most one unfinished job per kind and key
  JobState state = JobState::ready;
  std::uint32_t priority = 50;  // smaller runs first: 10 a person waits, 50 sync, 90 crawl
  std::int64_t due_ms = 0;      // not before this, our clock
  std::string wait_reason;      // of `waiting`: plain words, shown to people
  std::uint32_t attempts = 0;   // failures in a row; a suspension is none
  std::uint64_t fence = 0;      // rises at each claim; a write with an old one is refused
  Progress progress;
  std::string last_error;
  std::int64_t created_ms = 0, updated_ms = 0, started_ms = 0, finished_ms = 0;
  std::uint32_t suspensions = 0;  // waits survived, all reasons
  bool again = false;             // asked for while running: runs once more when done
};

// Raised by commits of a run that no longer owns its job.
class LostLease : public std::runtime_error {
 public:
  explicit LostLease(std::uint64_t job)
      : std::runtime_error("job " + std::to_string(job) + " was claimed by another run") {}
};

struct Enqueued {
  Job job;
  bool joined = false;  // an unfinished job of that kind and key was there already
};

// Joins the unfinished job of that kind and key, if any: a waiting one keeps its wait; a smaller
// priority number and, for `ready`, an earlier due time win; a running one gets `again`.
Enqueued enqueue_job(Writer& writer, Job job, std::int64_t now_ms);
[[nodiscard]] std::optional<Job> find_job(const Reader& reader, std::uint64_t id);
[[nodiscard]] std::optional<Job> find_job(const Reader& reader, std::string_view kind,
                                          std::string_view key);  // the newest of that key
// Claims the due job (ready, or waiting and due) of smallest priority, then earliest due time,
// whose kind `accepts`; raises its fence and marks it running. `accepts` is asked once for each
// priority and kind, with the job that is first there: a kind that is held costs nothing however
// many wait.
std::optional<Job> claim_job(Writer& writer, std::int64_t now_ms,
                             const std::function<bool(const Job&)>& accepts);
// When the next ready or waiting job is due, of the kinds that `accepts` takes (empty: all);
// nullopt when there is none.
[[nodiscard]] std::optional<std::int64_t> next_due_ms(
    const Reader& reader, const std::function<bool(const std::string& kind)>& accepts = {});
// Throws LostLease unless the job is running under this fence.
void check_lease(const Reader& reader, std::uint64_t id, std::uint64_t fence);

// Each checks the lease.
void set_progress(Writer& writer, std::uint64_t id, std::uint64_t fence, const Progress& progress,
                  std::int64_t now_ms);
void suspend_job(Writer& writer, std::uint64_t id, std::uint64_t fence, std::int64_t until_ms,
                 std::string_view reason, std::int64_t now_ms);
void finish_job(Writer& writer, std::uint64_t id, std::uint64_t fence, std::int64_t now_ms);
// To `waiting` until `retry_ms`, or to `dead` when `retry_ms` is nullopt.
void fail_job(Writer& writer, std::uint64_t id, std::uint64_t fence, std::string_view error,
              std::optional<std::int64_t> retry_ms, std::int64_t now_ms);

// After a start: jobs still marked running belong to a dead process; they become ready at once.
std::size_t reclaim_jobs(Writer& writer, std::int64_t now_ms);
// A dead or waiting job becomes ready now, as does a ready one that is not due yet. False when
// there is no such job, it is running or done, or another unfinished one of its kind and key is
// there.
bool requeue_job(Writer& writer, std::uint64_t id, std::int64_t now_ms);
// Removes a job that is not running. False otherwise.
bool drop_job(Writer& writer, std::uint64_t id);
// Takes the unfinished job of that key out, also from a running one, whose next commit then fails.
void cancel_jobs(Writer& writer, std::string_view kind, std::string_view key);
// Keeps the newest `keep` jobs that are done. Dead ones stay until requeued or dropped.
std::size_t prune_jobs(Writer& writer, std::size_t keep);

struct JobFilter {
  std::optional<JobState> state = {};
  std::string kind = {};
  std::string key = {};
};
// Newest first; `before` is an id (exclusive) or 0.
[[nodiscard]] std::vector<Job> list_jobs(const Reader& reader, const JobFilter& filter,
                                         std::uint64_t before, std::size_t most);
struct JobCounts {
  std::uint64_t ready = 0, running = 0, waiting = 0, done = 0, dead = 0;
  friend bool operator==(const JobCounts&, const JobCounts&) = default;
};
// Kept equal to a recount of the jobs table.
[[nodiscard]] JobCounts job_counts(const Reader& reader);

}  // namespace tidemark::storage
