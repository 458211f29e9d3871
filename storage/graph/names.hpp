#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/engine.hpp"

namespace tidemark::storage::graph {

// Logins and node ids lead to an account (find_login and find_node_id in user.hpp; put_user writes
// them). One that it has no more leads to it still, until another account takes it, or until it is
// forgotten here.

// Names given up before `before_ms`; looks at no more than `most`, beginning after `after` (empty:
// at the first one). Where it stopped, or nothing when it came to the end.
[[nodiscard]] std::optional<std::string> erase_former_names(Writer& writer, std::int64_t before_ms,
                                                            std::string_view after,
                                                            std::size_t most);

}  // namespace tidemark::storage::graph
