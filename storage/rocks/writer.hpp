#pragma once

#include <rocksdb/utilities/write_batch_with_index.h>

#include <vector>

#include "storage/rocks/database.hpp"
#include "storage/rocks/purge.hpp"

namespace tidemark::storage::rocks {

// One transaction: an indexed batch over the database, which nobody else changes meanwhile.
class BatchWriter final : public Writer {
 public:
  BatchWriter(const Database& database, std::string_view folder);

  [[nodiscard]] std::optional<std::string> get(Table table, std::string_view key) const override;
  void scan(Table table, std::string_view from, std::string_view until,
            const Visit& visit) const override;
  void scan_backwards(Table table, std::string_view from, std::string_view until,
                      const Visit& visit) const override;
  void put(Table table, std::string_view key, std::string_view value) override;
  void put_unseen(Table table, std::string_view key, std::string_view value) override;
  void erase(Table table, std::string_view key) override;
  void note_erased(Table table, std::string_view from, std::string_view until) override;

  [[nodiscard]] rocksdb::WriteBatch& batch() { return *batch_.GetWriteBatch(); }
  [[nodiscard]] const std::vector<Erased>& erased() const { return erased_; }

 private:
  // Visits [begin, end) one way or the other until `visit` says so, or changes the batch: then it
  // returns the key that was visited last. Empty: the walk is over.
  enum class Direction { forwards, backwards };
  std::string walk(Table table, const Range& range, Direction direction, const Visit& visit) const;

  const Database& database_;
  std::string_view folder_;
  // NewIteratorWithBase and GetFromBatchAndDB change nothing, but are not marked const.
  mutable rocksdb::WriteBatchWithIndex batch_;
  std::size_t changes_ = 0;
  std::vector<Erased> erased_;
};

}  // namespace tidemark::storage::rocks
