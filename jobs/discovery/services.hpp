#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "http/async/clock.hpp"
#include "http/async/random.hpp"
#include "http/github/api.hpp"
#include "jobs/ledger.hpp"
#include "jobs/runner.hpp"
#include "storage/store.hpp"

namespace tidemark::jobs::discovery {

inline constexpr std::string_view discovery_kind = "discovery";    // the crawl; key "all"
inline constexpr std::string_view graph_tidy_kind = "graph_tidy";  // retention; key "all"
inline constexpr std::string_view forget_kind = "forget";          // key: the account's number
inline constexpr std::string_view job_key = "all";
inline constexpr std::uint32_t crawl_priority = 90;

struct DiscoverySettings {
  std::uint32_t depth_most = 6;          // of accounts that are read; steps from a seed
  std::uint64_t users_most = 1'000'000;  // accounts of all kinds
  std::uint64_t repositories_most = 10'000'000;
  std::int64_t refresh_ms = 7LL * 86'400'000;
  std::int64_t retention_ms = 365LL * 86'400'000;  // 0: for ever
  bool stars = false;
  std::size_t parents_most = 40;  // accounts a query; above it GitHub was seen to cut lists short
  async::Milliseconds slow_answer_ms{5'000};  // of 10 s after which GitHub gives up
  std::uint32_t samples = 2;                  // accounts of each query that REST is asked about
  QuotaShare share{0.8, 100};  // of the operator's quota: the rest is for other programs
};

// What every run of the crawl uses; all of it outlives the job.
struct DiscoveryServices {
  storage::Store& store;
  async::Clock& clock;
  async::Random& random;
  http::github::Api& github;
  QuotaLedger& ledger;
  // The operator's own token, read anew for each run; empty: anonymous.
  std::function<std::string()> token;
  DiscoverySettings settings;
  // What the ledger lets the crawl's owner spend; asked before each request. Empty: as it is.
  std::function<QuotaShare()> share = {};
};

}  // namespace tidemark::jobs::discovery
