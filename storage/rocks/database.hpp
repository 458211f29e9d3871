#pragma once

#include <rocksdb/db.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "storage/rocks/families.hpp"
#include "storage/rocks/settings.hpp"

namespace tidemark::storage::rocks {

// An open database and its handles, which must go before it.
class Database {
 public:
  enum class Access { full, read_only };
  // Opens, or creates with full access; throws StoreError as documented in open.hpp.
  Database(const std::string& folder, const Settings& settings, Access access);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] rocksdb::DB& db() const { return *db_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(Table table) const {
    return family(family_of(table));
  }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(Family family) const {
    return families_[static_cast<std::size_t>(family)];
  }
  [[nodiscard]] std::vector<rocksdb::ColumnFamilyHandle*> families() const {
    return {families_.begin(), families_.end()};
  }

 private:
  std::shared_ptr<rocksdb::Env> env_;  // outlives the database
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, family_count> families_{};
};

}  // namespace tidemark::storage::rocks
