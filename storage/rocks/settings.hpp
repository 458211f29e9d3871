#pragma once

#include <rocksdb/db.h>

#include <vector>

#include "storage/rocks/families.hpp"
#include "storage/rocks/open.hpp"

namespace tidemark::storage::rocks {

// Every option that we set, for the database and for each of its families.
struct Settings {
  rocksdb::DBOptions database;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  std::shared_ptr<rocksdb::Cache> block_cache, row_cache;
  std::shared_ptr<rocksdb::Env> env;  // of `database`
};
[[nodiscard]] Settings make_settings(const RocksOptions& options);

}  // namespace tidemark::storage::rocks
