#include <openssl/rand.h>

#include <algorithm>

#include "storage/digest.hpp"
#include "storage/graph/denied_rows.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t version = 1;

std::string denied_key(std::string_view digest) { return KeyWriter().text(digest).bytes(); }

std::string digest_of(std::string_view salt, UserId id) {
  return sha256_hex(std::string(salt) + "number " + std::to_string(id));
}

std::string digest_of(std::string_view salt, std::string_view login) {
  return sha256_hex(std::string(salt) + "login " + lower_case(login));
}

// Empty: nobody was ever denied.
std::string find_salt(const Reader& reader) {
  const auto value = reader.get(Table::meta, salt_row);
  return value ? decode_salt(*value) : std::string();
}

std::string make_salt(Writer& writer) {
  auto salt = find_salt(writer);
  if (!salt.empty()) return salt;
  salt.resize(salt_bytes);
  if (RAND_bytes(reinterpret_cast<unsigned char*>(salt.data()), static_cast<int>(salt_bytes)) != 1)
    throw StoreError(
        "finding a salt for the deny-list failed inside OpenSSL: check that it has a source of "
        "random numbers");
  put_salt(writer, salt);
  return salt;
}

template <class Name>
void allow(Writer& writer, const Name& name) {
  const auto salt = find_salt(writer);
  if (!salt.empty()) writer.erase(Table::graph_denied, denied_key(digest_of(salt, name)));
}

}  // namespace

void put_salt(Writer& writer, std::string_view salt) {
  writer.put(Table::meta, salt_row, ValueWriter(version).text(salt).take());
}

std::string decode_salt(std::string_view value) {
  ValueReader in(value, version, "salt of the deny-list");
  auto salt = in.text();
  in.end();
  if (salt.size() != salt_bytes)
    throw CorruptRecord("the salt has a wrong length" + std::string(damage_remedy));
  return salt;
}

void put_denied(Writer& writer, std::string_view digest, std::int64_t now_ms) {
  writer.put(Table::graph_denied, denied_key(digest), ValueWriter(version).i64(now_ms).take());
}

DeniedRow decode_denied(std::string_view key, std::string_view value) {
  const auto read_key = [](DeniedRow& row, KeyReader& place) { row.digest = place.text(); };
  const auto read_value = [](DeniedRow& row, ValueReader& in) { row.denied_ms = in.i64(); };
  return decoded_row<DeniedRow>(Table::graph_denied, key, value, {version, "denied account"},
                                read_key, read_value);
}

void deny_login(Writer& writer, std::string_view login, std::int64_t now_ms) {
  put_denied(writer, digest_of(make_salt(writer), login), now_ms);
}

void deny_user(Writer& writer, UserId id, std::int64_t now_ms) {
  put_denied(writer, digest_of(make_salt(writer), id), now_ms);
}

void allow_login(Writer& writer, std::string_view login) { allow(writer, login); }
void allow_user(Writer& writer, UserId id) { allow(writer, id); }

DenyList DenyList::load(const Reader& reader) {
  DenyList list;
  list.salt_ = find_salt(reader);
  const auto each = [&](std::string_view key, std::string_view value) {
    list.digests_.push_back(decode_denied(key, value).digest);
    return true;
  };
  reader.scan(Table::graph_denied, "", "", each);
  return list;
}

bool DenyList::denies(UserId id, std::string_view login) const {
  if (digests_.empty()) return false;
  const auto has = [&](const std::string& digest) {
    return std::binary_search(digests_.begin(), digests_.end(), digest);
  };
  if (id != 0 && has(digest_of(salt_, id))) return true;
  return !login.empty() && has(digest_of(salt_, login));
}

std::uint64_t DenyList::stand_in(UserId id) const {
  constexpr std::uint64_t nobodys = 1ULL << 63;
  return nobodys | std::stoull(digest_of(salt_, id).substr(0, 15), nullptr, 16);
}

}  // namespace tidemark::storage::graph
