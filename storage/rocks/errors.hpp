#pragma once

#include <rocksdb/status.h>

#include <string>
#include <string_view>

namespace tidemark::storage::rocks {

[[nodiscard]] bool is_disk_full(const rocksdb::Status& status);
// Throws DiskFull or StoreError naming the folder, what we were doing, and the remedy.
[[noreturn]] void throw_disk_full(std::string_view folder, std::string_view why);
[[noreturn]] void throw_status(const rocksdb::Status& status, std::string_view folder,
                               std::string_view doing);
inline void check(const rocksdb::Status& status, std::string_view folder, std::string_view doing) {
  if (!status.ok()) throw_status(status, folder, doing);
}

}  // namespace tidemark::storage::rocks
