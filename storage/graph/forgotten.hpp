#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::storage::graph {

// Accounts that must not be learnt again. Kept as digests of what names them (SHA-256 under a salt
// of this store): the list tells nobody's name, but knows them when it sees them.
//
// Whoever bears the login.
void deny_login(Writer& writer, std::string_view login, std::int64_t now_ms);
// This account, whatever it is called later. Its login (empty: not known) then stands for it and no
// longer for others who may take it.
void deny_user(Writer& writer, UserId id, std::string_view login, std::int64_t now_ms);
// By login also the account that was denied with it.
void allow_login(Writer& writer, std::string_view login);
void allow_user(Writer& writer, UserId id);
// All at once in memory, for a crawl that asks for thousands a second. Some hundred bytes each.
class DenyList {
 public:
  [[nodiscard]] static DenyList load(const Reader& reader);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  // 0: of whoever bears the login, its number is not known yet.
  [[nodiscard]] bool denies(UserId id, std::string_view login) const;
  // A number in the place of this one, for a count of what was seen: no account has it, and it says
  // no more than the list does.
  [[nodiscard]] std::uint64_t stand_in(UserId id) const;

 private:
  struct Row {
    std::string digest;
    std::optional<std::uint64_t> hidden;
  };
  [[nodiscard]] const Row* find(const std::string& digest) const;

  std::string salt_;
  std::vector<Row> rows_;  // by digest
};

// Everything of an account: its row, names, orders, place, readings, seed, edges in both
// directions, tombstones, repositories, stars of those. At most `most` rows at a time, so that a
// celebrity does not hold up the store: false, there is more; call again. Owes a purge
// (storage/purge.hpp). The account is gone for readers from the first call on. Deny it in that
// transaction: else a crawl may store it again meanwhile.
bool forget_user(Writer& writer, const User& user, std::size_t most);

}  // namespace tidemark::storage::graph
