#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

// Readers of GitHub's objects. What is missing or of another type is empty, 0 or nullopt.
[[nodiscard]] const boost::json::value* field(const boost::json::value& value,
                                              std::string_view name);
[[nodiscard]] std::string text_field(const boost::json::value& value, std::string_view name);
[[nodiscard]] std::int64_t time_field(const boost::json::value& value, std::string_view name);
[[nodiscard]] std::optional<std::uint64_t> number_field(const boost::json::value& value,
                                                        std::string_view name);

[[nodiscard]] bool flag_field(const boost::json::value& value, std::string_view name);
// Of "User", "Organization", "Bot", "Mannequin"; without a type: a person.
[[nodiscard]] storage::graph::UserKind kind_of_type(std::string_view type);

// What GraphQL and REST call the same things.
struct Vocabulary {
  std::string_view number, node_id, homepage, created, updated, pushed, stargazers, forks;
  std::string_view is_private, is_fork, archived, disabled, issues, projects, wiki;
};
extern const Vocabulary graphql_words, rest_words;
// Of profiles and repositories, what both tell.
[[nodiscard]] storage::graph::Profile read_profile(const boost::json::value& value,
                                                   const Vocabulary& words);
[[nodiscard]] storage::graph::Repository read_repository(const boost::json::value& value,
                                                         const Vocabulary& words);

// GraphQL's. An account by name: __typename, id, databaseId, login. nullopt: it cannot be one.
[[nodiscard]] std::optional<Entry> read_entry(const boost::json::value& value);
[[nodiscard]] storage::graph::Profile read_profile(const boost::json::value& value);
[[nodiscard]] std::optional<storage::graph::Repository> read_repository(
    const boost::json::value& value, UserId owner);
// The connection `value` as a page of a list, of stars with the repositories' owners as entries;
// nullopt when it makes no sense, or would never end.
[[nodiscard]] std::optional<ListPage> read_page(const boost::json::value& value, List list,
                                                UserId owner, std::string_view after);

}  // namespace tidemark::jobs::discovery
