#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "jobs/leave/doomed.hpp"
#include "jobs/token_endpoints.hpp"

// Private to this folder: how one doomed token is ended.

namespace tidemark::jobs::leave {

// What its provider will not end within this time is given up. A provider that answers, and says
// something else, is not waited for that long.
inline constexpr std::int64_t outage_most_ms = std::int64_t{7} * 24 * 3'600'000;
inline constexpr std::int64_t refusal_most_ms = std::int64_t{24} * 3'600'000;

struct Sentence {
  DoomedToken doomed;
  std::optional<storage::Token> token;
  bool whole_grant = false;
};

// Ends the token, or the grant. Leaves in `sentence` the pair that was really ended.
async::Task<TokenAnswer> execute(sign_in::SignInServices& services, Sentence& sentence);

[[nodiscard]] bool is_over(const TokenAnswer& answer);
[[nodiscard]] bool is_hopeless(const TokenAnswer& answer, std::int64_t since_ms,
                               std::int64_t now_ms);
[[nodiscard]] std::string words_of(const DoomedToken& doomed, const TokenAnswer& answer);

// Is it still this pair? A renewal that was under way may have put the next one in its place, which
// is yet to be ended.
[[nodiscard]] bool is_current(const storage::Reader& reader, const storage::Sealer& sealer,
                              const Sentence& sentence);

// The list of the member without the token, and the token itself (doomed.cpp).
void strike_off(storage::Writer& writer, std::string_view member, const DoomedToken& token);

}  // namespace tidemark::jobs::leave
