#include "storage/graph/edges.hpp"

#include <algorithm>

#include "storage/codec.hpp"
#include "storage/graph/edge_rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t version = 1;

// Sorted, rows share their neighbourhood in the engine's memory and cost half as much to put.
void put_sorted(Writer& writer, EdgeKind kind, Direction direction, std::vector<Edge>& edges) {
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  for (const Edge& edge : edges) {
    writer.put_unseen(Table::graph_edges, edge_key({kind, direction, edge.from, edge.to}), {});
  }
}

// The rows of an edge in both directions, in one of the two tables.
void erase_both(Writer& writer, Table table, const EdgeRow& row) {
  writer.erase(table, edge_key(row));
  writer.erase(table, edge_key(row.mirrored()));
}

}  // namespace

void put_edges(Writer& writer, EdgeKind kind, std::span<const Edge> edges) {
  std::vector<Edge> rows(edges.begin(), edges.end());
  put_sorted(writer, kind, Direction::outgoing, rows);
  for (Edge& row : rows) std::swap(row.from, row.to);
  put_sorted(writer, kind, Direction::incoming, rows);
}

void end_edge(Writer& writer, EdgeKind kind, Edge edge, std::int64_t now_ms) {
  const EdgeRow row = row_of(kind, Direction::outgoing, edge);
  if (!writer.get(Table::graph_edges, edge_key(row))) return;
  erase_both(writer, Table::graph_edges, row);
  const std::string value = ValueWriter(version).i64(now_ms).take();
  writer.put(Table::graph_ended_edges, edge_key(row), value);
  writer.put(Table::graph_ended_edges, edge_key(row.mirrored()), value);
}

bool has_edge(const Reader& reader, EdgeKind kind, Edge edge) {
  const EdgeRow row = row_of(kind, Direction::outgoing, edge);
  return reader.get(Table::graph_edges, edge_key(row)).has_value();
}

void scan_neighbours(const Reader& reader, EdgeKind kind, Direction direction, std::uint64_t node,
                     std::optional<std::uint64_t> after,
                     const std::function<bool(std::uint64_t)>& visit) {
  const std::string prefix = edges_prefix(kind, direction, node);
  const std::string from =
      after ? edge_key({kind, direction, node, *after}) + std::string(1, '\0') : prefix;
  const auto each = [&](std::string_view key, std::string_view value) {
    return visit(decode_edge(key, value).other);
  };
  reader.scan(Table::graph_edges, from, after_prefix(prefix), each);
}

std::uint64_t count_neighbours(const Reader& reader, EdgeKind kind, Direction direction,
                               std::uint64_t node, std::uint64_t most) {
  std::uint64_t count = 0;
  if (most == 0) return count;
  const auto each = [&](std::uint64_t) { return ++count < most; };
  scan_neighbours(reader, kind, direction, node, std::nullopt, each);
  return count;
}

void scan_edges(const Reader& reader, EdgeKind kind, const std::optional<Edge>& after,
                const std::function<bool(const Edge&)>& visit) {
  const std::string prefix = edges_prefix(kind, Direction::outgoing);
  const std::string from =
      after ? edge_key(row_of(kind, Direction::outgoing, *after)) + std::string(1, '\0') : prefix;
  const auto each = [&](std::string_view key, std::string_view value) {
    return visit(decode_edge(key, value).edge());
  };
  reader.scan(Table::graph_edges, from, after_prefix(prefix), each);
}

void scan_ended_edges(const Reader& reader, std::uint64_t from,
                      const std::function<bool(const EndedEdge&)>& visit) {
  bool goes_on = true;
  for (const EdgeKind kind : {EdgeKind::follows, EdgeKind::stars}) {
    if (!goes_on) return;
    const std::string prefix = edges_prefix(kind, Direction::outgoing, from);
    const auto each = [&](std::string_view key, std::string_view value) {
      const EndedEdgeRow ended = decode_ended_edge(key, value);
      return goes_on = visit({kind, ended.row.edge(), ended.ended_ms});
    };
    reader.scan(Table::graph_ended_edges, prefix, after_prefix(prefix), each);
  }
}

}  // namespace tidemark::storage::graph
