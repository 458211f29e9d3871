#pragma once

#include <optional>

#include "storage/engine.hpp"
#include "storage/graph/repository.hpp"

namespace tidemark::storage::graph {

// Everybody's repositories by number, so by age: GitHub's numbers rise with each one that is made.
// `after`, `before`: where the page before ended.
void scan_oldest_repositories(const Reader& reader, std::optional<RepositoryId> after,
                              const VisitRepository& visit);
void scan_newest_repositories(const Reader& reader, std::optional<RepositoryId> before,
                              const VisitRepository& visit);
// One account's.
void scan_newest_repositories_of(const Reader& reader, UserId owner,
                                 std::optional<RepositoryId> before, const VisitRepository& visit);
// As scan_repositories, the other way round.
void scan_repositories_backwards(const Reader& reader,
                                 const std::optional<RepositoryPosition>& before,
                                 const VisitRepository& visit);

}  // namespace tidemark::storage::graph
