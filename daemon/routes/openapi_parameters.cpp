#include "daemon/routes/openapi_parameters.hpp"

#include <boost/json/array.hpp>
#include <charconv>

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

using Kind = QueryParameter::Kind;

std::string_view type_of(Kind kind) {
  switch (kind) {
    case Kind::whole_number: return "integer";
    case Kind::number: return "number";
    case Kind::flag: return "boolean";
    case Kind::text:
    case Kind::instant: return "string";
  }
  return "string";
}

std::uint64_t whole(const std::string& digits) {
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

json::object schema_of(const QueryParameter& parameter) {
  json::object schema;
  schema["type"] = type_of(parameter.kind);
  const bool bounded = parameter.kind == Kind::whole_number;
  if (bounded) {
    schema["minimum"] = parameter.least;
    schema["maximum"] = parameter.most;
  }
  if (parameter.kind == Kind::instant) {
    schema["anyOf"] = {{{"format", "date"}}, {{"format", "date-time"}}};
  }
  if (!parameter.choices.empty()) {
    schema["enum"] = json::array(parameter.choices.begin(), parameter.choices.end());
  }
  if (parameter.by_itself.empty()) return schema;
  if (bounded) {
    schema["default"] = whole(parameter.by_itself);
  } else {
    schema["default"] = parameter.by_itself;
  }
  return schema;
}

}  // namespace

json::object describe_parameter(const QueryParameter& parameter) {
  json::object object;
  object["name"] = parameter.name;
  object["in"] = "query";
  object["required"] = parameter.required;
  object["schema"] = schema_of(parameter);
  return object;
}

}  // namespace tidemark::daemon
