#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/bench/graph_accounts.hpp"
#include "tests/bench/report.hpp"
#include "tests/binary/daemon_process.hpp"

namespace tidemark::bench {

// The real daemon over a store of so many edges, in `folder`/store.
struct GraphSite {
  const test::DaemonFolder& folder;
  const GraphAccounts& accounts;
  std::string size;        // "1m"
  std::string flask_port;  // empty: there is nobody to compare pages with
};

// From the spawn to the first answer from the graph.
[[nodiscard]] Measure measure_start(const GraphSite& site);
// Memory after ten thousand requests of all kinds about anybody; rows against a constant answer;
// pages against Flask.
[[nodiscard]] std::vector<Measure> measure_answers(const GraphSite& site);

}  // namespace tidemark::bench
