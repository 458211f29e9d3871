#pragma once

#include <filesystem>
#include <memory>

#include "storage/engine.hpp"

namespace rocksdb {
class Env;
}

namespace tidemark::storage {

struct RocksOptions {
  std::size_t block_cache_bytes = 8 * 1024 * 1024;
  std::size_t row_cache_bytes = 4 * 1024 * 1024;
  std::size_t write_buffer_bytes = 4 * 1024 * 1024;
  // A write is refused as DiskFull while less than this is free, so that the log never tears.
  std::uint64_t free_bytes_min = 64 * 1024 * 1024;
  rocksdb::Env* env = nullptr;  // for tests: in memory, or one that fails on purpose
};

// Opens or creates. Throws StoreError naming the folder and the remedy: another process holds it,
// it is not readable, it is not a store, or it is damaged.
std::unique_ptr<Engine> open_rocks(const std::filesystem::path& folder,
                                   const RocksOptions& options);
// A store that lives in memory: for tests and simulations.
std::unique_ptr<Engine> open_rocks_in_memory();

}  // namespace tidemark::storage
