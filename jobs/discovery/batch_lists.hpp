#pragma once

#include <cstdint>
#include <map>

#include "storage/graph/user.hpp"

namespace tidemark::jobs::discovery {

// Which lists of an account one question touched, and which of them it read to the end: only these
// does a comparison confirm, for others may have come with a later question. A bit for each list.
struct ListMarks {
  std::uint8_t ended = 0, touched = 0;
  bool compared = false;  // REST counted these very lists, and no more in them
  friend bool operator==(const ListMarks&, const ListMarks&) = default;
};
inline constexpr ListMarks all_marks{0xff, 0xff, false};
using BatchLists = std::map<storage::graph::UserId, ListMarks>;

[[nodiscard]] constexpr std::uint8_t mark_of(storage::graph::List list) {
  return static_cast<std::uint8_t>(1U << (static_cast<unsigned>(list) - 1U));
}
// Of an account that nothing is noted for (in cursors of before): all.
[[nodiscard]] inline ListMarks marks_of(const BatchLists& lists, storage::graph::UserId id) {
  const auto found = lists.find(id);
  return found == lists.end() ? all_marks : found->second;
}

}  // namespace tidemark::jobs::discovery
