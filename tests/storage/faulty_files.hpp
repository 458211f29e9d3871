#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/system_clock.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace tidemark::storage::test {

// The real file system with a switch for each disaster. Counts every append and sync; the one whose
// number is `fail_at` fails, an append with half of its bytes on the disk. Knows which bytes and
// which new files were synced, so that a power cut can take away all others.
class FaultyFiles final : public rocksdb::FileSystemWrapper {
 public:
  FaultyFiles();
  static const char* kClassName() { return "FaultyFiles"; }
  [[nodiscard]] const char* Name() const override { return kClassName(); }

  // Set before the store is opened.
  std::atomic<std::int64_t> fail_at = -1;  // -1: never
  std::atomic<bool> fail_as_full = false;  // else as a broken disk
  // The disk is full: every append fails; `tell_free_bytes` is what the file system claims.
  std::atomic<bool> full = false;
  std::atomic<std::uint64_t> tell_free_bytes = std::uint64_t{1} << 40;
  // The process died: nothing that is called from now on reaches the disk.
  std::atomic<bool> dead = false;

  [[nodiscard]] std::int64_t operations() const { return operations_; }
  [[nodiscard]] std::int64_t syncs() const { return syncs_; }
  // After the store is gone: what was never synced is lost.
  void cut_power();

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* folder,
                                 rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus GetFreeSpace(const std::string& path, const rocksdb::IOOptions& options,
                                 std::uint64_t* free_bytes,
                                 rocksdb::IODebugContext* context) override;

  // For the files that we hand out. `half`: an append may leave half of its bytes.
  rocksdb::IOStatus before_append(bool* half);
  rocksdb::IOStatus before_sync();
  void appended(const std::string& name, std::uint64_t bytes);
  void synced(const std::string& name);
  void folder_synced();

 private:
  rocksdb::IOStatus refusal();
  bool strikes();

  std::atomic<std::int64_t> operations_ = 0, syncs_ = 0;
  std::mutex mutex_;
  struct Size {
    std::uint64_t written = 0, synced = 0;
  };
  std::map<std::string, Size> sizes_;
  // What a name meant when the folder was synced last: nothing, or a file with this text.
  std::map<std::string, std::optional<std::string>> undo_;
};

// RocksDB waits a second after each background fault; nothing would be learned from that.
class ImpatientClock final : public rocksdb::SystemClockWrapper {
 public:
  ImpatientClock() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  [[nodiscard]] const char* Name() const override { return "ImpatientClock"; }
  void SleepForMicroseconds(int wait_us) override {
    SystemClockWrapper::SleepForMicroseconds(std::min(wait_us, 1'000));
  }
};

class FaultyEnv final : public rocksdb::EnvWrapper {
 public:
  explicit FaultyEnv(const std::shared_ptr<FaultyFiles>& files)
      : EnvWrapper(rocksdb::NewCompositeEnv(files)) {
    file_system_ = files;
    system_clock_ = std::make_shared<ImpatientClock>();
  }
};

}  // namespace tidemark::storage::test
