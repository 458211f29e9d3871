#include "jobs/discovery/answer_fields.hpp"

#include <set>

#include "http/iso_time.hpp"
#include "http/json_document.hpp"

namespace tidemark::jobs::discovery {

namespace json = boost::json;
using storage::graph::Profile;
using storage::graph::Repository;
using storage::graph::UserKind;

namespace {

std::optional<UserId> read_id(const json::value& value) {
  const auto id = number_field(value, "databaseId");
  if (!id || *id == 0 || *id > storage::graph::user_id_most) return std::nullopt;
  return id;
}

std::optional<Entry> read_owner(const json::value& repository) {
  const json::value* owner = field(repository, "owner");
  return owner == nullptr ? std::nullopt : read_entry(*owner);
}

void add_person(ListPage& page, const json::value& node, std::set<std::uint64_t>& seen) {
  auto entry = read_entry(node);
  if (!entry) {
    ++page.unreadable;
  } else if (seen.insert(entry->id).second) {
    page.entries.push_back(std::move(*entry));
  }
}

void add_repository(ListPage& page, const json::value& node, UserId owner,
                    std::set<std::uint64_t>& seen) {
  if (page.list == List::stars) {
    const auto named = read_owner(node);
    owner = named ? named->id : 0;
    if (named) page.entries.push_back(*named);
  }
  auto repository = read_repository(node, owner);
  if (!repository) {
    ++page.unreadable;
  } else if (!repository->is_private && seen.insert(repository->id).second) {
    page.repositories.push_back(std::move(*repository));
  }
}

}  // namespace

bool flag_field(const json::value& value, std::string_view name) {
  const json::value* found = field(value, name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

UserKind kind_of_type(std::string_view type) {
  if (type == "Organization") return UserKind::organization;
  return type == "User" || type.empty() ? UserKind::user : UserKind::bot;
}

const json::value* field(const json::value& value, std::string_view name) {
  const json::object* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::string text_field(const json::value& value, std::string_view name) {
  const json::value* found = field(value, name);
  const json::string* text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::string() : std::string(*text);
}

std::int64_t time_field(const json::value& value, std::string_view name) {
  return http::parse_iso_time(text_field(value, name)).value_or(0);
}

std::optional<std::uint64_t> number_field(const json::value& value, std::string_view name) {
  constexpr std::uint64_t most = 1'000'000'000'000;
  const json::value* found = field(value, name);
  const auto number = found == nullptr ? std::nullopt : http::as_unsigned(*found);
  return number && *number <= most ? number : std::nullopt;
}

std::optional<Entry> read_entry(const json::value& value) {
  const auto id = read_id(value);
  if (!id) return std::nullopt;
  Entry entry;
  entry.id = *id;
  entry.node_id = text_field(value, "id");
  entry.login = text_field(value, "login");
  entry.kind = kind_of_type(text_field(value, "__typename"));
  if (entry.login.empty() || entry.node_id.empty()) return std::nullopt;
  return entry;
}

const Vocabulary graphql_words = {.number = "databaseId",
                                  .node_id = "id",
                                  .homepage = "homepageUrl",
                                  .created = "createdAt",
                                  .updated = "updatedAt",
                                  .pushed = "pushedAt",
                                  .stargazers = "stargazerCount",
                                  .forks = "forkCount",
                                  .is_private = "isPrivate",
                                  .is_fork = "isFork",
                                  .archived = "isArchived",
                                  .disabled = "isDisabled",
                                  .issues = "hasIssuesEnabled",
                                  .projects = "hasProjectsEnabled",
                                  .wiki = "hasWikiEnabled"};
const Vocabulary rest_words = {.number = "id",
                               .node_id = "node_id",
                               .homepage = "homepage",
                               .created = "created_at",
                               .updated = "updated_at",
                               .pushed = "pushed_at",
                               .stargazers = "stargazers_count",
                               .forks = "forks_count",
                               .is_private = "private",
                               .is_fork = "fork",
                               .archived = "archived",
                               .disabled = "disabled",
                               .issues = "has_issues",
                               .projects = "has_projects",
                               .wiki = "has_wiki"};

Profile read_profile(const json::value& value, const Vocabulary& words) {
  Profile profile;
  profile.name = text_field(value, "name");
  profile.location = text_field(value, "location");
  profile.bio = text_field(value, "bio");
  profile.company = text_field(value, "company");
  profile.email = text_field(value, "email");
  profile.created_s = time_field(value, words.created);
  profile.updated_s = time_field(value, words.updated);
  return profile;
}

Repository read_repository(const json::value& value, const Vocabulary& words) {
  Repository repository;
  repository.id = number_field(value, words.number).value_or(0);
  repository.node_id = text_field(value, words.node_id);
  repository.name = text_field(value, "name");
  repository.description = text_field(value, "description");
  repository.homepage = text_field(value, words.homepage);
  repository.created_s = time_field(value, words.created);
  repository.updated_s = time_field(value, words.updated);
  repository.pushed_s = time_field(value, words.pushed);
  repository.stargazers = number_field(value, words.stargazers).value_or(0);
  repository.forks = number_field(value, words.forks).value_or(0);
  repository.is_private = flag_field(value, words.is_private);
  repository.is_fork = flag_field(value, words.is_fork);
  repository.archived = flag_field(value, words.archived);
  repository.disabled = flag_field(value, words.disabled);
  repository.has_issues = flag_field(value, words.issues);
  repository.has_projects = flag_field(value, words.projects);
  repository.has_wiki = flag_field(value, words.wiki);
  return repository;
}

Profile read_profile(const json::value& value) {
  Profile profile = read_profile(value, graphql_words);
  if (profile.bio.empty()) profile.bio = text_field(value, "description");  // of organisations
  return profile;
}

std::optional<Repository> read_repository(const json::value& value, UserId owner) {
  Repository repository = read_repository(value, graphql_words);
  if (repository.id == 0 || owner == 0 || repository.name.empty()) return std::nullopt;
  repository.owner = owner;
  if (const json::value* language = field(value, "primaryLanguage")) {
    repository.language = text_field(*language, "name");
  }
  return repository;
}

std::optional<ListPage> read_page(const json::value& value, List list, UserId owner,
                                  std::string_view after) {
  const json::value* nodes = field(value, "nodes");
  const json::value* info = field(value, "pageInfo");
  ListPage page;
  page.list = list;
  page.first = after.empty();
  page.total = number_field(value, "totalCount");
  if (nodes == nullptr || !nodes->is_array() || info == nullptr || !page.total) {
    return std::nullopt;
  }
  const bool people = list == List::followers || list == List::following;
  std::set<std::uint64_t> seen;  // GitHub was seen to give an entry twice
  for (const json::value& node : nodes->get_array()) {
    if (people) {
      add_person(page, node, seen);
    } else {
      add_repository(page, node, owner, seen);
    }
  }
  if (!flag_field(*info, "hasNextPage")) return page;
  page.next = text_field(*info, "endCursor");
  const bool endless = page.next.empty() || page.next == after || nodes->get_array().empty();
  if (endless) return std::nullopt;
  return page;
}

}  // namespace tidemark::jobs::discovery
