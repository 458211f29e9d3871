#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/routes/graph/sort_keys.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::daemon::graph {

// What accounts can be sorted by. A row that has nothing in the field is not in the order.
struct UserSort {
  std::string_view name;
  // Either an index, and which way its rows run,
  std::optional<storage::graph::UserOrder> index = std::nullopt;
  Way index_way = Way::rising;
  // or a number, for which every row is looked at.
  std::optional<std::int64_t> (*number)(const storage::graph::User& user) = nullptr;
};
[[nodiscard]] const std::vector<UserSort>& user_sorts();

}  // namespace tidemark::daemon::graph
