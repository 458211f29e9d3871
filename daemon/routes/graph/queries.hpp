#pragma once

#include <string>
#include <vector>

#include "daemon/routes/graph/field_filter.hpp"
#include "daemon/routes/query_parameters.hpp"

namespace tidemark::daemon::graph {

// What the routes of this folder take beside their paths and their filters, each list in the file
// of its route.
[[nodiscard]] const QueryParameters& users_query();
[[nodiscard]] const QueryParameters& user_list_query();  // followers, following, repositories
[[nodiscard]] const QueryParameters& repositories_query();
[[nodiscard]] const QueryParameters& neighbours_query();
[[nodiscard]] const QueryParameters& mutual_query();
[[nodiscard]] const QueryParameters& path_query();
[[nodiscard]] const QueryParameters& top_query();
[[nodiscard]] const QueryParameters& export_query();
[[nodiscard]] const QueryParameters& github_page_query();  // of the replaced system's lists

// The filters, each test of each field as a parameter: "login", "login__gte", …
[[nodiscard]] QueryParameters filter_query(const std::vector<FieldRule>& rules);
// The same in words that go on after a list: "; filters: kind, presence; also with __gte …". With
// each kind of rows, for a QueryReader.
[[nodiscard]] std::string filter_words(const std::vector<FieldRule>& rules);
[[nodiscard]] std::string user_filter_words();
[[nodiscard]] std::string repository_filter_words();
// What the crawl's quota can be filtered by.
[[nodiscard]] const std::vector<FieldRule>& window_rules();

// `limit` of a list, and `sort` by one of these, each of them both ways.
[[nodiscard]] QueryParameter rows_limit();
template <class Sort>
QueryParameter sort_of(const std::vector<Sort>& sorts, std::string_view by_itself) {
  std::vector<std::string> choices;
  for (const Sort& sort : sorts) {
    choices.emplace_back(sort.name);
    choices.push_back("-" + choices.back());
  }
  return one_of("sort", std::move(choices), by_itself);
}

}  // namespace tidemark::daemon::graph
