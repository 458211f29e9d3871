#pragma once

#include <string>
#include <string_view>

#include "storage/graph/user.hpp"

namespace tidemark::jobs::discovery {

// The words of the crawl's GraphQL.

[[nodiscard]] constexpr bool lists_repositories(storage::graph::List list) {
  return list == storage::graph::List::repositories || list == storage::graph::List::stars;
}
// Of an account, a page of a list: its name, arguments, and the fragment that says what is asked.
[[nodiscard]] std::string list_selection(storage::graph::List list, std::string_view paging);
// … and only how long it is.
[[nodiscard]] std::string count_selection(storage::graph::List list);
// What that fragment says. Each is declared only where it is used: GitHub refuses others.
[[nodiscard]] std::string fragment_text(storage::graph::List list);
// Of lists of repositories, beside it.
inline constexpr std::string_view repository_fragment =
    "fragment Repository on Repository{id databaseId name description homepageUrl "
    "primaryLanguage{name} createdAt updatedAt pushedAt stargazerCount forkCount isPrivate isFork "
    "isArchived isDisabled hasIssuesEnabled hasProjectsEnabled hasWikiEnabled}\n";
[[nodiscard]] std::string profile_fields(bool email);
inline constexpr std::string_view organization_fields =
    "databaseId login name location description createdAt updatedAt";

}  // namespace tidemark::jobs::discovery
