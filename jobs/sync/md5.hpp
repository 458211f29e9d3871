#pragma once

#include <string>
#include <string_view>

namespace tidemark::jobs::sync {

// 32 hex digits. Not for security: it is the ETag that Open Humans' storage answers an upload with.
[[nodiscard]] std::string md5_hex(std::string_view bytes);

}  // namespace tidemark::jobs::sync
