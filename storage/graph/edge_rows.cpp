#include "storage/graph/edge_rows.hpp"

#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t version = 1;

}  // namespace

EdgeRow EdgeRow::mirrored() const {
  const bool outgoing = direction == Direction::outgoing;
  return {kind, outgoing ? Direction::incoming : Direction::outgoing, other, node};
}

EdgeRow row_of(EdgeKind kind, Direction direction, Edge edge) {
  if (direction == Direction::outgoing) return {kind, direction, edge.from, edge.to};
  return {kind, direction, edge.to, edge.from};
}

std::string edges_prefix(EdgeKind kind, Direction direction) {
  KeyWriter key;
  return key.u8(static_cast<std::uint8_t>(kind)).u8(static_cast<std::uint8_t>(direction)).bytes();
}

std::string edges_prefix(EdgeKind kind, Direction direction, std::uint64_t node) {
  return edges_prefix(kind, direction) + KeyWriter().u40(node).bytes();
}

std::string edge_key(const EdgeRow& row) {
  KeyWriter key;
  key.u8(static_cast<std::uint8_t>(row.kind)).u8(static_cast<std::uint8_t>(row.direction));
  return key.u40(row.node).u40(row.other).bytes();
}

EdgeRow decode_edge_key(Table table, std::string_view key) {
  return decoded(table, key, [&] {
    EdgeRow row;
    KeyReader in(key);
    row.kind = enumerated(in.u8(), EdgeKind::follows, EdgeKind::stars);
    row.direction = enumerated(in.u8(), Direction::outgoing, Direction::incoming);
    row.node = in.u40();
    row.other = in.u40();
    in.end();
    return row;
  });
}

EdgeRow decode_edge(std::string_view key, std::string_view value) {
  const EdgeRow row = decode_edge_key(Table::graph_edges, key);
  if (value.empty()) return row;
  throw_corrupt(Table::graph_edges, key,
                std::string("an edge has no value, this one has") + damage_remedy);
}

EndedEdgeRow decode_ended_edge(std::string_view key, std::string_view value) {
  const EdgeRow row = decode_edge_key(Table::graph_ended_edges, key);
  return decoded(Table::graph_ended_edges, key, [&] {
    ValueReader in(value, version, "ended edge");
    const std::int64_t ended_ms = in.i64();
    in.end();
    return EndedEdgeRow{row, ended_ms};
  });
}

}  // namespace tidemark::storage::graph
