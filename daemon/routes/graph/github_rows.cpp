#include "daemon/routes/graph/github_rows.hpp"

#include "daemon/routes/graph/github_ids.hpp"
#include "daemon/routes/graph/user_rows.hpp"
#include "storage/graph/edges.hpp"

namespace tidemark::daemon::graph {

using storage::graph::Direction;
using storage::graph::EdgeKind;

namespace {

void write_addresses(JsonText& json, const storage::Reader& reader, std::string_view origin,
                     std::string_view name, EdgeKind kind, Direction direction,
                     std::uint64_t node) {
  const bool repositories = kind == EdgeKind::stars && direction == Direction::outgoing;
  const auto table = repositories ? GithubTable::repositories : GithubTable::developers;
  std::size_t count = 0;
  json.array(name);
  auto visit = [&](std::uint64_t other) {
    json.text(url_of(origin, table, other));
    return ++count < addresses_most;
  };
  storage::graph::scan_neighbours(reader, kind, direction, node, std::nullopt, visit);
  json.end_array();
}

void write_owned(JsonText& json, const storage::Reader& reader, std::string_view origin,
                 storage::graph::UserId owner) {
  std::size_t count = 0;
  json.array("repositories");
  auto visit = [&](const storage::graph::Repository& repository) {
    if (repository.gone_ms != 0) return true;
    json.text(url_of(origin, GithubTable::repositories, repository.id));
    return ++count < addresses_most;
  };
  storage::graph::scan_repositories_of(reader, owner, std::nullopt, visit);
  json.end_array();
}

}  // namespace

void write_developer(JsonText& json, const storage::Reader& reader, std::string_view origin,
                     const storage::graph::User& user) {
  json.object()
      .text("id", uuid_of(GithubTable::developers, user.id))
      .text("url", url_of(origin, GithubTable::developers, user.id))
      .text("github_id", std::to_string(user.id))
      .text("login", user.login);
  write_profile(json, user);
  write_addresses(json, reader, origin, "followers", EdgeKind::follows, Direction::incoming,
                  user.id);
  write_addresses(json, reader, origin, "following", EdgeKind::follows, Direction::outgoing,
                  user.id);
  write_addresses(json, reader, origin, "starred_repositories", EdgeKind::stars,
                  Direction::outgoing, user.id);
  write_owned(json, reader, origin, user.id);
  json.end_object();
}

void write_github_repository(JsonText& json, const storage::Reader& reader, std::string_view origin,
                             const RepositoryRow& row) {
  const auto& repository = row.repository;
  json.object()
      .text("id", uuid_of(GithubTable::repositories, repository.id))
      .text("url", url_of(origin, GithubTable::repositories, repository.id))
      .text("owner", url_of(origin, GithubTable::developers, repository.owner))
      .text("github_id", std::to_string(repository.id))
      .text("owner_github_id", std::to_string(repository.owner));
  write_repository_texts(json, row);
  write_repository_flags(json, repository);
  write_addresses(json, reader, origin, "stargazers", EdgeKind::stars, Direction::incoming,
                  repository.id);
  write_repository_counts(json, repository);
  json.end_object();
}

}  // namespace tidemark::daemon::graph
