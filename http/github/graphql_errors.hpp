#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <vector>

#include "http/github/answer.hpp"

namespace tidemark::http::github {

// `errors` of a GraphQL answer, at most a thousand of them. What is not an object is kept as an
// error without words: an error all the same.
[[nodiscard]] std::vector<GraphqlError> read_errors(const boost::json::array& errors);

// What errors that come with status 200 mean for the query as a whole.
enum class ErrorClass {
  secondary_limit,
  primary_limit,
  too_heavy,  // timeouts, resource limits
  invalid,    // limits of the query text: nodes, arguments, paging
  not_found,
  forbidden,
  unknown,
};
[[nodiscard]] ErrorClass class_of(const GraphqlError& error);
// GitHub's ways of saying that a query took too long: they come with 200, 502 and 504.
[[nodiscard]] bool says_too_heavy(std::string_view words);

}  // namespace tidemark::http::github
