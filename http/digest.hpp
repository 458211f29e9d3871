#pragma once

#include <string>
#include <string_view>

#include "http/async/random.hpp"

namespace tidemark::http {

// Lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);
[[nodiscard]] std::string hmac_sha1_hex(std::string_view key, std::string_view bytes);

// In the same time for a wrong first letter as for a wrong last one. An empty text equals nothing.
[[nodiscard]] bool same_secret(std::string_view left, std::string_view right);

// RFC 4648, section 5, without padding.
[[nodiscard]] std::string base64url(std::string_view bytes);
// 43 letters of base64url: 32 random bytes.
[[nodiscard]] std::string random_text(async::Random& random);

// RFC 7636: the challenge of a verifier, method S256.
[[nodiscard]] std::string pkce_challenge(std::string_view verifier);

}  // namespace tidemark::http
