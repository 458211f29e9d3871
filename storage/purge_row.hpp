#pragma once

#include <cstdint>
#include <string_view>

// Private to this room: the row of meta that says how many erasures the disk is owed.

namespace tidemark::storage {

inline constexpr std::string_view purge_row = "purge";

[[nodiscard]] std::uint64_t decode_purge(std::string_view value);

}  // namespace tidemark::storage
