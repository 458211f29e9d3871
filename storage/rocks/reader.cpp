#include "storage/rocks/reader.hpp"

#include "storage/rocks/cached_files.hpp"
#include "storage/rocks/errors.hpp"

namespace tidemark::storage::rocks {
namespace {

constexpr std::string_view reading = "reading";
// Enough for some pages of a list; more would hold up the thread that must not wait.
constexpr std::size_t rows_most = 512;
// Erased rows that RocksDB passes over without a word, each time that it goes on to the next one.
constexpr std::uint64_t erased_rows_most = 2'048;

// A walk over a member's facts, or over more than one account's edges, would push out every block
// that small reads want again.
bool is_bulk(Table table, std::string_view lower, std::string_view upper) {
  if (family_of(table) == Family::facts) return true;
  // Table, kind and direction: whoever leaves those goes over all edges.
  constexpr std::size_t shared = 3;
  return family_of(table) == Family::edges &&
         (upper.size() < shared || lower.substr(0, shared) != upper.substr(0, shared));
}

}  // namespace

rocksdb::ReadOptions Bounds::options(Table table) const {
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = &lower;
  options.iterate_upper_bound = &upper;
  options.fill_cache = !is_bulk(table, lower.ToStringView(), upper.ToStringView());
  return options;
}

rocksdb::ReadOptions SnapshotReader::options(rocksdb::ReadOptions options) const {
  options.snapshot = snapshot_;
  if (from_ == From::memory) options.max_skippable_internal_keys = erased_rows_most;
  return options;
}

std::unique_ptr<rocksdb::Iterator> SnapshotReader::iterate(Table table,
                                                           const Bounds& bounds) const {
  return std::unique_ptr<rocksdb::Iterator>(
      database_.db().NewIterator(options(bounds.options(table)), database_.family(table)));
}

void SnapshotReader::check_read(const rocksdb::Status& status) const {
  if (from_ == From::memory && would_wait(status)) {
    missed_ = true;
    throw NotInMemory();
  }
  check(status, folder_, reading);
}

void SnapshotReader::count_row() const {
  if (from_ == From::anywhere || ++rows_ <= rows_most) return;
  missed_ = true;
  throw NotInMemory();
}

std::optional<std::string> SnapshotReader::get(Table table, std::string_view key) const {
  count_row();
  std::string value;
  const rocksdb::Status status = database_.db().Get(
      options(rocksdb::ReadOptions()), database_.family(table), full_key(table, key), &value);
  if (status.IsNotFound()) return std::nullopt;
  check_read(status);
  return value;
}

void SnapshotReader::scan(Table table, std::string_view from, std::string_view until,
                          const Visit& visit) const {
  const Range range(table, from, until);
  if (range.empty()) return;
  const Bounds bounds(range);
  const auto row = iterate(table, bounds);
  for (row->Seek(bounds.lower); row->Valid(); row->Next()) {
    count_row();
    if (!visit(without_table(row->key()), row->value().ToStringView())) return;
  }
  check_read(row->status());
}

void SnapshotReader::scan_backwards(Table table, std::string_view from, std::string_view until,
                                    const Visit& visit) const {
  const Range range(table, from, until);
  if (range.empty()) return;
  const Bounds bounds(range);
  const auto row = iterate(table, bounds);
  for (row->SeekToLast(); row->Valid(); row->Prev()) {
    count_row();
    if (!visit(without_table(row->key()), row->value().ToStringView())) return;
  }
  check_read(row->status());
}

}  // namespace tidemark::storage::rocks
