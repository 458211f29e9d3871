#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/graph/edges.hpp"

// Private to this room: rows of graph_edges and graph_ended_edges, whose keys are alike.

namespace tidemark::storage {
struct CheckReport;
}

namespace tidemark::storage::graph {

struct EdgeRow {
  EdgeKind kind = EdgeKind::follows;
  Direction direction = Direction::outgoing;
  std::uint64_t node = 0, other = 0;

  [[nodiscard]] Edge edge() const {
    return direction == Direction::outgoing ? Edge{node, other} : Edge{other, node};
  }
  // The same edge as its other end sees it.
  [[nodiscard]] EdgeRow mirrored() const;
};
[[nodiscard]] EdgeRow row_of(EdgeKind kind, Direction direction, Edge edge);

[[nodiscard]] std::string edge_key(const EdgeRow& row);
// What all rows of a kind and direction begin with, and all of a node in it.
[[nodiscard]] std::string edges_prefix(EdgeKind kind, Direction direction);
[[nodiscard]] std::string edges_prefix(EdgeKind kind, Direction direction, std::uint64_t node);

// All throw CorruptRecord that names table and key.
[[nodiscard]] EdgeRow decode_edge(std::string_view key, std::string_view value);
[[nodiscard]] EdgeRow decode_edge_key(Table table, std::string_view key);
struct EndedEdgeRow {
  EdgeRow row;
  std::int64_t ended_ms = 0;
};
[[nodiscard]] EndedEdgeRow decode_ended_edge(std::string_view key, std::string_view value);

// Every edge, and every one that ended, is there from both ends.
void check_edges(const Reader& reader, CheckReport& report);

}  // namespace tidemark::storage::graph
