#include "storage/graph/repository.hpp"

#include <stdexcept>

#include "storage/graph/repository_rows.hpp"
#include "storage/graph/row_decoders.hpp"
#include "storage/graph/user_rows.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t version = 1;

std::optional<UserId> find_owner(const Reader& reader, RepositoryId id) {
  const auto key = owner_key(id);
  const auto value = reader.get(Table::graph_repository_owners, key);
  if (!value) return std::nullopt;
  return decode_owner(key, *value).owner;
}

void count(Writer& writer, std::uint64_t change) {
  Totals sum = totals(writer);
  sum.repositories += change;
  put_totals(writer, sum);
}

}  // namespace

std::string repository_key(UserId owner, RepositoryId id) {
  return KeyWriter().u64(owner).u64(id).bytes();
}
std::string owner_key(RepositoryId id) { return KeyWriter().u64(id).bytes(); }
std::string repositories_prefix(UserId owner) { return KeyWriter().u64(owner).bytes(); }

OwnerRow decode_owner(std::string_view key, std::string_view value) {
  const auto read_key = [](OwnerRow& row, KeyReader& place) { row.repository = place.u64(); };
  const auto read_value = [](OwnerRow& row, ValueReader& in) { row.owner = in.u64(); };
  return decoded_row<OwnerRow>(Table::graph_repository_owners, key, value,
                               {version, "owner of a repository"}, read_key, read_value);
}

void put_repository(Writer& writer, const Repository& repository) {
  if (repository.id == 0 || repository.owner == 0)
    throw std::invalid_argument("a repository needs its number and its owner's");
  const auto owner = find_owner(writer, repository.id);
  if (owner && *owner != repository.owner)
    writer.erase(Table::graph_repositories, repository_key(*owner, repository.id));
  if (!owner) count(writer, 1);
  if (owner != repository.owner)
    writer.put(Table::graph_repository_owners, owner_key(repository.id),
               ValueWriter(version).u64(repository.owner).take());
  writer.put(Table::graph_repositories, repository_key(repository.owner, repository.id),
             encode_repository(repository));
}

void erase_repository(Writer& writer, const Repository& repository) {
  // Of whoever it is today, whatever the caller holds.
  const auto owner = find_owner(writer, repository.id);
  if (!owner) return;
  writer.erase(Table::graph_repositories, repository_key(*owner, repository.id));
  writer.erase(Table::graph_repository_owners, owner_key(repository.id));
  count(writer, ~std::uint64_t{0});
}

std::optional<Repository> find_repository(const Reader& reader, RepositoryId id) {
  const auto owner = find_owner(reader, id);
  if (!owner) return std::nullopt;
  const auto key = repository_key(*owner, id);
  const auto value = reader.get(Table::graph_repositories, key);
  if (!value) return std::nullopt;
  return decode_repository(key, *value);
}

void scan_repositories_of(const Reader& reader, UserId owner, std::optional<RepositoryId> after,
                          const VisitRepository& visit) {
  const auto prefix = repositories_prefix(owner);
  const auto from = after ? repository_key(owner, *after) + '\0' : prefix;
  const auto each = [&](std::string_view key, std::string_view value) {
    return visit(decode_repository(key, value));
  };
  reader.scan(Table::graph_repositories, from, after_prefix(prefix), each);
}

void scan_repositories(const Reader& reader, const std::optional<RepositoryPosition>& after,
                       const VisitRepository& visit) {
  const auto from = after ? repository_key(after->owner, after->id) + '\0' : std::string();
  const auto each = [&](std::string_view key, std::string_view value) {
    return visit(decode_repository(key, value));
  };
  reader.scan(Table::graph_repositories, from, "", each);
}

}  // namespace tidemark::storage::graph
