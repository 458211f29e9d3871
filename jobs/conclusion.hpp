#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>

#include "jobs/runner.hpp"
#include "storage/jobs.hpp"

namespace tidemark::jobs {

// What is to be stored of a job when its run has ended: decided once, written until it succeeds.
struct Conclusion {
  enum class Kind { finish, suspend, fail, die };
  storage::Job job;
  Kind kind = Kind::finish;
  std::int64_t until_ms = 0;
  std::string text;  // reason, error or note
};

[[nodiscard]] Conclusion conclude(storage::Job job, const RunResult& result,
                                  const RunnerSettings& settings, async::Random& random,
                                  std::int64_t now_ms);
void store_conclusion(storage::Writer& writer, const Conclusion& conclusion, std::int64_t now_ms);
// For the log: "waiting until 2026-01-05T00:00:00Z: …".
[[nodiscard]] std::string describe(const Conclusion& conclusion, std::int64_t now_ms);

// Why a run, or a write of the runner's own, ended with an exception.
enum class Trouble { lost_lease, disk_full, pool_full, damaged, store, cancelled, other };
struct Diagnosis {
  Trouble trouble = Trouble::other;
  std::string what;
};
[[nodiscard]] Diagnosis diagnose(const std::exception_ptr& error);

}  // namespace tidemark::jobs
