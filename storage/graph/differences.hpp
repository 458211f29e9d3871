#pragma once

#include <cstdint>

// Private to the storage room: times in a record stand near one another, and a difference is
// shorter than a time. Any two numbers have one.

namespace tidemark::storage::graph {

[[nodiscard]] inline std::int64_t difference(std::int64_t earlier, std::int64_t later) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(later) -
                                   static_cast<std::uint64_t>(earlier));
}

[[nodiscard]] inline std::int64_t later_by(std::int64_t earlier, std::int64_t difference) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(earlier) +
                                   static_cast<std::uint64_t>(difference));
}

}  // namespace tidemark::storage::graph
