#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "storage/rocks/database.hpp"
#include "storage/rocks/families.hpp"

namespace tidemark::storage::rocks {

class RocksEngine;

// A range in which keys were erased.
struct Erased {
  Family family = Family::standard;
  Range range;
};

// A rewriting of all tables between two keys, at every level; an empty key is the family's end.
struct Compaction {
  Family family = Family::standard;
  std::string begin, end;
};

// Whole families in pieces of some 64 MiB.
[[nodiscard]] std::vector<Compaction> whole(const Database& database, Family family);
// As little as takes every tombstone in the range to the deepest level, where it vanishes. RocksDB
// looks at a level only if a key of it lies in the range, but keeps a tombstone as long as a
// table of a deeper level spans it: so the range begins and ends with tables of the deepest level.
[[nodiscard]] Compaction around(const Database& database, const Erased& erased);
// The same for a family in which erased rows lie scattered: the tables that any of the ranges
// touches, neighbours together, in pieces of some 64 MiB.
[[nodiscard]] std::vector<Compaction> around(const Database& database, Family family,
                                             const std::vector<const Range*>& ranges);
// A version of an erased key, or of a value that was replaced, older than `before`.
[[nodiscard]] bool anything_left(const Database& database, const Erased& erased,
                                 std::uint64_t before);

// Flush, compaction, the list of tables written anew, and then the wait until RocksDB has deleted
// the files that held what was erased: the log, the tables, the list of tables.
//
// The small families are rewritten as a whole; of the facts and edges, which are nearly all of the
// store, only what is near `known`, or everything when there are erasures of which nobody knows
// where.
class FilesPurge final : public Purge {
 public:
  FilesPurge(RocksEngine& engine, std::vector<std::vector<Erased>> known, bool knows_all)
      : engine_(engine), known_(std::move(known)), knows_all_(knows_all) {}
  Step step() override;

 private:
  enum class Phase { flush, readers, compact, judge, list, files };
  Step step(const Database& database);
  Step flush(const Database& database);
  Step wait_for_readers(const Database& database);
  void plan(const Database& database);
  void plan_everywhere(const Database& database);
  void add(std::vector<Compaction> pieces);
  Step compact(const Database& database);
  Step judge(const Database& database);
  Step wait_for_files(const Database& database);
  Step wait(bool over, Phase next);

  RocksEngine& engine_;
  const std::vector<std::vector<Erased>> known_;
  const bool knows_all_;
  Phase phase_ = Phase::flush;
  int waits_ = 0;
  bool everywhere_ = false;
  std::uint64_t sequence_ = 0;       // of the last write that may have erased
  std::set<std::string> old_files_;  // logs and lists of tables
  std::deque<Compaction> compactions_;
};

}  // namespace tidemark::storage::rocks
