#pragma once

#include <rocksdb/file_system.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace tidemark::storage::rocks {

// Puts RocksDB's write-ahead log on disk, through descriptors of our own. DB::SyncWAL() will not
// do: once a write to the log has failed (the disk was full), it ends the process by an assertion,
// and a sync for earlier writes may well come after that.
class LogFiles {
 public:
  LogFiles(std::shared_ptr<rocksdb::FileSystem> files, std::string folder)
      : files_(std::move(files)), folder_(std::move(folder)) {}

  // Everything that was written to the log before the call.
  rocksdb::IOStatus sync();

 private:
  struct Log {
    std::unique_ptr<rocksdb::FSWritableFile> file;  // empty: on disk for good
  };
  rocksdb::IOStatus list();
  rocksdb::IOStatus open(std::uint64_t number);

  const std::shared_ptr<rocksdb::FileSystem> files_;
  const std::string folder_;
  std::mutex mutex_;
  std::map<std::uint64_t, Log> logs_;
};

}  // namespace tidemark::storage::rocks
