#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "storage/engine.hpp"
#include "storage/graph/edges.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::storage::graph {

struct Neighbour {
  UserId id = 0;
  std::uint32_t distance = 0;
  friend bool operator==(const Neighbour&, const Neighbour&) = default;
};
enum class Sides : std::uint8_t { outgoing = 1, incoming = 2, both = 3 };

struct NeighbourhoodAsk {
  UserId user = 0;
  Sides sides = Sides::both;
  std::uint32_t depth = 1;         // steps
  std::optional<Neighbour> after;  // where the page before ended
  std::size_t most = 100;          // rows
  std::uint64_t work_most = 0;     // edges that are looked at; a list costs list_work besides
};
inline constexpr std::uint64_t list_work = 8;

struct Neighbourhood {
  std::vector<Neighbour> neighbours;  // nearest first, then by number
  bool more = false;                  // behind the last of them
  // Too much work: what was found so far is true, but others are missing among them and behind.
  bool gave_up = false;
  std::uint64_t looked_at = 0;  // edges
};
// Whoever can be reached along `follows` in `depth` steps and not in fewer, but for the account
// itself. The rows of a page cost a look at the beginning of each list of who is one step nearer;
// only those nearer ones are kept, eight bytes each.
[[nodiscard]] Neighbourhood neighbourhood(const Reader& reader, const NeighbourhoodAsk& ask);

}  // namespace tidemark::storage::graph
