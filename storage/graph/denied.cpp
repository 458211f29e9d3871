#include <openssl/rand.h>

#include <algorithm>

#include "storage/digest.hpp"
#include "storage/graph/denied_rows.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t salt_version = 1;
// 2: what the digest is of.
constexpr std::uint8_t version = 2;

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

// Takes a number for its hidden form, and back. Only who knows the login can.
std::uint64_t hide(std::string_view salt, std::string_view login, std::uint64_t number) {
  const auto digest = sha256_hex(std::string(salt) + "number of " + lower_case(login));
  return number ^ std::stoull(digest.substr(0, 16), nullptr, 16);
}

std::optional<DeniedRow> find_row(const Reader& reader, std::string_view digest) {
  const auto key = denied_key(digest);
  const auto value = reader.get(Table::graph_denied, key);
  if (!value) return std::nullopt;
  return decode_denied(key, *value);
}

}  // namespace

void put_salt(Writer& writer, std::string_view salt) {
  writer.put(Table::meta, salt_row, ValueWriter(salt_version).text(salt).take());
}

std::string decode_salt(std::string_view value) {
  ValueReader in(value, salt_version, "salt of the deny-list");
  auto salt = in.text();
  in.end();
  if (salt.size() != salt_bytes)
    throw CorruptRecord("the salt has a wrong length" + std::string(damage_remedy));
  return salt;
}

void put_denied(Writer& writer, const DeniedRow& row) {
  ValueWriter out(version);
  out.i64(row.denied_ms).u64(static_cast<std::uint64_t>(row.name));
  if (row.name == DeniedName::bound) out.u64(row.hidden);
  writer.put(Table::graph_denied, denied_key(row.digest), out.take());
}

DeniedRow decode_denied(std::string_view key, std::string_view value) {
  const auto read_key = [](DeniedRow& row, KeyReader& place) { row.digest = place.text(); };
  const auto read_value = [](DeniedRow& row, ValueReader& in) {
    row.denied_ms = in.i64();
    if (in.version() < 2) return;
    row.name = enumerated(in.u64(), DeniedName::any, DeniedName::bound);
    if (row.name == DeniedName::bound) row.hidden = in.u64();
  };
  return decoded_row<DeniedRow>(Table::graph_denied, key, value, {version, "denied account"},
                                read_key, read_value);
}

void deny_login(Writer& writer, std::string_view login, std::int64_t now_ms) {
  put_denied(writer, {digest_of(make_salt(writer), login), now_ms, DeniedName::any, 0});
}

void deny_user(Writer& writer, UserId id, std::string_view login, std::int64_t now_ms) {
  const auto salt = make_salt(writer);
  put_denied(writer, {digest_of(salt, id), now_ms, DeniedName::number, 0});
  if (login.empty()) return;
  put_denied(writer, {digest_of(salt, login), now_ms, DeniedName::bound, hide(salt, login, id)});
}

void allow_login(Writer& writer, std::string_view login) {
  const auto salt = find_salt(writer);
  if (salt.empty()) return;
  const auto row = find_row(writer, digest_of(salt, login));
  if (!row) return;
  if (row->name == DeniedName::bound) allow_user(writer, hide(salt, login, row->hidden));
  writer.erase(Table::graph_denied, denied_key(row->digest));
}

void allow_user(Writer& writer, UserId id) {
  const auto salt = find_salt(writer);
  if (!salt.empty()) writer.erase(Table::graph_denied, denied_key(digest_of(salt, id)));
}

DenyList DenyList::load(const Reader& reader) {
  DenyList list;
  list.salt_ = find_salt(reader);
  const auto each = [&](std::string_view key, std::string_view value) {
    const DeniedRow row = decode_denied(key, value);
    list.rows_.push_back({row.digest, std::nullopt});
    if (row.name == DeniedName::bound) list.rows_.back().hidden = row.hidden;
    return true;
  };
  reader.scan(Table::graph_denied, "", "", each);
  return list;
}

const DenyList::Row* DenyList::find(const std::string& digest) const {
  const auto found = std::ranges::lower_bound(rows_, digest, {}, &Row::digest);
  return found != rows_.end() && found->digest == digest ? &*found : nullptr;
}

bool DenyList::denies(UserId id, std::string_view login) const {
  if (rows_.empty()) return false;
  if (id != 0 && find(digest_of(salt_, id)) != nullptr) return true;
  const Row* row = login.empty() ? nullptr : find(digest_of(salt_, login));
  if (row == nullptr || !row->hidden) return row != nullptr;
  // It stands for its account, as long as that is denied.
  return id == 0 && find(digest_of(salt_, hide(salt_, login, *row->hidden))) != nullptr;
}

std::uint64_t DenyList::stand_in(UserId id) const {
  constexpr std::uint64_t nobodys = 1ULL << 63;
  return nobodys | std::stoull(digest_of(salt_, id).substr(0, 15), nullptr, 16);
}

}  // namespace tidemark::storage::graph
