#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/engine.hpp"
#include "storage/seal.hpp"

namespace tidemark::storage {

// One grant of one provider: "github" or "openhumans". Sealed in the store, never in a log.
struct Token {
  std::string access;
  std::string refresh;          // empty: cannot be refreshed
  std::int64_t expires_ms = 0;  // our clock, Unix; 0: does not expire
  std::string scope;
};

[[nodiscard]] std::optional<Token> find_token(const Reader& reader, const Sealer& sealer,
                                              std::string_view member, std::string_view provider);
void put_token(Writer& writer, const Sealer& sealer, std::string_view member,
               std::string_view provider, const Token& token);
void erase_token(Writer& writer, std::string_view member, std::string_view provider);

// A token to be revoked at its provider ("github" or "openhumans"): nobody's any more, but kept
// until that is confirmed. Returns the owner under which find_token and erase_token know it: "!"
// and the SHA-256 of the access token, so that the same one is kept once.
std::string put_doomed_token(Writer& writer, const Sealer& sealer, std::string_view provider,
                             const Token& token);
// Owner and provider of each, in order of owner after `after` (exclusive), at most `most`.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> list_doomed_tokens(
    const Reader& reader, std::size_t most, std::string_view after = {});

}  // namespace tidemark::storage
