#include "storage/rocks/writer.hpp"

#include <rocksdb/comparator.h>

#include <algorithm>

#include "storage/rocks/errors.hpp"
#include "storage/rocks/reader.hpp"

namespace tidemark::storage::rocks {
namespace {

constexpr std::string_view reading = "reading";
constexpr std::string_view writing = "writing";
constexpr std::size_t ranges_most = 500;  // are remembered of a transaction, until a purge

}  // namespace

BatchWriter::BatchWriter(const Database& database, std::string_view folder)
    : database_(database), folder_(folder), batch_(rocksdb::BytewiseComparator(), 0, true) {}

std::optional<std::string> BatchWriter::get(Table table, std::string_view key) const {
  std::string value;
  const rocksdb::Status status =
      batch_.GetFromBatchAndDB(&database_.db(), rocksdb::ReadOptions(), database_.family(table),
                               full_key(table, key), &value);
  if (status.IsNotFound()) return std::nullopt;
  check(status, folder_, reading);
  return value;
}

std::string BatchWriter::walk(Table table, const Range& range, Direction direction,
                              const Visit& visit) const {
  const Bounds bounds(range);
  const rocksdb::ReadOptions options = bounds.options(table);
  rocksdb::ColumnFamilyHandle* family = database_.family(table);
  const std::unique_ptr<rocksdb::Iterator> row(
      batch_.NewIteratorWithBase(family, database_.db().NewIterator(options, family), &options));
  const bool forwards = direction == Direction::forwards;
  if (forwards) {
    row->Seek(bounds.lower);
  } else {
    row->SeekForPrev(bounds.upper);
    if (row->Valid() && row->key() == bounds.upper) row->Prev();
  }
  const std::size_t changes = changes_;
  std::string key, value;
  // The batch's half of the iterator does not know the bounds.
  while (row->Valid() && row->key().compare(bounds.lower) >= 0 &&
         row->key().compare(bounds.upper) < 0) {
    // Copied, because what `visit` writes may move the batch's bytes.
    key.assign(row->key().data(), row->key().size());
    value.assign(row->value().data(), row->value().size());
    if (!visit(without_table(key), value)) return {};
    if (changes_ != changes) return key;
    if (forwards) {
      row->Next();
    } else {
      row->Prev();
    }
  }
  check(row->status(), folder_, reading);
  return {};
}

void BatchWriter::scan(Table table, std::string_view from, std::string_view until,
                       const Visit& visit) const {
  Range range(table, from, until);
  while (!range.empty()) {
    std::string last = walk(table, range, Direction::forwards, visit);
    if (last.empty()) return;
    range.begin = std::move(last);
    range.begin.push_back('\0');
  }
}

void BatchWriter::scan_backwards(Table table, std::string_view from, std::string_view until,
                                 const Visit& visit) const {
  Range range(table, from, until);
  while (!range.empty()) {
    std::string last = walk(table, range, Direction::backwards, visit);
    if (last.empty()) return;
    range.end = std::move(last);
  }
}

void BatchWriter::put(Table table, std::string_view key, std::string_view value) {
  ++changes_;
  check(batch_.Put(database_.family(table), full_key(table, key), value), folder_, writing);
}

// Straight into the batch, past the index over it.
void BatchWriter::put_unseen(Table table, std::string_view key, std::string_view value) {
  ++changes_;
  check(batch().Put(database_.family(table), full_key(table, key), value), folder_, writing);
}

void BatchWriter::erase(Table table, std::string_view key) {
  ++changes_;
  check(batch_.Delete(database_.family(table), full_key(table, key)), folder_, writing);
}

void BatchWriter::note_erased(Table table, std::string_view from, std::string_view until) {
  const Family family = family_of(table);
  Range range(table, from, until);
  const auto same = [family](const Erased& erased) { return erased.family == family; };
  const auto widened = std::find_if(erased_.rbegin(), erased_.rend(), same);
  if (erased_.size() < ranges_most || widened == erased_.rend()) {
    erased_.push_back({family, std::move(range)});
    return;
  }
  // Where more was erased than needs to be: that costs time, and no memory.
  widened->range.begin = std::min(widened->range.begin, range.begin);
  widened->range.end = std::max(widened->range.end, range.end);
}

}  // namespace tidemark::storage::rocks
