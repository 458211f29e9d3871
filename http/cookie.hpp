#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"

namespace tidemark::http {

// Name and value of every cookie of the request, in order; malformed pairs are left out (RFC 6265).
[[nodiscard]] std::vector<std::pair<std::string, std::string>> cookies_of(const Headers& headers);

// A cookie for our own origin: Path=/, HttpOnly, SameSite=Lax.
struct SetCookie {
  std::string name, value;
  std::int64_t max_age_s = 0;  // 0 or less: deletes it
  bool secure = false;         // over TLS only
};
// The value of a Set-Cookie header. Throws std::invalid_argument for a name or value that RFC 6265
// does not allow.
[[nodiscard]] std::string set_cookie(const SetCookie& cookie);

}  // namespace tidemark::http
