#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/json_tree.hpp"

namespace tidemark::http {

struct JsonDocument {
  JsonTree value;
  std::string error;  // empty: parsed
  [[nodiscard]] bool ok() const { return error.empty(); }
};

// Parses a foreign body: depth at most 64, UTF-8 checked, nothing may follow the document.
[[nodiscard]] JsonDocument parse_json(std::string_view text);

// Readers of what a foreign document should hold. Numbers may come as either kind of integer.
[[nodiscard]] std::optional<std::uint64_t> as_unsigned(const boost::json::value& value);
[[nodiscard]] std::optional<std::uint64_t> unsigned_member(const boost::json::object& object,
                                                           std::string_view name);
// nullopt when it is not there or not a string.
[[nodiscard]] std::optional<std::string_view> string_member(const boost::json::object& object,
                                                            std::string_view name);
// "an object", "a string", "null": for messages about absurd answers.
[[nodiscard]] std::string_view kind_of(const boost::json::value& value);

}  // namespace tidemark::http
