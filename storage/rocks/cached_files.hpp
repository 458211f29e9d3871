#pragma once

#include <rocksdb/env.h>

#include <cstddef>
#include <memory>

namespace tidemark::storage::rocks {

// While one of these lives, its thread does not wait for the disk: files of with_cached_files()
// give what the kernel has in memory, at most `reads_most` times, and fail otherwise.
class NoWaiting {
 public:
  explicit NoWaiting(std::size_t reads_most);
  ~NoWaiting();
  NoWaiting(const NoWaiting&) = delete;
  NoWaiting& operator=(const NoWaiting&) = delete;
};

// What such a read fails with; also a walk that may not skip as many erased rows as it would have
// to.
[[nodiscard]] bool would_wait(const rocksdb::Status& status);

// Files and clock of `env`, with NoWaiting observed.
[[nodiscard]] std::shared_ptr<rocksdb::Env> with_cached_files(rocksdb::Env& env);

}  // namespace tidemark::storage::rocks
