#pragma once

#include <string_view>
#include <vector>

#include "daemon/routes/query_parameters.hpp"

namespace tidemark::daemon {

// A row of the API's description. Beside the route table on purpose: a test holds the two against
// each other.
struct Operation {
  std::string_view method, path, name;
  QueryParameters query = {};    // as the route reads it
  std::string_view body = {};    // schema of the request's body
  unsigned status = 200;         // of success
  std::string_view answer = {};  // its schema; empty: no body
  std::string_view media = "application/json";
  std::string_view refusal = "Problem";
  std::string_view refusal_media = "application/problem+json";
  bool open = false;  // needs no token
  bool form = false;  // the body may be a form as well
  bool text = false;  // or plain text
};

// Those of routes/graph/.
[[nodiscard]] const std::vector<Operation>& graph_operations();

}  // namespace tidemark::daemon
