#pragma once

#include <functional>
#include <optional>

#include "storage/engine.hpp"
#include "storage/graph/repository.hpp"

namespace tidemark::storage::graph {

// Everybody's repositories, newest first: GitHub's numbers rise with each one that is made.
// `before`: where the page before ended.
void scan_newest_repositories(const Reader& reader, std::optional<RepositoryId> before,
                              const VisitRepository& visit);

}  // namespace tidemark::storage::graph
