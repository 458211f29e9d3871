#include "tests/simulators/graphql/query.hpp"

namespace tidemark::simulators::graphql {

namespace json = boost::json;

namespace {

// nullopt: a variable that was not given.
std::optional<json::value> value_of(const Value& value, const json::object& variables) {
  switch (value.kind) {
    case Value::Kind::null: return json::value(nullptr);
    case Value::Kind::boolean: return json::value(value.boolean);
    case Value::Kind::integer: return json::value(value.integer);
    case Value::Kind::floating: return json::value(value.floating);
    case Value::Kind::text:
    case Value::Kind::enumeration: return json::value(json::string(value.text));
    case Value::Kind::variable: {
      const json::value* given = variables.if_contains(value.text);
      if (given == nullptr) return std::nullopt;
      return *given;
    }
    case Value::Kind::list: {
      json::array items;
      for (const Value& each : value.items) {
        items.push_back(value_of(each, variables).value_or(json::value(nullptr)));
      }
      return json::value(std::move(items));
    }
    case Value::Kind::object: break;
  }
  json::object fields;
  for (const auto& [name, each] : value.fields) {
    if (auto inner = value_of(each, variables)) fields[name] = std::move(*inner);
  }
  return json::value(std::move(fields));
}

}  // namespace

json::object arguments_of(const Selection& selection, const json::object& variables) {
  json::object arguments;
  for (const auto& [name, value] : selection.arguments) {
    if (auto given = value_of(value, variables)) arguments[name] = std::move(*given);
  }
  return arguments;
}

}  // namespace tidemark::simulators::graphql
