#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "http/async/clock.hpp"
#include "http/async/deadline.hpp"
#include "http/async/random.hpp"
#include "http/async/task_group.hpp"
#include "storage/jobs.hpp"
#include "storage/store.hpp"

namespace tidemark::jobs {

// How one run of a job ended.
struct Done {
  std::string note = {};  // for the log
  bool removed = false;   // the run removed its own job: nothing is to be stored of its end
};
struct Suspended {            // not a failure: goes on at the cursor that the run stored
  std::int64_t until_ms = 0;  // our clock, Unix
  std::string reason;         // plain words, for people
};
struct Failed {
  std::string error;    // what, where, remedy
  bool retry = true;    // false: dead at once
  bool outage = false;  // of somebody else: tried again, once an hour in the end, until it is over
};
using RunResult = std::variant<Done, Suspended, Failed>;

// What a run may use. Lives as long as the run.
class Run {
 public:
  Run(storage::Job job, storage::Store& store, async::Clock& clock)
      : job_(std::move(job)), store_(store), clock_(clock) {}

  [[nodiscard]] const storage::Job& job() const { return job_; }
  [[nodiscard]] bool stopping() const { return stopping_; }  // checked between requests
  void stop() { stopping_ = true; }

  // One transaction under this run's lease: throws storage::LostLease when another run owns the
  // job.
  template <class Body, class Value = std::invoke_result_t<Body, storage::Writer&>>
  async::Task<Value> commit(storage::Durability durability, Body body) {
    auto checked = [this, &body](storage::Writer& writer) -> Value {
      storage::check_lease(writer, job_.id, job_.fence);
      return body(writer);
    };
    co_return co_await store_.write(durability, std::move(checked));
  }
  // For use inside such a transaction.
  void progress(storage::Writer& writer, const storage::Progress& progress) const;

 private:
  storage::Job job_;
  storage::Store& store_;
  async::Clock& clock_;
  bool stopping_ = false;
};

// A kind of job: one folder or file each.
class JobKind {
 public:
  virtual ~JobKind() = default;
  [[nodiscard]] virtual std::string name() const = 0;
  // Expected failures are values. storage::DiskFull suspends the job until there is room; another
  // exception counts as Failed with retry; a cancellation (shutdown) leaves the job ready.
  virtual async::Task<RunResult> run(Run& run) = 0;
};

struct RunnerSettings {
  std::size_t concurrency = 8;
  std::uint32_t attempts_max = 12;  // failures in a row, then dead
  async::Milliseconds backoff_min_ms{2'000};
  async::Milliseconds backoff_max_ms{3'600'000};
  async::Milliseconds disk_retry_ms{5'000};
  // The longest sleep at a stretch: the wall clock may be set while we wait.
  async::Milliseconds look_most_ms{60'000};
  std::size_t finished_kept = 1'000;
};

// 2 s, 4 s, 8 s … capped, of which a random half: full jitter would allow 0. Plain, tested.
[[nodiscard]] std::int64_t backoff_ms(std::uint32_t attempt, const RunnerSettings& settings,
                                      async::Random& random);

// Claims due jobs and runs them. All state is in the store: a kill at any instruction loses nothing
// but the requests under way.
class Runner {
 public:
  using OnEvent = std::function<void(const storage::Job& job, const std::string& what)>;

  Runner(async::Executor executor, storage::Store& store, async::Clock& clock,
         async::Random& random, RunnerSettings settings, OnEvent on_event);
  ~Runner();

  void add(std::unique_ptr<JobKind> kind);
  // Reclaims what a dead process left, then works until stopped: claims, schedules, waits for the
  // next due time or a wake(). Throws what ends the daemon: a storage::StoreError that is not
  // DiskFull; then, and when cancelled, its runs have been cancelled and have ended.
  async::Task<void> run();
  // Something was enqueued or requeued.
  void wake();
  // Suspended kinds are not claimed: Open Humans refused our own client, for example. Empty: none.
  void hold(const std::string& kind, const std::string& reason);
  void release(const std::string& kind);
  // Lets runs reach their next commit, cancels them at the deadline. Returns when run() and all
  // runs have ended; must be awaited before the Runner is destroyed.
  async::Task<void> stop(async::Deadline deadline);
  [[nodiscard]] std::size_t running() const;
  // Why jobs that are ready do not run just now ("no room on the disk"); empty: they run.
  [[nodiscard]] std::string held_reason() const;
  // The same for jobs of this kind alone.
  [[nodiscard]] std::string held_reason(std::string_view kind) const;
  // A stored job as people should see it: while there is no room, the store cannot say that a run
  // has ended, or that a job which is due waits for room.
  [[nodiscard]] storage::Job as_it_is(storage::Job job) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tidemark::jobs
