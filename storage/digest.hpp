#pragma once

#include <string>
#include <string_view>

// Private to this room.

namespace tidemark::storage {

// 64 hex digits. Throws StoreError if OpenSSL cannot.
[[nodiscard]] std::string sha256_hex(std::string_view text);

}  // namespace tidemark::storage
