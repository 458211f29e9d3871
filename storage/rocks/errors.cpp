#include "storage/rocks/errors.hpp"

#include <fmt/format.h>

#include "storage/engine.hpp"

namespace tidemark::storage::rocks {

bool is_disk_full(const rocksdb::Status& status) {
  if (status.IsNoSpace()) return true;
  // RocksDB has no code for a quota of the file system.
  return status.IsIOError() && status.ToString().find("Disk quota exceeded") != std::string::npos;
}

void throw_disk_full(std::string_view folder, std::string_view why) {
  throw DiskFull(
      fmt::format("{}: no room to write ({}): make room on that file system; writes "
                  "succeed again then, no restart is needed",
                  folder, why));
}

void throw_status(const rocksdb::Status& status, std::string_view folder, std::string_view doing) {
  if (is_disk_full(status)) throw_disk_full(folder, status.ToString());
  if (status.IsCorruption()) {
    throw StoreError(
        fmt::format("{}: damaged, found while {} ({}): stop tidemark, keep a copy of "
                    "the folder, and restore a backup",
                    folder, doing, status.ToString()));
  }
  throw StoreError(
      fmt::format("{}: {} failed ({}): check the disk and the folder's permissions, "
                  "then start tidemark again",
                  folder, doing, status.ToString()));
}

}  // namespace tidemark::storage::rocks
