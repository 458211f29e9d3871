#include "storage/sessions.hpp"

#include <algorithm>
#include <tuple>

#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

std::string session_key(std::string_view member, std::string_view digest) {
  return KeyWriter().text(member).text(digest).bytes();
}

// Leaves room for one more.
void erase_surplus(Writer& writer, const Session& fresh, std::size_t most) {
  auto others = list_sessions(writer, fresh.member);
  std::erase_if(others, [&](const Session& other) { return other.digest == fresh.digest; });
  const auto stays = std::max<std::size_t>(most, 1) - 1;
  if (others.size() <= stays) return;
  const auto seen_later = [](const Session& left, const Session& right) {
    return std::tie(left.seen_ms, left.created_ms) > std::tie(right.seen_ms, right.created_ms);
  };
  std::sort(others.begin(), others.end(), seen_later);
  for (std::size_t at = stays; at < others.size(); ++at)
    erase_session(writer, fresh.member, others[at].digest);
}

}  // namespace

Session decode_session(std::string_view key, std::string_view value) {
  return decoded(Table::sessions, key, [&] {
    Session session;
    KeyReader place(key);
    session.member = place.text();
    session.digest = place.text();
    place.end();
    ValueReader in(value, version, "session");
    session.created_ms = in.i64();
    session.seen_ms = in.i64();
    session.expires_ms = in.i64();
    in.end();
    return session;
  });
}

std::optional<Session> find_session(const Reader& reader, std::string_view member,
                                    std::string_view digest) {
  const auto key = session_key(member, digest);
  const auto value = reader.get(Table::sessions, key);
  if (!value) return std::nullopt;
  return decode_session(key, *value);
}

void put_session(Writer& writer, const Session& session, std::size_t most) {
  require_member_id(session.member);
  erase_surplus(writer, session, most);
  ValueWriter out(version);
  out.i64(session.created_ms).i64(session.seen_ms).i64(session.expires_ms);
  writer.put(Table::sessions, session_key(session.member, session.digest), out.take());
}

void erase_session(Writer& writer, std::string_view member, std::string_view digest) {
  writer.erase(Table::sessions, session_key(member, digest));
}

void erase_sessions(Writer& writer, std::string_view member) {
  const auto prefix = KeyWriter().text(member).bytes();
  writer.erase_range(Table::sessions, prefix, after_prefix(prefix));
}

std::vector<Session> list_sessions(const Reader& reader, std::string_view member) {
  std::vector<Session> sessions;
  const auto prefix = KeyWriter().text(member).bytes();
  const auto each = [&](std::string_view key, std::string_view value) {
    sessions.push_back(decode_session(key, value));
    return true;
  };
  reader.scan(Table::sessions, prefix, after_prefix(prefix), each);
  return sessions;
}

std::string erase_old_sessions(Writer& writer, std::string_view after, std::size_t most,
                               std::int64_t now_ms, std::int64_t seen_before_ms) {
  if (most == 0) return std::string(after);
  std::size_t looked_at = 0;
  std::string last;
  std::vector<Session> old;
  const auto each = [&](std::string_view key, std::string_view value) {
    const auto session = decode_session(key, value);
    if (session.expires_ms <= now_ms || session.seen_ms < seen_before_ms) old.push_back(session);
    last = key;
    return ++looked_at < most;
  };
  const auto from = after.empty() ? std::string() : std::string(after) + '\0';
  writer.scan(Table::sessions, from, "", each);
  for (const auto& session : old) erase_session(writer, session.member, session.digest);
  return looked_at < most ? std::string() : last;
}

}  // namespace tidemark::storage
