#include <algorithm>

#include "storage/graph/edges.hpp"
#include "storage/graph/etag_rows.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"
#include "storage/graph/reading_rows.hpp"
#include "storage/graph/repository.hpp"
#include "storage/graph/row_decoders.hpp"
#include "storage/graph/user_rows.hpp"
#include "storage/purge.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

// Under whatever name they were given: people are renamed.
void erase_seeds_of(Writer& writer, UserId id, const std::vector<std::string>& logins) {
  std::vector<std::string> theirs;
  const auto each = [&](std::string_view key, std::string_view value) {
    const SeedRow row = decode_seed(key, value);
    if (row.seed.id == id || std::ranges::find(logins, row.login) != logins.end())
      theirs.push_back(row.login);
    return true;
  };
  writer.scan(Table::graph_seeds, "", "", each);
  for (const auto& login : theirs) erase_seed(writer, login);
}

// The lists of others that are being compared have noted whom they saw.
void erase_from_others(Writer& writer, UserId id) {
  constexpr std::size_t page = 1'000;
  std::optional<std::pair<UserId, List>> after;
  while (true) {
    const auto readings = list_readings(writer, after, page);
    for (const ListReading& reading : readings) {
      const bool of_accounts = reading.list == List::followers || reading.list == List::following;
      if (reading.compares && of_accounts)
        writer.erase(Table::graph_seen, seen_key(reading.user, reading.list, id));
    }
    if (readings.size() < page) return;
    after = {readings.back().user, readings.back().list};
  }
}

// All that is small: at once, so that nobody finds the account from now on.
void erase_traces(Writer& writer, const User& stored) {
  auto logins = former_logins(writer, stored.id);
  if (!stored.login.empty()) logins.push_back(lower_case(stored.login));
  erase_user(writer, stored);
  erase_seeds_of(writer, stored.id, logins);
  for (const auto& login : logins) erase_etags_of(writer, subject_of_login(login));
  erase_etags_of(writer, subject_of(stored.id));
  for (const List list : all_lists) erase_list_reading(writer, stored.id, list);
  erase_from_others(writer, stored.id);
}

// True: none is left.
bool erase_seen_by(Writer& writer, UserId id, std::size_t& most) {
  const auto prefix = seen_prefix(id);
  std::vector<std::string> keys;
  const auto each = [&](std::string_view key, std::string_view) {
    if (keys.size() == most) return false;
    keys.emplace_back(key);
    return true;
  };
  writer.scan(Table::graph_seen, prefix, after_prefix(prefix), each);
  for (const auto& key : keys) writer.erase(Table::graph_seen, key);
  most -= keys.size();
  return most > 0;
}

bool erase_repositories_of(Writer& writer, UserId id, std::size_t& most) {
  while (most > 0) {
    std::optional<Repository> first;
    const auto each = [&](const Repository& repository) {
      first = repository;
      return false;
    };
    scan_repositories_of(writer, id, std::nullopt, each);
    if (!first) return true;
    if (!erase_stars_of(writer, first->id, most)) return false;
    erase_repository(writer, *first);
    --most;
  }
  return false;
}

}  // namespace

bool forget_user(Writer& writer, const User& user, std::size_t most) {
  if (const auto stored = find_user(writer, user.id)) erase_traces(writer, *stored);
  owe_purge(writer, {});
  if (!erase_seen_by(writer, user.id, most)) return false;
  if (!erase_repositories_of(writer, user.id, most)) return false;
  return erase_edges_of(writer, user.id, most);
}

}  // namespace tidemark::storage::graph
