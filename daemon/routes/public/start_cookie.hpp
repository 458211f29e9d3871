#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/async/random.hpp"
#include "http/cookie.hpp"
#include "http/message.hpp"
#include "storage/seal.hpp"

namespace tidemark::daemon {

// Where a sign-in stands while the person is away at the provider. It travels in a cookie of their
// browser, sealed: another browser does not have it, nobody can read or forge it, and people who
// never come back cost neither memory nor room on the disk.
struct SignInStart {
  std::string provider;  // "openhumans" or "github"
  std::string member;    // who connects GitHub; empty for Open Humans
  bool wants_private = false;
  bool again = false;    // GitHub, for the second time: the first grant was too wide
  std::string state;     // 43 letters of base64url
  std::string verifier;  // of PKCE
  std::int64_t expires_ms = 0;
};

// Open Humans may keep a person for an hour (a new account, an e-mail to confirm).
inline constexpr std::int64_t sign_in_start_ms = 2 * 3'600'000;
inline constexpr std::size_t sign_in_starts_most = 4;  // at the same time in one browser

[[nodiscard]] SignInStart begin_start(async::Random& random, std::string provider,
                                      std::string member, bool wants_private, std::int64_t now_ms);
// Set-Cookie headers: this one, and the deletion of the oldest beyond the limit.
[[nodiscard]] std::vector<std::string> start_cookies(const storage::Sealer& sealer,
                                                     const SignInStart& start,
                                                     const http::Headers& request, bool secure);
// The start of that state in this browser: unforged, not too old, of that provider.
[[nodiscard]] std::optional<SignInStart> find_start(const storage::Sealer& sealer,
                                                    const http::Headers& request,
                                                    std::string_view state,
                                                    std::string_view provider, bool secure,
                                                    std::int64_t now_ms);
[[nodiscard]] std::string end_start_cookie(std::string_view state, bool secure);

}  // namespace tidemark::daemon
