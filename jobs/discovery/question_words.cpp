#include "jobs/discovery/question_words.hpp"

#include <fmt/format.h>

namespace tidemark::jobs::discovery {

using storage::graph::List;

namespace {

constexpr std::string_view person_fields = "__typename id databaseId login";
constexpr std::string_view repository_arguments =
    "ownerAffiliations:[OWNER],privacy:PUBLIC,orderBy:{field:CREATED_AT,direction:ASC}";

std::string_view field_of(List list) {
  switch (list) {
    case List::followers: return "followers";
    case List::following: return "following";
    case List::repositories: return "repositories";
    case List::stars: return "starredRepositories";
  }
  return "";
}

std::string_view fragment_of(List list) {
  switch (list) {
    case List::followers: return "Followers";
    case List::following: return "Following";
    case List::repositories: return "Repositories";
    case List::stars: return "Stars";
  }
  return "";
}

}  // namespace

std::string list_selection(List list, std::string_view paging) {
  const std::string extra =
      list == List::repositories ? fmt::format(",{}", repository_arguments) : std::string();
  return fmt::format("{}({}{}){{...{}}}", field_of(list), paging, extra, fragment_of(list));
}

std::string count_selection(List list) {
  const std::string_view arguments =
      list == List::repositories ? "(ownerAffiliations:[OWNER],privacy:PUBLIC)" : "";
  return fmt::format(" {}{}{{totalCount}}", field_of(list), arguments);
}

std::string fragment_text(List list) {
  constexpr std::string_view page = "totalCount pageInfo{hasNextPage endCursor}";
  switch (list) {
    case List::followers:
      return fmt::format("fragment Followers on FollowerConnection{{{} nodes{{{}}}}}\n", page,
                         person_fields);
    case List::following:
      return fmt::format("fragment Following on FollowingConnection{{{} nodes{{{}}}}}\n", page,
                         person_fields);
    case List::repositories:
      return fmt::format(
          "fragment Repositories on RepositoryConnection{{{} nodes{{...Repository}}}}\n", page);
    case List::stars:
      return fmt::format(
          "fragment Stars on StarredRepositoryConnection{{{} nodes{{...Repository "
          "owner{{__typename id login ...on User{{databaseId}} ...on "
          "Organization{{databaseId}}}}}}}}\n",
          page);
  }
  return {};
}

std::string profile_fields(bool email) {
  return fmt::format("databaseId login name location bio company{} createdAt updatedAt",
                     email ? " email" : "");
}

}  // namespace tidemark::jobs::discovery
