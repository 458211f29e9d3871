#include "jobs/discovery/edge_lists.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::Direction;
using storage::graph::Edge;
using storage::graph::EdgeKind;

Edge EdgeList::edge(std::uint64_t node, std::uint64_t other) const {
  return direction == Direction::outgoing ? Edge{node, other} : Edge{other, node};
}

std::optional<EdgeList> edge_list(List list) {
  switch (list) {
    case List::followers: return EdgeList{EdgeKind::follows, Direction::incoming};
    case List::following: return EdgeList{EdgeKind::follows, Direction::outgoing};
    case List::stars: return EdgeList{EdgeKind::stars, Direction::outgoing};
    case List::repositories: break;
  }
  return std::nullopt;
}

void scan_list(const storage::Reader& reader, UserId user, List list,
               const std::function<bool(std::uint64_t id)>& visit) {
  if (const auto edges = edge_list(list)) {
    scan_neighbours(reader, edges->kind, edges->direction, user, std::nullopt, visit);
    return;
  }
  const auto each = [&](const storage::graph::Repository& repository) {
    return repository.gone_ms != 0 || visit(repository.id);
  };
  storage::graph::scan_repositories_of(reader, user, std::nullopt, each);
}

std::uint64_t counted_in(const storage::graph::Profile& profile, List list) {
  switch (list) {
    case List::followers: return profile.followers;
    case List::following: return profile.following;
    case List::repositories: return profile.public_repos;
    case List::stars: break;
  }
  return 0;
}

void set_counted(storage::graph::Profile& profile, List list, std::uint64_t entries) {
  switch (list) {
    case List::followers: profile.followers = entries; break;
    case List::following: profile.following = entries; break;
    case List::repositories: profile.public_repos = entries; break;
    case List::stars: break;
  }
}

}  // namespace tidemark::jobs::discovery
