#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace tidemark::simulators::shapes {

// The six shapes of errors (contracts/openhumans.md, 9), and the good answers.
[[nodiscard]] http::Response json(unsigned status, const boost::json::value& body);
[[nodiscard]] http::Response html(unsigned status);
[[nodiscard]] http::Response detail(unsigned status, std::string_view text);
// {"field": ["text"]}
[[nodiscard]] http::Response field_list(std::string_view field, std::string_view text);
// {"field": "text"}
[[nodiscard]] http::Response field_text(std::string_view field, std::string_view text);
// {"errors": {"field": ["text"]}}
[[nodiscard]] http::Response errors(std::string_view field, std::string_view text);
// {"error": …, "error_description": …}
[[nodiscard]] http::Response oauth(unsigned status, std::string_view error,
                                   std::string_view description = {});
// What the storage says.
[[nodiscard]] http::Response xml(unsigned status, std::string_view code, std::string_view message);

// The text of a field; numbers as text; nullopt when missing or null.
[[nodiscard]] std::optional<std::string> text_of(const boost::json::object& fields,
                                                 std::string_view name);

}  // namespace tidemark::simulators::shapes
