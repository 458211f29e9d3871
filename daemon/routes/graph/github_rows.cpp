#include "daemon/routes/graph/github_rows.hpp"

#include "daemon/routes/graph/github_ids.hpp"
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
  const auto& profile = user.profile;
  auto count = [&user](std::uint64_t value) {
    return user.read_ms == 0 ? std::nullopt : std::optional(value);
  };
  json.object()
      .text("id", uuid_of(GithubTable::developers, user.id))
      .text("url", url_of(origin, GithubTable::developers, user.id))
      .text("github_id", std::to_string(user.id))
      .text("login", user.login)
      .text_or_null("name", profile.name)
      .text_or_null("location", profile.location)
      .text_or_null("bio", profile.bio)
      .text_or_null("company", profile.company)
      .text_or_null("email", profile.email)
      .seconds("created_at", profile.created_s)
      .seconds("updated_at", profile.updated_s)
      .number("followers_count", count(profile.followers))
      .number("following_count", count(profile.following))
      .number("public_gists", profile.public_gists)
      .number("public_repos", count(profile.public_repos));
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
      .text("owner_github_id", std::to_string(repository.owner))
      .text("name", repository.name)
      .text("full_name", row.full_name)
      .text_or_null("description", repository.description)
      .text_or_null("homepage", repository.homepage)
      .text_or_null("language", repository.language)
      .seconds("created_at", repository.created_s)
      .seconds("updated_at", repository.updated_s)
      .flag("has_downloads", repository.has_downloads)
      .flag("has_issues", repository.has_issues)
      .flag("has_pages", repository.has_pages)
      .flag("has_projects", repository.has_projects)
      .flag("has_wiki", repository.has_wiki)
      .flag("private", repository.is_private)
      .flag("archived", repository.archived)
      .flag("disabled", repository.disabled);
  write_addresses(json, reader, origin, "stargazers", EdgeKind::stars, Direction::incoming,
                  repository.id);
  json.number("stargazers_count", repository.stargazers)
      .number("subscribers_count", repository.subscribers)
      .number("watchers_count", repository.stargazers)
      .number("open_issues_count", repository.open_issues)
      .end_object();
}

}  // namespace tidemark::daemon::graph
