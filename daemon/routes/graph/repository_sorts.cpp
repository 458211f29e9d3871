#include "daemon/routes/graph/repository_sorts.hpp"

#include "storage/graph/user.hpp"

namespace tidemark::daemon::graph {

using storage::graph::Repository;

namespace {

using Key = std::optional<SortKey>;

Key name_of(const Repository& repository) {
  if (repository.name.empty()) return std::nullopt;
  return SortKey{0, storage::graph::lower_case(repository.name), repository.id};
}

template <std::uint64_t Repository::* Count>
Key count_of(const Repository& repository) {
  return SortKey{static_cast<std::int64_t>(repository.*Count), {}, repository.id};
}

template <std::optional<std::uint64_t> Repository::* Count>
Key asked_count_of(const Repository& repository) {
  const auto& count = repository.*Count;
  if (!count) return std::nullopt;
  return SortKey{static_cast<std::int64_t>(*count), {}, repository.id};
}

template <std::int64_t Repository::* Time>
Key time_of(const Repository& repository) {
  if (repository.*Time == 0) return std::nullopt;
  return SortKey{repository.*Time, {}, repository.id};
}

}  // namespace

const std::vector<RepositorySort>& repository_sorts() {
  static const std::vector<RepositorySort> sorts = {
      {"owner"},
      {"id"},
      {"name", name_of},
      {"stargazers_count", count_of<&Repository::stargazers>},
      {"forks_count", count_of<&Repository::forks>},
      {"subscribers_count", asked_count_of<&Repository::subscribers>},
      {"open_issues_count", asked_count_of<&Repository::open_issues>},
      {"created_at", time_of<&Repository::created_s>},
      {"updated_at", time_of<&Repository::updated_s>},
      {"pushed_at", time_of<&Repository::pushed_s>},
  };
  return sorts;
}

}  // namespace tidemark::daemon::graph
