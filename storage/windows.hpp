#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "storage/engine.hpp"

namespace tidemark::storage {

// What the contribution calendar said about a member's 28-day windows (window n = weeks 4n to
// 4n + 3) when they were last asked: a changed digest is a window to ask again.
void put_window(Writer& writer, std::string_view member, std::int32_t window, std::uint64_t digest);
[[nodiscard]] std::map<std::int32_t, std::uint64_t> list_windows(const Reader& reader,
                                                                 std::string_view member);

}  // namespace tidemark::storage
