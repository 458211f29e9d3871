#pragma once

#include <functional>
#include <optional>
#include <string>

#include "http/async/clock.hpp"
#include "http/github/api.hpp"
#include "http/openhumans/api.hpp"
#include "jobs/ledger.hpp"
#include "jobs/runner.hpp"
#include "jobs/token_keeper.hpp"
#include "storage/seal.hpp"
#include "storage/store.hpp"

namespace tidemark::jobs::sync {

struct SyncSettings {
  std::uint64_t commit_budget = 600;  // commits asked per query, to begin with
  std::uint64_t commit_budget_max = 3'000;
  async::Milliseconds slow_answer_ms{4'000};  // above it, the next query asks for less
};

// What every run of the sync uses; all of it outlives the job.
struct SyncServices {
  storage::Store& store;
  const storage::Sealer& sealer;
  async::Clock& clock;
  http::github::Api& github;
  http::openhumans::Api& openhumans;
  QuotaLedger& ledger;
  TokenKeeper& tokens;
  SyncSettings settings;
};

// A step of a run: nothing means go on, otherwise this is how the run ends.
using Stop = std::optional<RunResult>;

[[nodiscard]] inline std::int64_t wall_ms(const async::Clock& clock) {
  return clock.wall_now().time_since_epoch().count();
}

}  // namespace tidemark::jobs::sync
