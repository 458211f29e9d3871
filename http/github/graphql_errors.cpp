#include "http/github/graphql_errors.hpp"

#include <algorithm>
#include <array>

#include "http/excerpt.hpp"
#include "http/github/verdict.hpp"
#include "http/json_document.hpp"

namespace tidemark::http::github {
namespace {

// 600 aliases in one query were accepted, and each can fail.
constexpr std::size_t errors_max = 1'000;

// The type stands in `type`, or for checks of the query text in `extensions.code`.
std::string read_type(const boost::json::object& error) {
  if (const auto type = string_member(error, "type")) return std::string(*type);
  const boost::json::value* extensions = error.if_contains("extensions");
  if (extensions == nullptr || !extensions->is_object()) return {};
  return std::string(string_member(extensions->get_object(), "code").value_or(""));
}

std::string read_alias(const boost::json::object& error) {
  const boost::json::value* path = error.if_contains("path");
  if (path == nullptr || !path->is_array() || path->get_array().empty()) return {};
  const boost::json::value& first = path->get_array().front();
  if (!first.is_string()) return {};
  return std::string(std::string_view(first.get_string()));
}

template <std::size_t count>
bool is_one_of(std::string_view type, const std::array<std::string_view, count>& types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

std::vector<GraphqlError> read_errors(const boost::json::array& errors) {
  std::vector<GraphqlError> read;
  read.reserve(std::min(errors.size(), errors_max));
  for (const boost::json::value& value : errors) {
    if (read.size() == errors_max) break;
    GraphqlError error;
    if (value.is_object()) {
      const boost::json::object& object = value.get_object();
      error.type = read_type(object);
      error.alias = read_alias(object);
      error.message = excerpt(string_member(object, "message").value_or(""));
    }
    read.push_back(std::move(error));
  }
  return read;
}

bool says_too_heavy(std::string_view words) {
  constexpr std::array<std::string_view, 4> phrases{
      "something went wrong while executing your query",
      "couldn't respond to your request in time",
      "resource limits for this query exceeded",
      "this may be the result of a timeout",
  };
  return std::any_of(phrases.begin(), phrases.end(), [words](std::string_view phrase) {
    return contains_ignoring_case(words, phrase);
  });
}

ErrorClass class_of(const GraphqlError& error) {
  constexpr std::array<std::string_view, 6> refused_types{
      "MAX_NODE_LIMIT_EXCEEDED",       "ARGUMENT_LIMIT", "EXCESSIVE_PAGINATION",
      "MISSING_PAGINATION_BOUNDARIES", "undefinedField", "argumentNotAccepted"};
  constexpr std::array<std::string_view, 3> forbidden_types{"FORBIDDEN", "INSUFFICIENT_SCOPES",
                                                            "UNAUTHORIZED"};
  if (says_secondary_limit(error.message)) return ErrorClass::secondary_limit;
  if (error.type == "RATE_LIMITED" || error.type == "RATE_LIMIT" ||
      says_primary_limit(error.message)) {
    return ErrorClass::primary_limit;
  }
  if (error.type == "RESOURCE_LIMITS_EXCEEDED" || says_too_heavy(error.message)) {
    return ErrorClass::too_heavy;
  }
  if (is_one_of(error.type, refused_types)) return ErrorClass::invalid;
  if (error.type == "NOT_FOUND") return ErrorClass::not_found;
  if (is_one_of(error.type, forbidden_types)) return ErrorClass::forbidden;
  return ErrorClass::unknown;
}

}  // namespace tidemark::http::github
