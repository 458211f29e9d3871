#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/client.hpp"
#include "http/json_tree.hpp"
#include "http/rate_limit.hpp"

namespace tidemark::http::github {

// What an answer means for the one who asked: the same for REST and GraphQL.
enum class Outcome {
  ok,
  not_modified,     // 304
  accepted,         // 202: being computed, ask again later
  empty,            // 204, or 409 of an empty repository: final, there is nothing
  primary_limit,    // nothing on this resource before the reset
  secondary_limit,  // wait: retry-after, else at least 60 s, doubled each time in a row
  bad_credentials,  // 401: the token is dead; its headers are the anonymous bucket's
  forbidden,        // 403 that is no limit: no retry
  not_found,        // 404: missing or not visible
  gone,             // 410, 451, blocked by staff: treat as removed
  invalid,          // 400, 422, a GraphQL query refused as a whole: our mistake
  too_heavy,        // timeout or resource limits: the same again will not help, ask for less
  server_error,     // 5xx, or an answer that is not what it should be: transient
};
[[nodiscard]] std::string_view name_of(Outcome outcome);

struct GraphqlError {
  std::string type;   // "NOT_FOUND", "RESOURCE_LIMITS_EXCEEDED", …; may be empty
  std::string alias;  // first element of its path; empty when it has none
  std::string message;
};

struct Answer {
  Outcome outcome = Outcome::ok;
  std::string message;  // GitHub's words, or ours, for logs and for people
  RateReading rate;     // `resource` empty for answers that say nothing of the asker's bucket
  unsigned status = 0;  // 0: no HTTP answer
  Exchanged exchanged;  // headers and body; the body is empty where `json` holds it
  JsonTree json;        // null when there is none

  // GraphQL only. With outcome `ok` the data is there, and `errors` names aliases that are null.
  std::vector<GraphqlError> errors;
  std::optional<std::uint64_t> cost;        // rateLimit.cost
  std::optional<std::uint64_t> node_count;  // rateLimit.nodeCount
};

// The rules of contracts for REST (status, headers, body) and for GraphQL (also errors with status
// 200): plain functions, tested answer by answer.
[[nodiscard]] Answer classify_rest(Exchanged exchanged);
[[nodiscard]] Answer classify_graphql(Exchanged exchanged);

// Targets of a Link header by rel, templates and unknown rels included as they stand.
struct Link {
  std::string target;
  std::string rel;
};
[[nodiscard]] std::vector<Link> parse_links(std::string_view header);
[[nodiscard]] std::optional<std::string> next_link(const Headers& headers);

}  // namespace tidemark::http::github
