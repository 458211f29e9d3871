#pragma once

#include <string>

#include "storage/graph/repository.hpp"

// Private to the storage room: where a repository stands. Only put_repository and erase_repository
// write there.

namespace tidemark::storage::graph {

[[nodiscard]] std::string repository_key(UserId owner, RepositoryId id);
[[nodiscard]] std::string owner_key(RepositoryId id);
[[nodiscard]] std::string repositories_prefix(UserId owner);
[[nodiscard]] std::string encode_repository(const Repository& repository);

}  // namespace tidemark::storage::graph
