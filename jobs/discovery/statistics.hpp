#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "jobs/discovery/crawl.hpp"
#include "storage/engine.hpp"
#include "storage/graph/capability.hpp"
#include "storage/graph/user.hpp"
#include "storage/jobs.hpp"

namespace tidemark::jobs::discovery {

// The crawl as people watch it.
struct Status {
  storage::graph::Totals totals;
  std::optional<storage::Job> job;  // the newest; none: it never ran
  bool anonymous = false;
  std::string viewer_login;  // whose credential it is
  std::string quota_owner;   // in the ledger

  // Since the frontier was last empty.
  std::int64_t started_ms = 0;  // 0: nothing is under way
  std::uint64_t found = 0, read = 0, edges = 0, repositories = 0, ended = 0;
  std::uint64_t points = 0, requests = 0;  // of GraphQL; of REST
  double read_per_point = 0;               // of all that time; 0: no point was spent

  // Of the last five minutes.
  double found_per_minute = 0, read_per_minute = 0, edges_per_minute = 0;

  std::uint64_t unread =
      0;  // accounts that wait to be read for the first time, or that a person asked for
  std::uint64_t points_needed = 0;  // for those: QuotaLedger::forecast_ms tells when
  std::size_t parents = 0;          // accounts a query asks for at most just now …
  std::string parents_reason;       // … and why not more; empty: it is the most
  std::size_t unconfirmed = 0;      // accounts whose lists nobody compared yet
  std::optional<RestReading> by_rest;
  std::array<storage::graph::Capability, 4> capabilities;  // by List, less one
};
[[nodiscard]] Status read_status(const storage::Reader& reader, std::size_t parents_most,
                                 std::int64_t now_ms);

// For the crawl itself. The counts of the minute that holds `now_ms`; the oldest one makes room.
[[nodiscard]] Minute& minute_of(Crawl& crawl, std::int64_t now_ms);
void begin_counting(Crawl& crawl, std::int64_t now_ms);
[[nodiscard]] storage::Progress progress_of(const storage::graph::Totals& totals);

}  // namespace tidemark::jobs::discovery
