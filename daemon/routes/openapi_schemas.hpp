#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string_view>

namespace tidemark::daemon {

// {"$ref": "#/components/schemas/Job"}; "Text" is a plain string and "Description" any object.
[[nodiscard]] boost::json::value schema_reference(std::string_view name);
// Every schema, for components/schemas.
[[nodiscard]] boost::json::object openapi_schemas();

}  // namespace tidemark::daemon
