#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

}  // namespace tidemark::storage
