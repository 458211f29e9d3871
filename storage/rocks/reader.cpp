#include "storage/rocks/reader.hpp"

#include "storage/rocks/errors.hpp"

namespace tidemark::storage::rocks {
namespace {

constexpr std::string_view reading = "reading";

std::unique_ptr<rocksdb::Iterator> iterate(const Database& database, Table table,
                                           const Bounds& bounds,
                                           const rocksdb::Snapshot* snapshot) {
  rocksdb::ReadOptions options = bounds.options(table);
  options.snapshot = snapshot;
  return std::unique_ptr<rocksdb::Iterator>(
      database.db().NewIterator(options, database.family(table)));
}

}  // namespace

rocksdb::ReadOptions Bounds::options(Table table) const {
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = &lower;
  options.iterate_upper_bound = &upper;
  // A walk over a member's facts would push out every block that point reads want again.
  options.fill_cache = family_of(table) != Family::facts;
  return options;
}

std::optional<std::string> SnapshotReader::get(Table table, std::string_view key) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  std::string value;
  const rocksdb::Status status =
      database_.db().Get(options, database_.family(table), full_key(table, key), &value);
  if (status.IsNotFound()) return std::nullopt;
  check(status, folder_, reading);
  return value;
}

void SnapshotReader::scan(Table table, std::string_view from, std::string_view until,
                          const Visit& visit) const {
  const Range range(table, from, until);
  if (range.empty()) return;
  const Bounds bounds(range);
  const auto row = iterate(database_, table, bounds, snapshot_);
  for (row->Seek(bounds.lower); row->Valid(); row->Next()) {
    if (!visit(without_table(row->key()), row->value().ToStringView())) return;
  }
  check(row->status(), folder_, reading);
}

void SnapshotReader::scan_backwards(Table table, std::string_view from, std::string_view until,
                                    const Visit& visit) const {
  const Range range(table, from, until);
  if (range.empty()) return;
  const Bounds bounds(range);
  const auto row = iterate(database_, table, bounds, snapshot_);
  for (row->SeekToLast(); row->Valid(); row->Prev()) {
    if (!visit(without_table(row->key()), row->value().ToStringView())) return;
  }
  check(row->status(), folder_, reading);
}

}  // namespace tidemark::storage::rocks
