#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <set>

#include "tests/simulators/graphql/query.hpp"

namespace tidemark::simulators::graphql {

namespace json = boost::json;

namespace {

constexpr std::uint64_t page_max = 100, ids_max = 100, nodes_max = 500'000;

json::object error_at(Location location, const std::string& message) {
  return json::object{{"locations", json::array{json::object{{"line", location.line},
                                                             {"column", location.column}}}},
                      {"message", message}};
}

bool fits(const json::value& value, const TypeReference& type) {
  if (value.is_null()) return !type.required;
  if (type.list) {
    if (!value.is_array()) return fits(value, TypeReference{type.name, false, false});
    for (const json::value& each : value.as_array()) {
      if (!fits(each, TypeReference{type.name, false, true})) return false;
    }
    return true;
  }
  const std::string& name = type.name;
  if (name == "Int") return value.is_int64() || value.is_uint64();
  if (name == "Boolean") return value.is_bool();
  if (name == "ID") return value.is_string() || value.is_int64() || value.is_uint64();
  if (name == "String" || name == "DateTime" || name == "GitTimestamp") return value.is_string();
  return value.is_string() || value.is_object();  // enumerations and inputs
}

class Validation {
 public:
  Validation(const Schema& schema, Query& query) : schema_(schema), query_(query) {}

  void run() {
    variables();
    selections(query_.operation->selections, "Query");
    for (const VariableDefinition& each : query_.operation->variables) {
      if (!used_.contains(each.name)) {
        fail(each.location, fmt::format("Variable ${} is declared by {} but not used", each.name,
                                        operation_name()));
      }
    }
    if (!query_.errors.empty()) return;
    Price whole = price(schema_, query_, {});
    if (whole.nodes > nodes_max) {
      fail_typed(
          {}, "MAX_NODE_LIMIT_EXCEEDED", "",
          fmt::format("This query requests up to {} possible nodes which exceeds the maximum "
                      "limit of 500,000.",
                      whole.nodes));
    }
  }

 private:
  void fail(Location location, const std::string& message) {
    query_.errors.push_back(error_at(location, message));
  }

  void fail_typed(Location location, std::string_view type, const std::string& path,
                  const std::string& message) {
    json::object error{{"type", type}};
    if (!path.empty()) error["path"] = json::array{json::string(path)};
    for (auto& [key, value] : error_at(location, message)) error[key] = value;
    query_.errors.push_back(std::move(error));
  }

  std::string operation_name() const {
    return query_.operation->name.empty() ? "anonymous query" : query_.operation->name;
  }

  void variables() {
    for (const VariableDefinition& each : query_.operation->variables) {
      declared_.insert(each.name);
      const json::value* given = query_.variables.if_contains(each.name);
      if (given == nullptr && each.by_default) {
        Selection carrier;
        carrier.arguments.push_back(NamedValue{each.name, *each.by_default});
        query_.variables[each.name] = arguments_of(carrier, {})[each.name];
        continue;
      }
      bool right = given == nullptr ? !each.type.required : fits(*given, each.type);
      if (!right) {
        fail(each.location, fmt::format("Variable ${} of type {}{} was provided invalid value",
                                        each.name, each.type.name, each.type.required ? "!" : ""));
      }
    }
  }

  void use_variables(const Value& value, Location location) {
    if (value.kind == Value::Kind::variable) {
      used_.insert(value.text);
      if (!declared_.contains(value.text)) {
        fail(location, fmt::format("Variable ${} is used by {} but not declared", value.text,
                                   operation_name()));
      }
    }
    for (const Value& each : value.items) use_variables(each, location);
    for (const auto& [name, each] : value.fields) use_variables(each, location);
  }

  void selections(const std::vector<Selection>& all, const std::string& type_name) {
    const TypeDefinition* type = schema_.find(type_name);
    if (type == nullptr) {
      return fail({},
                  fmt::format("No such type {}, so it can't be a fragment condition", type_name));
    }
    for (const Selection& each : all) selection(each, *type);
  }

  void selection(const Selection& selected, const TypeDefinition& type) {
    if (selected.kind == Selection::Kind::spread) {
      const Fragment* fragment = query_.document.find_fragment(selected.name);
      if (fragment == nullptr) {
        return fail(selected.location,
                    fmt::format("Fragment {} was used, but not defined", selected.name));
      }
      if (!open_.insert(selected.name).second) {
        return fail(selected.location, fmt::format("Fragment {} contains itself", selected.name));
      }
      selections(fragment->selections, fragment->type_condition);
      open_.erase(selected.name);
      return;
    }
    if (selected.kind == Selection::Kind::inline_fragment) {
      const std::string& inner =
          selected.type_condition.empty() ? type.name : selected.type_condition;
      return selections(selected.selections, inner);
    }
    field(selected, type);
  }

