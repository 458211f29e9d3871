#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tidemark::http {

// "2026-01-05T10:00:00Z", "2026-01-05T10:00:00.25+02:00" (RFC 3339) in Unix seconds, fractions cut
// off. GitHub's GraphQL gives its reset in this form, its REST headers in seconds.
[[nodiscard]] std::optional<std::int64_t> parse_iso_time(std::string_view text);

}  // namespace tidemark::http
