#pragma once

#include <string>

#include "storage/graph/user.hpp"

// Private to the storage room: what a list's reading has seen.

namespace tidemark::storage::graph {

[[nodiscard]] std::string seen_key(UserId user, List list, std::uint64_t id);
// Of all lists of an account.
[[nodiscard]] std::string seen_prefix(UserId user);

}  // namespace tidemark::storage::graph
