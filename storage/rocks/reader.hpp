#pragma once

#include <rocksdb/db.h>
#include <rocksdb/snapshot.h>

#include <string>

#include "storage/rocks/database.hpp"

namespace tidemark::storage::rocks {

// What the database held when the reader was made.
class SnapshotReader final : public Reader {
 public:
  SnapshotReader(const Database& database, std::string_view folder)
      : database_(database), held_(&database.db()), folder_(folder) {}

  [[nodiscard]] std::optional<std::string> get(Table table, std::string_view key) const override;
  void scan(Table table, std::string_view from, std::string_view until,
            const Visit& visit) const override;
  void scan_backwards(Table table, std::string_view from, std::string_view until,
                      const Visit& visit) const override;

 private:
  const Database& database_;
  rocksdb::ManagedSnapshot held_;
  const rocksdb::Snapshot* snapshot_ = held_.snapshot();
  std::string_view folder_;
};

// Always with both bounds, so that no iterator walks over another table's tombstones. The bounds
// live in `lower` and `upper`, which must outlive the iterator.
struct Bounds {
  explicit Bounds(const Range& range) : lower(range.begin), upper(range.end) {}
  [[nodiscard]] rocksdb::ReadOptions options(Table table) const;

  rocksdb::Slice lower, upper;
};

}  // namespace tidemark::storage::rocks
