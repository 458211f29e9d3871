#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/graph/pages.hpp"
#include "daemon/routes/graph/sort_keys.hpp"

namespace tidemark::daemon::graph {

// `sort` and `cursor` as they were asked for.
template <class Sort>
struct SortAsked {
  const Sort* by = nullptr;
  Way way = Way::rising;
  std::string text;  // "-created_at"
  std::optional<SortKey> after;
};

// One of `sorts` by its name, with a "-" before it for falling; what is wrong is said to `query`.
// `instead`: in place of the order that is taken by itself.
template <class Sort>
SortAsked<Sort> read_sort(QueryReader& query, const std::vector<Sort>& sorts,
                          std::string_view instead = {}) {
  SortAsked<Sort> asked;
  const auto given = query.text("sort");
  asked.text = given ? *given : instead.empty() ? query.choice("sort") : std::string(instead);
  const bool falls = asked.text.starts_with('-');
  if (falls) asked.way = Way::falling;
  const auto found = std::ranges::find(sorts, asked.text.substr(falls ? 1 : 0), &Sort::name);
  asked.by = found == sorts.end() ? &sorts.front() : &*found;
  if (found == sorts.end()) {
    std::string names;
    for (const Sort& sort : sorts) names.append(names.empty() ? "" : ", ").append(sort.name);
    query.fail("sort must be one of " + names + "; with - before it the other way round");
  }
  if (const auto cursor = query.cursor(); !cursor.empty()) {
    asked.after = read_sort_cursor(asked.text, cursor);
    if (!asked.after) query.fail(foreign_cursor);
  }
  return asked;
}

// Keys are one more than the page has room for, if there are others.
[[nodiscard]] inline std::optional<std::string> next_of_keys(std::string_view sort,
                                                             const std::vector<SortKey>& keys,
                                                             std::size_t limit) {
  if (keys.size() <= limit) return std::nullopt;
  return sort_cursor(sort, keys[limit - 1]);
}

}  // namespace tidemark::daemon::graph
