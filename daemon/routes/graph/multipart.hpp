#pragma once

#include <string_view>

#include "http/url.hpp"

namespace tidemark::daemon::graph {

// The texts of a multipart/form-data body (RFC 7578), as `curl -F` sends a form; what is no such
// body, or breaks off, gives what came before. Files count as texts: none are asked for.
[[nodiscard]] http::Form decode_multipart(std::string_view content_type, std::string_view body);

}  // namespace tidemark::daemon::graph
