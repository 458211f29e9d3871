#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"
#include "storage/secrets.hpp"

namespace tidemark::storage {

// On disk: never change a number.
enum class SignInPhase : std::uint8_t {
  exchanged = 1,  // the code became tokens, which stand sealed under "~<digest>"; not yet whose
  done = 2,       // the tokens are the member's; kept so that the state is not taken again
};

// One return from a provider. Those who only set out leave nothing here: their state is in their
// browser.
struct SignIn {
  std::string digest;  // SHA-256 of the state, 64 hex digits
  SignInPhase phase = SignInPhase::exchanged;
  std::string provider;  // "openhumans" or "github"
  std::string member;    // who connects GitHub; empty once done, and for Open Humans
  std::int64_t created_ms = 0;
  std::int64_t expires_ms = 0;  // the state would not be taken any more: the row may go
};

[[nodiscard]] std::optional<SignIn> find_sign_in(const Reader& reader, std::string_view digest);
// With phase `exchanged`: the row and its tokens, sealed. Throws std::invalid_argument when the
// digest is known: its tokens would be lost.
void begin_sign_in(Writer& writer, const Sealer& sealer, const SignIn& sign_in, const Token& token);
// The tokens of a sign-in that is `exchanged`.
[[nodiscard]] std::optional<Token> find_sign_in_token(const Reader& reader, const Sealer& sealer,
                                                      const SignIn& sign_in);
// Phase `done`: the row loses its member and its tokens. Nothing happens when it is gone.
void end_sign_in(Writer& writer, std::string_view digest);
// Row and tokens.
void erase_sign_in(Writer& writer, std::string_view digest);
// Those of a member who is being erased, with their tokens.
void erase_sign_ins_of(Writer& writer, std::string_view member);
// Does any stand in phase `exchanged`? However many rows there are, it is asked of their tokens.
[[nodiscard]] bool is_sign_in_held(const Reader& reader);
// In order of digest after `after` (exclusive), at most `most`.
[[nodiscard]] std::vector<SignIn> list_sign_ins(const Reader& reader, std::string_view after,
                                                std::size_t most);

}  // namespace tidemark::storage
