#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulators/graphql/document.hpp"
#include "tests/simulators/graphql/schema.hpp"

namespace tidemark::simulators::graphql {

// A query with its variables, as far as it can be judged without running it.
struct Query {
  Document document;
  const Operation* operation = nullptr;  // into document
  boost::json::object variables;         // defaults filled in
  boost::json::array errors;             // GitHub's words; empty when it may run

  Query() = default;
  Query(Query&&) = default;  // a vector keeps its elements' addresses when moved
  Query& operator=(Query&&) = default;
};

// Parses and validates: fields, arguments, variables, page sizes, 100 ids, 500,000 nodes.
[[nodiscard]] Query prepare(const Schema& schema, std::string_view text,
                            boost::json::object variables, std::string_view operation_name);

// The selection's arguments with variables put in; a variable without value leaves its argument
// out.
[[nodiscard]] boost::json::object arguments_of(const Selection& selection,
                                               const boost::json::object& variables);

struct Price {
  std::uint64_t requests = 0;  // connections times how often each must be fetched
  std::uint64_t nodes = 0;
  std::uint64_t cost = 1;  // points
};

// How often the query asks a connection with the same arguments: "followers{"first":100}" → 40.
using Parents = std::map<std::string, std::uint64_t>;
[[nodiscard]] std::string connection_key(std::string_view name,
                                         const boost::json::object& arguments);
[[nodiscard]] Parents count_parents(const Schema& schema, const Query& query);

// Where the query selects that field of that type, or nothing.
[[nodiscard]] std::optional<Location> find_selected(const Schema& schema, const Query& query,
                                                    std::string_view type, std::string_view field);

struct PriceRule {
  // Whether commitContributionsByRepository(maxRepositories:) multiplies what is below it: no
  // measurement was found, so the simulator can do both.
  bool max_repositories_multiplies = false;
};

[[nodiscard]] Price price(const Schema& schema, const Query& query, PriceRule rule);
// Prices a query's text; throws SyntaxError, or std::invalid_argument with GitHub's first error.
[[nodiscard]] Price price(std::string_view text, boost::json::object variables,
                          PriceRule rule = {});

}  // namespace tidemark::simulators::graphql
