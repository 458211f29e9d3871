#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tidemark::daemon {

// "string", "integer", "number", "boolean", "instant" (two properties, as add_time() writes them),
// a schema's name, "[Name]" for a list, "Name?" for "or null".
struct SchemaProperty {
  std::string_view name, type;
  std::uint64_t least = 0, most = 0;  // of a number, or of a list's entries; 0: whatever it is
};
struct Schema {
  std::string_view name;
  std::vector<SchemaProperty> properties;
  std::vector<std::string_view> required = {};  // of requests; answers always hold every property
  bool answer = true;
};
// Those of routes/graph/.
[[nodiscard]] std::vector<Schema> graph_schemas();

// {"$ref": "#/components/schemas/Job"}; "Text" is a plain string and "Description" any object.
[[nodiscard]] boost::json::value schema_reference(std::string_view name);
// Every schema, for components/schemas.
[[nodiscard]] boost::json::object openapi_schemas();

}  // namespace tidemark::daemon
