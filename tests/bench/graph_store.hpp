#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "storage/graph/edges.hpp"
#include "tests/bench/report.hpp"

namespace tidemark::bench {

using EdgeBatches = std::vector<std::vector<storage::graph::Edge>>;

// Somebody else who stores the same edges, batch by batch, by turns with us.
struct Rival {
  std::string name;  // "postgres"
  std::function<double(const EdgeBatches&)> seconds_for;
  std::function<double()> bytes;  // when all is stored
  bool both_ways = false;         // finds edges from both ends, as we do
};
struct RivalFigures {
  std::string name;
  std::vector<double> stored_per_s;  // a number for each slice
  double bytes_per_edge = 0;
  bool both_ways = false;
};

// Edges of a crawl stored durably batch by batch, through Store and put_edges; and the same rows by
// RocksDB alone with the same options: sorted, in one synced batch each.
struct GraphStoreFigures {
  std::uint64_t edges = 0;
  // Edges per second, one number for each slice of the crawl; ours and RocksDB's take turns.
  std::vector<double> stored_per_s, raw_per_s;
  std::vector<RivalFigures> rivals;
  // Of the tables of edges, an edge being two rows: when the crawl ends, and when all is merged.
  double bytes_per_edge = 0, bytes_per_edge_merged = 0;
};
// Leaves a store of these edges in `folder`/store.
[[nodiscard]] GraphStoreFigures measure_graph_store(std::uint64_t edges,
                                                    const std::filesystem::path& folder,
                                                    const std::vector<Rival>& rivals);
// As lines of a report; `size`: "1m" and the like.
[[nodiscard]] std::vector<Measure> measures_of(const GraphStoreFigures& figures,
                                               const std::string& size);

}  // namespace tidemark::bench
