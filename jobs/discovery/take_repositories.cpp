#include "jobs/discovery/take_repositories.hpp"

#include "storage/graph/edges.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::Edge;
using storage::graph::EdgeKind;
using storage::graph::Repository;
using storage::graph::User;

namespace {

bool makes_sense(const Repository& repository) {
  return repository.id != 0 && repository.id <= storage::graph::user_id_most &&
         !repository.name.empty();
}

// What this answer was not asked about stays as it is known.
void keep_known(Repository& fresh, const Repository& known) {
  fresh.first_seen_ms = known.first_seen_ms;
  if (!fresh.subscribers) fresh.subscribers = known.subscribers;
  if (!fresh.open_issues) fresh.open_issues = known.open_issues;
  if (!fresh.has_downloads) fresh.has_downloads = known.has_downloads;
  if (!fresh.has_pages) fresh.has_pages = known.has_pages;
}

// False: there is no room for one more.
bool store(storage::Writer& writer, Taking& taking, Repository repository) {
  const auto known = storage::graph::find_repository(writer, repository.id);
  if (!known && taking.repositories_room == 0) return false;
  if (!known) --taking.repositories_room;
  repository.first_seen_ms = repository.last_seen_ms = taking.now_ms;
  repository.gone_ms = 0;
  if (known) keep_known(repository, *known);
  put_repository(writer, repository);
  ++taking.repositories;
  return true;
}

}  // namespace

std::vector<std::uint64_t> take_repositories(storage::Writer& writer, Taking& taking,
                                             const User& user,
                                             const std::vector<Repository>& repositories) {
  std::vector<std::uint64_t> ids;
  for (Repository repository : repositories) {
    if (!makes_sense(repository)) continue;
    const std::uint64_t id = repository.id;
    repository.owner = user.id;
    // A private one is the operator's own, perhaps: no part of the graph.
    const bool counts = repository.is_private || store(writer, taking, std::move(repository));
    if (counts) ids.push_back(id);
  }
  return ids;
}

std::vector<std::uint64_t> take_stars(storage::Writer& writer, Taking& taking, const User& user,
                                      const ListPage& page) {
  // Their owners are known by name; nobody reads them for having been starred.
  for (const Entry& owner : page.entries) {
    if (owner.id != user.id) (void)take_entry(writer, taking, owner, storage::graph::depth_unknown);
  }
  std::vector<std::uint64_t> ids;
  std::vector<Edge> edges;
  for (const Repository& repository : page.repositories) {
    if (!makes_sense(repository)) continue;
    const bool known =
        repository.owner == user.id || storage::graph::find_user(writer, repository.owner);
    const bool wanted = known && !repository.is_private;
    if (wanted && !store(writer, taking, repository)) continue;
    ids.push_back(repository.id);
    if (wanted) edges.push_back({user.id, repository.id});
  }
  put_edges(writer, EdgeKind::stars, edges);
  taking.edges += edges.size();
  return ids;
}

}  // namespace tidemark::jobs::discovery
