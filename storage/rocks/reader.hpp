#pragma once

#include <rocksdb/db.h>
#include <rocksdb/snapshot.h>

#include <string>

#include "storage/rocks/database.hpp"

namespace tidemark::storage::rocks {

// Always with both bounds, so that no iterator walks over another table's tombstones. The bounds
// live in `lower` and `upper`, which must outlive the iterator.
struct Bounds {
  explicit Bounds(const Range& range) : lower(range.begin), upper(range.end) {}
  [[nodiscard]] rocksdb::ReadOptions options(Table table) const;

  rocksdb::Slice lower, upper;
};

// Thrown by a reader that must not wait, when it would have to. No std::exception, so that no body
// takes it for a failure of its own.
struct NotInMemory {};

// What the database held when the reader was made.
class SnapshotReader final : public Reader {
 public:
  enum class From {
    anywhere,
    memory,  // under NoWaiting, and few rows: NotInMemory otherwise
  };
  SnapshotReader(const Database& database, std::string_view folder, From from = From::anywhere)
      : database_(database), held_(&database.db()), folder_(folder), from_(from) {}

  [[nodiscard]] std::optional<std::string> get(Table table, std::string_view key) const override;
  void scan(Table table, std::string_view from, std::string_view until,
            const Visit& visit) const override;
  void scan_backwards(Table table, std::string_view from, std::string_view until,
                      const Visit& visit) const override;
  // NotInMemory was thrown, whatever the body made of it.
  [[nodiscard]] bool missed() const { return missed_; }

 private:
  [[nodiscard]] rocksdb::ReadOptions options(rocksdb::ReadOptions options) const;
  [[nodiscard]] std::unique_ptr<rocksdb::Iterator> iterate(Table table, const Bounds& bounds) const;
  void check_read(const rocksdb::Status& status) const;
  void count_row() const;

  const Database& database_;
  rocksdb::ManagedSnapshot held_;
  const rocksdb::Snapshot* snapshot_ = held_.snapshot();
  std::string_view folder_;
  const From from_;
  mutable std::size_t rows_ = 0;  // when from_ is memory
  mutable bool missed_ = false;
};

}  // namespace tidemark::storage::rocks
