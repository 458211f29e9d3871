#pragma once

#include <string>
#include <string_view>

#include "storage/codec.hpp"

// Private to this room: who owns a secret when it is not a member. No member's id begins like that.

namespace tidemark::storage {

// "~<digest>": the tokens of a sign-in that is `exchanged`.
inline constexpr char pending_mark = '~';
// "!<SHA-256 of the access token>": to be revoked.
inline constexpr char doomed_mark = '!';

[[nodiscard]] inline std::string pending_owner(std::string_view digest) {
  return pending_mark + std::string(digest);
}

// Owned by nobody yet, or by nobody any more.
[[nodiscard]] inline bool is_ownerless(std::string_view owner) {
  return !owner.empty() && (owner.front() == pending_mark || owner.front() == doomed_mark);
}

[[nodiscard]] inline std::string secret_key(std::string_view owner, std::string_view provider) {
  return KeyWriter().text(owner).text(provider).bytes();
}

}  // namespace tidemark::storage
