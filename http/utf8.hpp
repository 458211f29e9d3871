#pragma once

#include <string>
#include <string_view>

namespace tidemark::http {

// How many bytes the character at the front of `text` has; 0 when it is no UTF-8.
[[nodiscard]] std::size_t character_bytes(std::string_view text);

// `text`, with U+FFFD for each byte that is no UTF-8. What people put into a path ends up in our
// words about it, and those in JSON, where a stray byte would be an error of ours. A JSON text that
// was made of such words stays one: the bytes stand inside its strings.
[[nodiscard]] std::string as_utf8(std::string text);
[[nodiscard]] std::string as_utf8(std::string_view text);

}  // namespace tidemark::http
