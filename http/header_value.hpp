#pragma once

#include <algorithm>
#include <string_view>

namespace tidemark::http {

// Fit to stand in a header field or a request line that we write: a line break in a token or a
// target from outside would otherwise add fields of its own.
[[nodiscard]] inline bool is_header_safe(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte < 0x7f;
  });
}

}  // namespace tidemark::http
