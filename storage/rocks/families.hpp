#pragma once

#include <rocksdb/slice.h>

#include <array>
#include <string>
#include <string_view>

#include "storage/engine.hpp"

namespace tidemark::storage::rocks {

// Column families by access pattern, at most eight: each has its own memory and files. The names
// are on disk: never change one. A missing family is created at open.
enum class Family : std::size_t {
  standard,  // RocksDB insists on it; holds what every start reads
  entities,  // small rows, read one at a time, often rewritten
  queue,     // short-lived rows: many tombstones, kept apart so that nobody else scans over them
  facts,     // bulk: written once, read in ranges
  edges,     // bulk of tiny rows: keys without values, packed as tightly as it goes
};
inline constexpr std::array<const char*, 5> family_names = {"default", "entities", "queue", "facts",
                                                            "edges"};
inline constexpr std::size_t family_count = family_names.size();
static_assert(family_count <= 8);

[[nodiscard]] constexpr Family family_of(Table table) {
  switch (table) {
    case Table::meta: return Family::standard;
    case Table::jobs:
    case Table::job_keys:
    case Table::job_queue: return Family::queue;
    case Table::facts: return Family::facts;
    case Table::graph_edges:
    case Table::graph_ended_edges:
    case Table::graph_seen: return Family::edges;
    default: return Family::entities;
  }
}

// Inside a family a key begins with its table's number.
[[nodiscard]] inline std::string full_key(Table table, std::string_view key) {
  std::string full;
  full.reserve(key.size() + 1);
  full.push_back(static_cast<char>(table));
  full.append(key);
  return full;
}

// The range [from, until) of one table as keys of its family.
struct Range {
  Range(Table table, std::string_view from, std::string_view until)
      : begin(full_key(table, from)),
        end(until.empty() ? std::string(1, static_cast<char>(static_cast<int>(table) + 1))
                          : full_key(table, until)) {}
  [[nodiscard]] bool empty() const { return begin >= end; }

  std::string begin, end;
};

[[nodiscard]] inline std::string_view without_table(const rocksdb::Slice& full) {
  return {full.data() + 1, full.size() - 1};
}

}  // namespace tidemark::storage::rocks
