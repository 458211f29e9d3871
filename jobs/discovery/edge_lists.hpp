#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "jobs/discovery/take.hpp"
#include "storage/graph/edges.hpp"

namespace tidemark::jobs::discovery {

// A list of an account as what the store holds of it: edges one way or the other, or repositories.

struct EdgeList {
  storage::graph::EdgeKind kind = storage::graph::EdgeKind::follows;
  storage::graph::Direction direction = storage::graph::Direction::outgoing;
  [[nodiscard]] storage::graph::Edge edge(std::uint64_t node, std::uint64_t other) const;
};
// Nothing: repositories are no edges.
[[nodiscard]] std::optional<EdgeList> edge_list(List list);

// What the store has in this list, ascending, until `visit` returns false.
void scan_list(const storage::Reader& reader, UserId user, List list,
               const std::function<bool(std::uint64_t id)>& visit);

// How many entries GitHub says an account's list has; stars are not counted.
[[nodiscard]] std::uint64_t counted_in(const storage::graph::Profile& profile, List list);
void set_counted(storage::graph::Profile& profile, List list, std::uint64_t entries);

// In `graph_seen`, beside what was seen: this reading is compared with what the store had.
inline constexpr std::uint64_t compares_mark = 0;

}  // namespace tidemark::jobs::discovery
