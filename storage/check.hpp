#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/engine.hpp"

namespace tidemark::storage {

struct CheckReport {
  std::uint64_t rows = 0;
  std::vector<std::string> problems;  // each names table, key and what to do; at most 100
  bool more = false;
};

// Reads every row of every table: each must decode, each index must agree with its rows, each read
// model must equal a recount. Changes nothing.
[[nodiscard]] CheckReport check_store(const Reader& reader);

}  // namespace tidemark::storage
