#include "storage/accounts.hpp"

#include "storage/account_rows.hpp"
#include "storage/members.hpp"
#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

}  // namespace

std::string account_key(std::uint64_t github_id, std::string_view member) {
  return KeyWriter().u64(github_id).text(member).bytes();
}

AccountRow decode_account(std::string_view key, std::string_view value) {
  return decoded(Table::accounts, key, [&] {
    AccountRow row;
    KeyReader place(key);
    row.github_id = place.u64();
    row.member = place.text();
    place.end();
    ValueReader(value, version, "account").end();
    return row;
  });
}

std::vector<std::string> members_of_account(const Reader& reader, std::uint64_t github_id) {
  std::vector<std::string> members;
  const auto prefix = KeyWriter().u64(github_id).bytes();
  const auto each = [&](std::string_view key, std::string_view value) {
    members.push_back(decode_account(key, value).member);
    return true;
  };
  reader.scan(Table::accounts, prefix, after_prefix(prefix), each);
  return members;
}

void move_account(Writer& writer, std::string_view member, std::uint64_t from, std::uint64_t to) {
  if (from == to) return;
  if (from != 0) writer.erase(Table::accounts, account_key(from, member));
  if (to != 0) writer.put(Table::accounts, account_key(to, member), ValueWriter(version).take());
}

void erase_accounts_of(Writer& writer, std::string_view member) {
  std::vector<std::string> keys;
  const auto each = [&](std::string_view key, std::string_view value) {
    if (decode_account(key, value).member == member) keys.emplace_back(key);
    return true;
  };
  writer.scan(Table::accounts, "", "", each);
  for (const auto& key : keys) writer.erase(Table::accounts, key);
}

void build_accounts(Writer& writer) {
  constexpr std::size_t page = 500;
  std::string after;
  while (true) {
    const auto members = list_members(writer, after, page);
    for (const Member& member : members) move_account(writer, member.id, 0, member.github_id);
    if (members.size() < page) return;
    after = members.back().id;
  }
}

}  // namespace tidemark::storage
