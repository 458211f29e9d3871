#pragma once

#include <string>
#include <vector>

#include "daemon/json_text.hpp"
#include "daemon/routes/graph/field_filter.hpp"
#include "storage/graph/repository.hpp"

namespace tidemark::daemon::graph {

struct RepositoryRow {
  storage::graph::Repository repository;
  std::string owner_login, full_name;
};
// Finds the owners' logins; one at a time is remembered, as rows of an owner follow each other.
class RepositoryRows {
 public:
  explicit RepositoryRows(const storage::Reader& reader) : reader_(reader) {}
  [[nodiscard]] RepositoryRow row_of(storage::graph::Repository repository);

 private:
  const storage::Reader& reader_;
  storage::graph::UserId owner_ = 0;
  std::string login_;
};

// What repositories can be filtered by: the fields of the replaced system, and fork.
[[nodiscard]] const std::vector<Field<RepositoryRow>>& repository_fields();

void write_repository(JsonText& json, const RepositoryRow& row);
// The same into an object that is open already.
void write_repository_fields(JsonText& json, const RepositoryRow& row);
// Parts of it, which the replaced system had in this order, too.
void write_repository_texts(JsonText& json, const RepositoryRow& row);
void write_repository_flags(JsonText& json, const storage::graph::Repository& repository);
void write_repository_counts(JsonText& json, const storage::graph::Repository& repository);

}  // namespace tidemark::daemon::graph
