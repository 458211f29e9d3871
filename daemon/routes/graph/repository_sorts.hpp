#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "daemon/routes/graph/sort_keys.hpp"
#include "storage/graph/repository.hpp"

namespace tidemark::daemon::graph {

// What repositories can be sorted by. A row that has nothing in the field is not in the order.
struct RepositorySort {
  std::string_view name;
  // Nothing: one of the two that have an index, `owner` and `id`.
  std::optional<SortKey> (*key)(const storage::graph::Repository& repository) = nullptr;
};
[[nodiscard]] const std::vector<RepositorySort>& repository_sorts();

}  // namespace tidemark::daemon::graph
