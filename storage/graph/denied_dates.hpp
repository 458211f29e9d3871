#pragma once

#include <cstdint>

#include "storage/engine.hpp"

namespace tidemark::storage::graph {

// All that the deny-list tells: it holds no names.
struct DeniedDates {
  std::uint64_t count = 0;  // a forgotten account stands there by number and by login
  std::int64_t first_ms = 0, last_ms = 0;  // 0: nobody is denied
};
[[nodiscard]] DeniedDates denied_dates(const Reader& reader);

}  // namespace tidemark::storage::graph
