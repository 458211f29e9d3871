#include "storage/graph/newest_repositories.hpp"

#include "storage/codec.hpp"

namespace tidemark::storage::graph {

void scan_newest_repositories(const Reader& reader, std::optional<RepositoryId> before,
                              const VisitRepository& visit) {
  const std::string until = before ? KeyWriter().u64(*before).bytes() : std::string();
  auto each = [&](std::string_view key, std::string_view) {
    const auto repository = find_repository(reader, KeyReader(key).u64());
    return !repository || visit(*repository);
  };
  reader.scan_backwards(Table::graph_repository_owners, "", until, each);
}

}  // namespace tidemark::storage::graph
