#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <shared_mutex>

#include "storage/rocks/database.hpp"
#include "storage/rocks/log_files.hpp"
#include "storage/rocks/open.hpp"
#include "storage/rocks/purge.hpp"

namespace tidemark::storage::rocks {

class RocksEngine final : public Engine {
 public:
  // `durable`: false for a store in memory, which has nothing to sync and no disk to fill.
  RocksEngine(std::string folder, const RocksOptions& options, bool durable);

  void read(const std::function<void(const Reader&)>& body) override;
  bool try_read_in_memory(const std::function<void(const Reader&)>& body) override;
  void write(const std::function<void(Writer&)>& body) override;
  void write_from_reserve(const std::function<void(Writer&)>& body) override;
  void sync() override;
  [[nodiscard]] std::unique_ptr<Purge> begin_purge(std::uint64_t erasures) override;
  [[nodiscard]] Statistics statistics() const override;

  // For a purge: the database as long as `body` runs; whether so many bytes can be spared; the end
  // of a purge that had begun with the first `known` erasures; a failure for want of room.
  void use(const std::function<void(const Database&)>& body) const;
  [[nodiscard]] bool has_room(std::uint64_t bytes) const;
  void purged(std::size_t known);
  void ran_full();

 private:
  // Throws while a reopening that failed has left nothing to use.
  [[nodiscard]] const Database& database() const;
  [[nodiscard]] std::unique_ptr<Database> open_database(Database::Access access) const;
  [[nodiscard]] std::shared_lock<std::shared_mutex> enter() const;
  [[nodiscard]] std::shared_lock<std::shared_mutex> try_enter() const;
  [[nodiscard]] std::uint64_t free_bytes_now() const;
  void refuse_when_full();
  void reopen_if_stuck();
  void write_alone(const std::function<void(Writer&)>& body);  // under `writer_`
  void commit(rocksdb::WriteBatch& batch);

  const std::string folder_;
  const Settings settings_;
  const std::uint64_t free_bytes_min_;
  const bool durable_;

  // Whoever uses database_ holds `open_` shared; reopening holds it alone. `turnstile_` keeps new
  // readers out while the reopening waits for the old ones.
  mutable std::mutex turnstile_;
  mutable std::shared_mutex open_;
  std::unique_ptr<Database> database_;
  LogFiles logs_;

  std::mutex writer_;  // guards what follows, and makes writers run one at a time
  bool stuck_ = false;
  bool was_full_ = false;
  std::chrono::steady_clock::time_point room_checked_{};

  // One entry for each erasing transaction since the opening or the last purge.
  std::mutex erased_mutex_;
  std::vector<std::vector<Erased>> erased_;

  std::atomic<std::uint64_t> writes_ = 0;
  std::atomic<std::uint64_t> syncs_ = 0;
};

}  // namespace tidemark::storage::rocks
