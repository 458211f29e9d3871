#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::daemon {

// A parameter of a query. Its route reads it by this, and the API's description tells this.
struct QueryParameter {
  enum class Kind : std::uint8_t { text, whole_number, number, flag, instant };
  std::string name;
  Kind kind = Kind::text;
  std::uint64_t least = 0, most = 0;      // of a whole number
  std::vector<std::string> choices = {};  // of a text; empty: any
  std::string by_itself = {};             // what it is when it is not given; empty: nothing
  bool required = false;
};
using QueryParameters = std::vector<QueryParameter>;

[[nodiscard]] QueryParameter free_text(std::string_view name);
[[nodiscard]] QueryParameter required_text(std::string_view name);
[[nodiscard]] QueryParameter whole_number(std::string_view name, std::uint64_t least,
                                          std::uint64_t most,
                                          std::optional<std::uint64_t> by_itself = std::nullopt);
[[nodiscard]] QueryParameter one_of(std::string_view name, std::vector<std::string> choices,
                                    std::string_view by_itself = {});

// What the routes take beside their paths, each list in the file of its route.
[[nodiscard]] const QueryParameters& jobs_query();
[[nodiscard]] const QueryParameters& members_query();
[[nodiscard]] const QueryParameters& weeks_query();
[[nodiscard]] const QueryParameters& quota_query();
[[nodiscard]] const QueryParameters& seeds_query();
[[nodiscard]] const QueryParameters& seed_import_query();
[[nodiscard]] const QueryParameters& allow_query();

}  // namespace tidemark::daemon
