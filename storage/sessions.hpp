#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"

namespace tidemark::storage {

// A browser in which a member is signed in. The cookie's secret is not kept, only its digest: who
// reads the store cannot sign in with it.
struct Session {
  std::string member;
  std::string digest;  // SHA-256 of the secret, 64 hex digits
  std::int64_t created_ms = 0;
  std::int64_t seen_ms = 0;     // of a request; kept to the hour
  std::int64_t expires_ms = 0;  // whatever happens
};

[[nodiscard]] std::optional<Session> find_session(const Reader& reader, std::string_view member,
                                                  std::string_view digest);
// Beyond `most` of a member the ones seen longest ago go.
void put_session(Writer& writer, const Session& session, std::size_t most = 10);
void erase_session(Writer& writer, std::string_view member, std::string_view digest);
void erase_sessions(Writer& writer, std::string_view member);
[[nodiscard]] std::vector<Session> list_sessions(const Reader& reader, std::string_view member);
// Looks at `most` sessions of all members after `after` and erases those that have expired or were
// not seen since `seen_before_ms`. Returns where to go on (bytes, of no other use); empty: the end
// was reached.
std::string erase_old_sessions(Writer& writer, std::string_view after, std::size_t most,
                               std::int64_t now_ms, std::int64_t seen_before_ms);

}  // namespace tidemark::storage
