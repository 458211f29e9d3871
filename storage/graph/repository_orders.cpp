#include "storage/graph/repository_orders.hpp"

#include <limits>

#include "storage/codec.hpp"
#include "storage/graph/repository_rows.hpp"
#include "storage/graph/row_decoders.hpp"

namespace tidemark::storage::graph {
namespace {

// Rows of owners lead to the repositories.
Reader::Visit by_owner_rows(const Reader& reader, const VisitRepository& visit) {
  return [&](std::string_view key, std::string_view) {
    const auto repository = find_repository(reader, KeyReader(key).u64());
    return !repository || visit(*repository);
  };
}

}  // namespace

void scan_oldest_repositories(const Reader& reader, std::optional<RepositoryId> after,
                              const VisitRepository& visit) {
  const std::string from = after ? owner_key(*after) + '\0' : std::string();
  reader.scan(Table::graph_repository_owners, from, "", by_owner_rows(reader, visit));
}

void scan_newest_repositories(const Reader& reader, std::optional<RepositoryId> before,
                              const VisitRepository& visit) {
  const std::string until = before ? owner_key(*before) : std::string();
  reader.scan_backwards(Table::graph_repository_owners, "", until, by_owner_rows(reader, visit));
}

void scan_newest_repositories_of(const Reader& reader, UserId owner,
                                 std::optional<RepositoryId> before, const VisitRepository& visit) {
  constexpr auto behind_all = std::numeric_limits<RepositoryId>::max();
  // Those of one owner stand together, by number.
  const auto of_owner = [&](const Repository& repository) {
    return repository.owner == owner && visit(repository);
  };
  scan_repositories_backwards(reader, RepositoryPosition{owner, before.value_or(behind_all)},
                              of_owner);
}

void scan_repositories_backwards(const Reader& reader,
                                 const std::optional<RepositoryPosition>& before,
                                 const VisitRepository& visit) {
  const auto until = before ? repository_key(before->owner, before->id) : std::string();
  const auto each = [&](std::string_view key, std::string_view value) {
    return visit(decode_repository(key, value));
  };
  reader.scan_backwards(Table::graph_repositories, "", until, each);
}

}  // namespace tidemark::storage::graph
