#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/graph/capability.hpp"
#include "storage/graph/frontier.hpp"
#include "storage/graph/repository.hpp"
#include "storage/graph/user.hpp"

// Private to the storage room: a row of each table of the graph back to the record it was made of.
// All throw CorruptRecord that names table and key. Edges: edge_rows.hpp.

namespace tidemark::storage::graph {

// The forms of rows. On disk: never change a number.
enum class NameForm : std::uint8_t { login = 1, node_id = 2, former = 3 };
enum class SeedForm : std::uint8_t { seed = 1, unresolved = 2 };
// What a digest of the deny-list is of.
enum class DeniedName : std::uint8_t {
  any = 0,     // a login, whoever bears it; in rows of version 1 maybe a number
  number = 1,  // of an account
  bound = 2,   // a login of the account whose number stands in the row, hidden by that login
};

struct NameRow {
  NameForm form = NameForm::login;
  std::string name;
  NameHolder holder;
  // Of NameForm::former: which kind of name it was, and until when.
  NameForm was = NameForm::login;
  std::int64_t former_ms = 0;
};
struct OrderRow {
  UserOrder order = UserOrder::created;
  std::int64_t number = 0;
  UserId id = 0;
};
struct OwnerRow {
  RepositoryId repository = 0;
  UserId owner = 0;
};
struct SeenRow {
  UserId user = 0;
  List list = List::followers;
  std::uint64_t id = 0;
};
struct SeedRow {
  SeedForm form = SeedForm::seed;
  std::string login;  // in lower case
  Seed seed;          // of SeedForm::seed
};
struct DeniedRow {
  std::string digest;
  std::int64_t denied_ms = 0;
  DeniedName name = DeniedName::any;
  std::uint64_t hidden = 0;  // of DeniedName::bound
};
struct EtagRow {
  std::string subject, address, etag;
};

[[nodiscard]] User decode_user(std::string_view key, std::string_view value);
[[nodiscard]] NameRow decode_name(std::string_view key, std::string_view value);
[[nodiscard]] OrderRow decode_order(std::string_view key, std::string_view value);
[[nodiscard]] Totals decode_totals(std::string_view key, std::string_view value);
[[nodiscard]] Repository decode_repository(std::string_view key, std::string_view value);
[[nodiscard]] OwnerRow decode_owner(std::string_view key, std::string_view value);
[[nodiscard]] FrontierEntry decode_place(std::string_view key, std::string_view value);
[[nodiscard]] ListReading decode_list_reading(std::string_view key, std::string_view value);
[[nodiscard]] SeenRow decode_seen(std::string_view key, std::string_view value);
[[nodiscard]] SeedRow decode_seed(std::string_view key, std::string_view value);
// Nobody has looked it up yet.
[[nodiscard]] bool is_unresolved(const Seed& seed);
[[nodiscard]] DeniedRow decode_denied(std::string_view key, std::string_view value);
[[nodiscard]] Capability decode_capability(std::string_view key, std::string_view value);
[[nodiscard]] EtagRow decode_etag(std::string_view key, std::string_view value);

}  // namespace tidemark::storage::graph
