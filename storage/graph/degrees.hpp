#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "storage/engine.hpp"
#include "storage/graph/edges.hpp"

namespace tidemark::storage::graph {

// How many edges of a kind each account has in one direction, in order of the accounts. Nothing
// holds these numbers: edges are put without being read, so they are counted, all of them, in
// pieces.
class DegreeScan {
 public:
  DegreeScan(EdgeKind kind, Direction direction) : kind_(kind), direction_(direction) {}
  // Looks at so many edges more; false: that was all.
  using Visit = std::function<void(std::uint64_t node, std::uint64_t degree)>;
  bool read(const Reader& reader, std::uint64_t edges_most, const Visit& visit);
  [[nodiscard]] std::uint64_t looked_at() const { return looked_at_; }

 private:
  EdgeKind kind_;
  Direction direction_;
  std::string last_;  // key of the last edge that was counted
  std::uint64_t node_ = 0, degree_ = 0, looked_at_ = 0;
};

}  // namespace tidemark::storage::graph
