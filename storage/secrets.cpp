#include "storage/secrets.hpp"

#include <stdexcept>

#include "storage/digest.hpp"
#include "storage/graph/denied_rows.hpp"
#include "storage/purge_row.hpp"
#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"
#include "storage/secret_owners.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;
// Of Sealer's layout: version, key id, nonce and tag around a ciphertext that is never empty.
constexpr std::size_t sealed_bytes_min = 1 + 4 + 12 + 1 + 16;

void require_sealed(std::string_view value) {
  if (value.size() < sealed_bytes_min || value.front() != 1)
    throw CorruptRecord(std::string("this is not a sealed value") + damage_remedy);
}

}  // namespace

void check_secret_frame(std::string_view key, std::string_view value) {
  return decoded(Table::secrets, key, [&] {
    KeyReader place(key);
    place.text();
    place.text();
    place.end();
    require_sealed(value);
  });
}

void check_meta_row(std::string_view key, std::string_view value) {
  return decoded(Table::meta, key, [&] {
    if (key == "format") {
      ValueReader in(value, version, "format");
      in.u64();
      return in.end();
    }
    if (key == purge_row) return (void)decode_purge(value);
    if (key == graph::salt_row) return (void)graph::decode_salt(value);
    KeyReader place(key);
    if (place.text() != "canary")
      throw CorruptRecord(std::string("no row of this name is known") + damage_remedy);
    place.u32();
    place.end();
    require_sealed(value);
  });
}

std::optional<Token> find_token(const Reader& reader, const Sealer& sealer, std::string_view member,
                                std::string_view provider) {
  const auto key = secret_key(member, provider);
  const auto sealed = reader.get(Table::secrets, key);
  if (!sealed) return std::nullopt;
  const auto plain = sealer.open(*sealed, key);
  return decoded(Table::secrets, key, [&] {
    ValueReader in(plain, version, "token");
    Token token;
    token.access = in.text();
    token.refresh = in.text();
    token.expires_ms = in.i64();
    token.scope = in.text();
    in.end();
    return token;
  });
}

void put_token(Writer& writer, const Sealer& sealer, std::string_view member,
               std::string_view provider, const Token& token) {
  if (member.empty()) throw std::invalid_argument("a token needs an owner");
  ValueWriter out(version);
  out.text(token.access).text(token.refresh).i64(token.expires_ms).text(token.scope);
  const auto key = secret_key(member, provider);
  writer.put(Table::secrets, key, sealer.seal(out.take(), key));
}

void erase_token(Writer& writer, std::string_view member, std::string_view provider) {
  writer.erase(Table::secrets, secret_key(member, provider));
}

std::string put_doomed_token(Writer& writer, const Sealer& sealer, std::string_view provider,
                             const Token& token) {
  if (provider != "github" && provider != "openhumans")
    throw std::invalid_argument("tokens are revoked at \"github\" and \"openhumans\" only");
  auto owner = doomed_mark + sha256_hex(token.access);
  put_token(writer, sealer, owner, provider, token);
  return owner;
}

std::vector<std::pair<std::string, std::string>> list_doomed_tokens(const Reader& reader,
                                                                    std::size_t most,
                                                                    std::string_view after) {
  std::vector<std::pair<std::string, std::string>> tokens;
  if (most == 0) return tokens;
  const std::string prefix(1, doomed_mark);
  const auto each = [&](std::string_view key, std::string_view) {
    KeyReader place(key);
    auto owner = place.text();
    tokens.emplace_back(std::move(owner), place.text());
    return tokens.size() < most;
  };
  const auto begin = after.empty() ? prefix : after_prefix(KeyWriter().text(after).bytes());
  reader.scan(Table::secrets, begin, after_prefix(prefix), each);
  return tokens;
}

}  // namespace tidemark::storage
