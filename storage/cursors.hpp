#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/engine.hpp"

namespace tidemark::storage {

// Where a run stands, in the job's own JSON: small, and rewritten in the transaction that stores
// what the last answer brought. Key: owner (member id), then a name.
[[nodiscard]] std::optional<std::string> find_cursor(const Reader& reader, std::string_view owner,
                                                     std::string_view name);
void put_cursor(Writer& writer, std::string_view owner, std::string_view name,
                std::string_view json);
void erase_cursor(Writer& writer, std::string_view owner, std::string_view name);

}  // namespace tidemark::storage
