#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::storage::graph {

// Edges have no value: a key in each direction and nothing else, so that storing one twice changes
// nothing and needs no reading. Both rows are always written together.
//
// On disk: never change a number.
enum class EdgeKind : std::uint8_t {
  follows = 1,  // person → account
  stars = 2,    // person → repository
};
// `outgoing`: what `node` follows or has starred; `incoming`: who follows or starred it.
enum class Direction : std::uint8_t { outgoing = 1, incoming = 2 };

struct Edge {
  std::uint64_t from = 0, to = 0;
  friend auto operator<=>(const Edge&, const Edge&) = default;
};

// Stores edges in both directions. They are sorted inside, and written past the transaction's own
// index: reads of the same transaction may not see them yet.
void put_edges(Writer& writer, EdgeKind kind, std::span<const Edge> edges);
// Ends an edge: both rows go, and a tombstone says since when. One that is not there: nothing. The
// tombstone stays if the edge comes back.
void end_edge(Writer& writer, EdgeKind kind, Edge edge, std::int64_t now_ms);

[[nodiscard]] bool has_edge(const Reader& reader, EdgeKind kind, Edge edge);
// Neighbours in ascending order, after `after`, until `visit` returns false.
void scan_neighbours(const Reader& reader, EdgeKind kind, Direction direction, std::uint64_t node,
                     std::optional<std::uint64_t> after,
                     const std::function<bool(std::uint64_t)>& visit);
// At most `most` of them; counting stops there.
[[nodiscard]] std::uint64_t count_neighbours(const Reader& reader, EdgeKind kind,
                                             Direction direction, std::uint64_t node,
                                             std::uint64_t most);
// All edges in order of `from`, after `after`.
void scan_edges(const Reader& reader, EdgeKind kind, const std::optional<Edge>& after,
                const std::function<bool(const Edge&)>& visit);

struct EndedEdge {
  EdgeKind kind = EdgeKind::follows;
  Edge edge;
  std::int64_t ended_ms = 0;
};
void scan_ended_edges(const Reader& reader, std::uint64_t from,
                      const std::function<bool(const EndedEdge&)>& visit);
// Tombstones from before `before_ms`, at most `most`, beginning after `after`; where it stopped, or
// nothing when it came to the end.
[[nodiscard]] std::optional<EndedEdge> erase_ended_edges(Writer& writer, std::int64_t before_ms,
                                                         const std::optional<EndedEdge>& after,
                                                         std::size_t most);
// Every edge of this account, tombstones too; at most `most` of them at a time. True: none is left.
// Notes what goes: whoever calls this owes a purge in the same transaction (storage/purge.hpp).
// Stars of a repository are another matter, because its number may be that of an account as well.
bool erase_stars_of(Writer& writer, std::uint64_t repository, std::size_t most);
bool erase_edges_of(Writer& writer, std::uint64_t node, std::size_t most);

}  // namespace tidemark::storage::graph
