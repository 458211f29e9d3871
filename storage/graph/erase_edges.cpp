#include <vector>

#include "storage/codec.hpp"
#include "storage/graph/edge_rows.hpp"

namespace tidemark::storage::graph {
namespace {

// Nothing but the key that comes next.
std::string after_key(std::string key) { return key + std::string(1, '\0'); }

// For a purge. What was ended has left traces among the edges as well.
void note_row(Writer& writer, const EdgeRow& row) {
  const std::string key = edge_key(row);
  writer.note_erased(Table::graph_edges, key, after_key(key));
}

// Rows of one node in one direction, with their mirrors at the other ends. Returns how many edges
// there were.
std::size_t erase_side(Writer& writer, Table table, EdgeKind kind, Direction direction,
                       std::uint64_t node, std::size_t most) {
  const std::string prefix = edges_prefix(kind, direction, node), end = after_prefix(prefix);
  std::vector<EdgeRow> rows;
  if (most == 0) return 0;
  const auto each = [&](std::string_view key, std::string_view) {
    rows.push_back(decode_edge_key(table, key));
    return rows.size() < most;
  };
  writer.scan(table, prefix, end, each);
  for (const EdgeRow& row : rows) {
    writer.erase(table, edge_key(row));
    writer.erase(table, edge_key(row.mirrored()));
    note_row(writer, row.mirrored());
  }
  writer.note_erased(Table::graph_edges, prefix, end);
  return rows.size();
}

struct Side {
  EdgeKind kind;
  Direction direction;
};

bool erase_sides(Writer& writer, std::uint64_t node, std::initializer_list<Side> sides,
                 std::size_t most) {
  std::size_t erased = 0;
  // Small, and rows of others in them name this node: a purge rewrites them as a whole.
  writer.note_erased(Table::graph_ended_edges, {}, {});
  writer.note_erased(Table::graph_seen, {}, {});
  for (const Table table : {Table::graph_edges, Table::graph_ended_edges}) {
    for (const auto& [kind, direction] : sides) {
      erased += erase_side(writer, table, kind, direction, node, most - erased);
      if (erased == most) return false;
    }
  }
  return true;
}

}  // namespace

bool erase_edges_of(Writer& writer, std::uint64_t node, std::size_t most) {
  return erase_sides(writer, node,
                     {{EdgeKind::follows, Direction::outgoing},
                      {EdgeKind::follows, Direction::incoming},
                      {EdgeKind::stars, Direction::outgoing}},
                     most);
}

bool erase_stars_of(Writer& writer, std::uint64_t repository, std::size_t most) {
  return erase_sides(writer, repository, {{EdgeKind::stars, Direction::incoming}}, most);
}

std::optional<EndedEdge> erase_ended_edges(Writer& writer, std::int64_t before_ms,
                                           const std::optional<EndedEdge>& after,
                                           std::size_t most) {
  std::vector<EdgeRow> old;
  std::optional<EndedEdge> last;
  std::size_t looked = 0;
  for (const EdgeKind kind : {EdgeKind::follows, EdgeKind::stars}) {
    if (after && after->kind > kind) continue;
    const std::string prefix = edges_prefix(kind, Direction::outgoing);
    const std::string from =
        after && after->kind == kind
            ? after_key(edge_key(row_of(kind, Direction::outgoing, after->edge)))
            : prefix;
    const auto each = [&](std::string_view key, std::string_view value) {
      const EndedEdgeRow ended = decode_ended_edge(key, value);
      last = EndedEdge{kind, ended.row.edge(), ended.ended_ms};
      if (ended.ended_ms < before_ms) old.push_back(ended.row);
      return ++looked < most;
    };
    if (looked < most) writer.scan(Table::graph_ended_edges, from, after_prefix(prefix), each);
  }
  for (const EdgeRow& row : old) {
    writer.erase(Table::graph_ended_edges, edge_key(row));
    writer.erase(Table::graph_ended_edges, edge_key(row.mirrored()));
  }
  return looked < most ? std::nullopt : last;
}

}  // namespace tidemark::storage::graph
