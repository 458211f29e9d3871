#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "storage/engine.hpp"
#include "storage/graph/edges.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::storage::graph {

// Questions that walk the edges of kind `follows`. Each stops when it has looked at so many edges,
// and says so: a celebrity's followers must not hold up the store, nor fill the memory.

// The neighbours of an account in one direction, one at a time, read in pieces.
class NeighbourCursor {
 public:
  NeighbourCursor(const Reader& reader, EdgeKind kind, Direction direction, std::uint64_t node,
                  std::optional<std::uint64_t> after)
      : reader_(reader), kind_(kind), direction_(direction), node_(node), after_(after) {}
  // The next one, or nothing.
  [[nodiscard]] std::optional<std::uint64_t> next() { return at_least(0); }
  // The first of those that follow which is not below `least`.
  [[nodiscard]] std::optional<std::uint64_t> at_least(std::uint64_t least);
  [[nodiscard]] std::uint64_t looked_at() const { return looked_at_; }

 private:
  void refill(std::uint64_t least);

  const Reader& reader_;
  EdgeKind kind_;
  Direction direction_;
  std::uint64_t node_;
  std::optional<std::uint64_t> after_;  // all up to this one were given or skipped
  std::vector<std::uint64_t> piece_;
  std::size_t place_ = 0, piece_size_ = 16;
  bool ended_ = false;
  std::uint64_t looked_at_ = 0;
};

struct EdgeList {
  std::uint64_t node = 0;
  Direction direction = Direction::outgoing;
};
struct Intersection {
  std::vector<std::uint64_t> nodes;   // ascending
  std::optional<std::uint64_t> next;  // go on after this one; nothing: that was all
  std::uint64_t looked_at = 0;
};
// What stands in both lists: friends of one account (its two directions), or whom two follow.
[[nodiscard]] Intersection intersect(const Reader& reader, EdgeList one, EdgeList other,
                                     std::optional<std::uint64_t> after, std::size_t most,
                                     std::uint64_t edges_most);

struct Path {
  std::vector<UserId> nodes;  // from the first to the last; empty: none was found
  bool gave_up = false;       // there may be one: too many edges were looked at
  std::uint64_t looked_at = 0;
};
// A shortest way along `follows`, from both ends at once.
[[nodiscard]] Path shortest_path(const Reader& reader, UserId from, UserId to,
                                 std::uint64_t edges_most);

}  // namespace tidemark::storage::graph