  void field(const Selection& selected, const TypeDefinition& type) {
    const FieldDefinition* found = type.find_field(selected.name);
    if (found == nullptr) {
      return fail(selected.location,
                  fmt::format("Field '{}' doesn't exist on type '{}'", selected.name, type.name));
    }
    arguments(selected, *found);
    if (found->connection()) connection(selected, *found);
    bool composite = schema_.find(found->type.name) != nullptr;
    if (composite && selected.selections.empty()) {
      return fail(selected.location,
                  fmt::format("Field must have selections (field '{}' returns {} but has no "
                              "selections. Did you mean '{} {{ ... }}'?)",
                              selected.name, found->type.name, selected.name));
    }
    if (!composite && !selected.selections.empty()) {
      return fail(selected.location,
                  fmt::format("Selections can't be made on scalars (field '{}' returns {})",
                              selected.name, found->type.name));
    }
    if (composite) selections(selected.selections, found->type.name);
  }

  void arguments(const Selection& selected, const FieldDefinition& field) {
    for (const auto& [name, value] : selected.arguments) {
      use_variables(value, selected.location);
      if (field.find_argument(name) == nullptr) {
        fail(selected.location,
             fmt::format("Field '{}' doesn't accept argument '{}'", selected.name, name));
      }
    }
    json::object given = arguments_of(selected, query_.variables);
    for (const ArgumentDefinition& each : field.arguments) {
      const json::value* value = given.if_contains(each.name);
      if (value == nullptr && each.type.required) {
        fail(selected.location,
             fmt::format("Field '{}' is missing required arguments: {}", selected.name, each.name));
      } else if (value != nullptr && !fits(*value, each.type)) {
        fail(selected.location,
             fmt::format(
                 "Argument '{}' on Field '{}' has an invalid value ({}). Expected type '{}'.",
                 each.name, selected.name, json::serialize(*value), each.type.name));
      }
    }
    const json::value* ids = given.if_contains("ids");
    if (field.name == "nodes" && ids != nullptr && ids->is_array() &&
        ids->as_array().size() > ids_max) {
      fail_typed(selected.location, "ARGUMENT_LIMIT", selected.alias,
                 fmt::format("You may not provide more than 100 node ids; you provided {}.",
                             ids->as_array().size()));
    }
  }

  void connection(const Selection& selected, const FieldDefinition& field) {
    json::object given = arguments_of(selected, query_.variables);
    bool bounded = false;
    for (std::string_view name : {"first", "last"}) {
      const json::value* value = given.if_contains(name);
      if (value == nullptr || !(value->is_int64() || value->is_uint64())) continue;
      bounded = true;
      std::int64_t asked = value->to_number<std::int64_t>();
      if (asked > static_cast<std::int64_t>(page_max)) {
        fail_typed(
            selected.location, "EXCESSIVE_PAGINATION", selected.alias,
            fmt::format("Requesting {} records on the `{}` connection exceeds the `{}` limit "
                        "of 100 records.",
                        asked, field.name, name));
      } else if (asked < 1) {
        fail_typed(
            selected.location, "INVALID_PAGINATION", selected.alias,
            fmt::format("`{}` on the `{}` connection must be from 1 to 100.", name, field.name));
      }
    }
    if (!bounded && needs_page(selected.selections)) {
      fail_typed(selected.location, "MISSING_PAGINATION_BOUNDARIES", selected.alias,
                 fmt::format("You must provide a `first` or `last` value to properly paginate the "
                             "`{}` connection.",
                             field.name));
    }
  }

  bool needs_page(const std::vector<Selection>& all) const {
    for (const Selection& each : all) {
      if (each.kind == Selection::Kind::field && (each.name == "nodes" || each.name == "edges")) {
        return true;
      }
      const Fragment* fragment =
          each.kind == Selection::Kind::spread ? query_.document.find_fragment(each.name) : nullptr;
      if (fragment != nullptr && open_.size() < 20 && needs_page(fragment->selections)) return true;
      if (each.kind == Selection::Kind::inline_fragment && needs_page(each.selections)) return true;
    }
    return false;
  }

  const Schema& schema_;
  Query& query_;
  std::set<std::string, std::less<>> declared_, used_, open_;
};

}  // namespace

Query prepare(const Schema& schema, std::string_view text, json::object variables,
              std::string_view operation_name) {
  Query query;
  query.variables = std::move(variables);
  try {
    query.document = parse(text);
  } catch (const SyntaxError& error) {
    query.errors.push_back(error_at(error.location(), error.what()));
    return query;
  }
  for (const Operation& each : query.document.operations) {
    if (operation_name.empty() || each.name == operation_name) query.operation = &each;
  }
  bool unclear = operation_name.empty() && query.document.operations.size() > 1;
  if (query.operation == nullptr || unclear || query.operation->kind != "query") {
    query.errors.push_back(error_at({}, "An operation name is required, and it must be a query"));
    return query;
  }
  Validation(schema, query).run();
  return query;
}

}  // namespace tidemark::simulators::graphql
