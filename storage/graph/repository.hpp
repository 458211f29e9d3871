#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "storage/engine.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::storage::graph {

using RepositoryId = std::uint64_t;  // GitHub's number; never changes

// Numbers and answers that cost a request or a connection each are optional: not asked.
struct Repository {
  RepositoryId id = 0;
  UserId owner = 0;
  std::string node_id, name;  // without the owner's login, which may change
  std::string description, homepage, language;
  std::int64_t created_s = 0, updated_s = 0, pushed_s = 0;
  std::uint64_t stargazers = 0, forks = 0;
  std::optional<std::uint64_t> subscribers, open_issues;
  bool is_private = false, is_fork = false, archived = false, disabled = false;
  bool has_issues = false, has_projects = false, has_wiki = false;
  std::optional<bool> has_downloads, has_pages;  // REST only
  std::int64_t first_seen_ms = 0, last_seen_ms = 0;
  std::int64_t gone_ms = 0;  // since when it is not among its owner's any more; 0: it is
  friend bool operator==(const Repository&, const Repository&) = default;
};

// The owns edge is the key (owner, repository) one way, and the index by repository the other. A
// repository that has another owner now leaves the former one in the same transaction.
void put_repository(Writer& writer, const Repository& repository);
void erase_repository(Writer& writer, const Repository& repository);
[[nodiscard]] std::optional<Repository> find_repository(const Reader& reader, RepositoryId id);
// Of an owner, ascending by id, after `after`.
using VisitRepository = std::function<bool(const Repository&)>;
void scan_repositories_of(const Reader& reader, UserId owner, std::optional<RepositoryId> after,
                          const VisitRepository& visit);
// Of everybody, in order of owner and id, after that place.
struct RepositoryPosition {
  UserId owner = 0;
  RepositoryId id = 0;
};
void scan_repositories(const Reader& reader, const std::optional<RepositoryPosition>& after,
                       const VisitRepository& visit);

}  // namespace tidemark::storage::graph
