#include "storage/rocks/engine.hpp"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <algorithm>
#include <limits>

#include "storage/rocks/cached_files.hpp"
#include "storage/rocks/errors.hpp"
#include "storage/rocks/reader.hpp"
#include "storage/rocks/writer.hpp"

namespace tidemark::storage::rocks {
namespace {

// Between two looks at the free space a disk at full speed takes less than RocksOptions' default
// reserve, and asking before every write would cost as much as a small write.
constexpr std::chrono::milliseconds room_check_interval(100);
// Of blocks that the kernel holds: a page of accounts whose rows lie apart, which takes as long as
// handing it to another thread and back some times.
constexpr std::size_t reads_here_most = 64;
// Beyond that, one walk over everything is cheaper.
constexpr std::size_t erased_most = 100;
// Also of the room that is kept free, so that the log never tears.
constexpr std::uint64_t untouched_bytes = 8 * 1024 * 1024;

}  // namespace

RocksEngine::RocksEngine(std::string folder, const RocksOptions& options, bool durable)
    : folder_(std::move(folder)),
      settings_(make_settings(options)),
      free_bytes_min_(options.free_bytes_min),
      durable_(durable),
      database_(open_database(Database::Access::full)),
      logs_(settings_.database.env->GetFileSystem(), folder_) {}

std::unique_ptr<Database> RocksEngine::open_database(Database::Access access) const {
  return std::make_unique<Database>(folder_, settings_, access);
}

std::shared_lock<std::shared_mutex> RocksEngine::enter() const {
  const std::lock_guard turn(turnstile_);
  return std::shared_lock(open_);
}

// Not entered: the store is being opened anew, or another one is just entering.
std::shared_lock<std::shared_mutex> RocksEngine::try_enter() const {
  const std::unique_lock turn(turnstile_, std::try_to_lock);
  if (!turn.owns_lock()) return {};
  return std::shared_lock(open_, std::try_to_lock);
}

const Database& RocksEngine::database() const {
  if (database_) return *database_;
  throw StoreError(
      fmt::format("{}: could not be opened again after the disk was full: make room; "
                  "the next write tries again",
                  folder_));
}

void RocksEngine::read(const std::function<void(const Reader&)>& body) {
  const auto entered = enter();
  const SnapshotReader reader(database(), folder_);
  body(reader);
}

bool RocksEngine::try_read_in_memory(const std::function<void(const Reader&)>& body) {
  const auto entered = try_enter();
  if (!entered.owns_lock() || !database_) return false;
  const SnapshotReader reader(*database_, folder_, SnapshotReader::From::memory);
  const NoWaiting here(reads_here_most);
  try {
    body(reader);
  } catch (...) {
    // What a body throws after a miss may only be what it made of the miss.
    if (reader.missed()) return false;
    throw;
  }
  return !reader.missed();
}

void RocksEngine::write(const std::function<void(Writer&)>& body) {
  const std::lock_guard alone(writer_);
  refuse_when_full();
  write_alone(body);
}

void RocksEngine::write_from_reserve(const std::function<void(Writer&)>& body) {
  const std::lock_guard alone(writer_);
  const std::uint64_t least = std::min(free_bytes_min_, untouched_bytes);
  if (durable_ && free_bytes_now() < least) {
    throw_disk_full(folder_, "even the room that is kept free is used up");
  }
  write_alone(body);
}

void RocksEngine::write_alone(const std::function<void(Writer&)>& body) {
  reopen_if_stuck();
  const auto entered = enter();
  BatchWriter writer(database(), folder_);
  body(writer);
  if (writer.batch().Count() == 0) return;
  commit(writer.batch());
  if (writer.erased().empty()) return;
  const std::lock_guard remember(erased_mutex_);
  // What is not remembered is looked for everywhere.
  if (erased_.size() < erased_most) erased_.push_back(writer.erased());
}

void RocksEngine::commit(rocksdb::WriteBatch& batch) {
  const rocksdb::Status status = database().db().Write(rocksdb::WriteOptions(), &batch);
  if (status.ok()) {
    ++writes_;
    return;
  }
  // RocksDB refuses every write after one that failed, and Resume() does not help (7.8.3).
  if (is_disk_full(status)) stuck_ = was_full_ = true;
  throw_status(status, folder_, "writing");
}

// As much as there can be, where the file system does not tell.
std::uint64_t RocksEngine::free_bytes_now() const {
  std::uint64_t free_bytes = 0;
  const auto& files = settings_.database.env->GetFileSystem();
  const auto status = files->GetFreeSpace(folder_, rocksdb::IOOptions(), &free_bytes, nullptr);
  return status.ok() ? free_bytes : std::numeric_limits<std::uint64_t>::max();
}

void RocksEngine::refuse_when_full() {
  if (!durable_) return;
  const auto now = std::chrono::steady_clock::now();
  if (!was_full_ && now - room_checked_ < room_check_interval) return;
  room_checked_ = now;
  const std::uint64_t free_bytes = free_bytes_now();
  was_full_ = free_bytes < free_bytes_min_;
  if (!was_full_) return;
  throw_disk_full(folder_, fmt::format("{} MiB are free, {} are kept", free_bytes >> 20,
                                       free_bytes_min_ >> 20));
}

void RocksEngine::reopen_if_stuck() {
  if (!stuck_) return;
  const std::lock_guard turn(turnstile_);
  const std::lock_guard alone(open_);
  database_.reset();
  try {
    database_ = open_database(Database::Access::full);
    stuck_ = false;
  } catch (const DiskFull&) {
    // There is less room than the file system says, for example under a quota: reads go on.
    database_ = open_database(Database::Access::read_only);
    throw;
  }
}

void RocksEngine::sync() {
  if (!durable_) return;
  const auto entered = enter();
  // Not DiskFull even when the disk is: the writes are visible, but nobody knows what of them would
  // survive. Only a restart tells.
  const rocksdb::IOStatus status = logs_.sync();
  if (!status.ok()) {
    throw StoreError(
        fmt::format("{}: putting writes on disk failed ({}): check the disk, then "
                    "start tidemark again",
                    folder_, status.ToString()));
  }
  ++syncs_;
}

std::unique_ptr<Purge> RocksEngine::begin_purge(std::uint64_t erasures) {
  if (!durable_) return Engine::begin_purge(erasures);
  const std::lock_guard remember(erased_mutex_);
  return std::make_unique<FilesPurge>(*this, erased_, erased_.size() == erasures);
}

void RocksEngine::use(const std::function<void(const Database&)>& body) const {
  const auto entered = enter();
  body(database());
}

bool RocksEngine::has_room(std::uint64_t bytes) const {
  std::uint64_t free_bytes = 0;
  const auto& files = settings_.database.env->GetFileSystem();
  const auto status = files->GetFreeSpace(folder_, rocksdb::IOOptions(), &free_bytes, nullptr);
  return !status.ok() || free_bytes >= free_bytes_min_ + bytes;
}

void RocksEngine::purged(std::size_t known) {
  const std::lock_guard remember(erased_mutex_);
  const std::size_t those = std::min(known, erased_.size());
  erased_.erase(erased_.begin(), erased_.begin() + static_cast<std::ptrdiff_t>(those));
}

void RocksEngine::ran_full() {
  const std::lock_guard alone(writer_);
  stuck_ = true;
}

Engine::Statistics RocksEngine::statistics() const {
  Statistics statistics;
  statistics.writes = writes_;
  statistics.syncs = syncs_;
  const auto entered = enter();
  if (!database_) return statistics;
  std::vector<rocksdb::Env::FileAttributes> files;
  if (settings_.database.env->GetChildrenFileAttributes(folder_, &files).ok()) {
    for (const auto& file : files) statistics.bytes_on_disk += file.size_bytes;
  }
  std::uint64_t tables = 0, buffers = 0;
  rocksdb::DB& db = database_->db();
  db.GetAggregatedIntProperty(rocksdb::DB::Properties::kEstimateTableReadersMem, &tables);
  db.GetAggregatedIntProperty(rocksdb::DB::Properties::kSizeAllMemTables, &buffers);
  statistics.memory_bytes =
      tables + buffers + settings_.block_cache->GetUsage() + settings_.row_cache->GetUsage();
  return statistics;
}

}  // namespace tidemark::storage::rocks
