#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/engine.hpp"
#include "storage/graph/row_decoders.hpp"

// Private to the storage room: accounts that must not be learnt again, as digests.

namespace tidemark::storage::graph {

// Of meta: 32 random bytes, made when the first account is denied. Without it nobody can find out
// who is denied by trying names.
inline constexpr std::string_view salt_row = "graph_salt";
inline constexpr std::size_t salt_bytes = 32;

void put_salt(Writer& writer, std::string_view salt);
[[nodiscard]] std::string decode_salt(std::string_view value);
void put_denied(Writer& writer, const DeniedRow& row);

}  // namespace tidemark::storage::graph
