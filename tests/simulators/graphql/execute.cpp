#include "tests/simulators/graphql/execute.hpp"

#include <optional>

namespace tidemark::simulators::graphql {

namespace json = boost::json;

namespace {

// Fields of one object by response key, in the order they are first named; selections of the same
// key are merged, as the language wants.
struct Wanted {
  const Selection* first = nullptr;
  std::vector<const Selection*> all;
};
using Collected = std::vector<std::pair<std::string_view, Wanted>>;

class Execution {
 public:
  Execution(const Schema& schema, const Query& query) : schema_(schema), query_(query) {}

  // nullopt: a field that must not be null is.
  std::optional<json::object> object(const Object& source,
                                     const std::vector<const std::vector<Selection>*>& selections,
                                     const json::array& path) {
    Collected wanted;
    for (const std::vector<Selection>* each : selections) collect(*each, source.type(), wanted);
    json::object result;
    const TypeDefinition* type = schema_.find(source.type());
    for (const auto& [key, field] : wanted) {
      json::array here = path;
      here.push_back(json::string(key));
      const FieldDefinition* definition = type ? type->find_field(field.first->name) : nullptr;
      if (definition == nullptr) continue;
      json::value value = field_value(source, field, here);
      if (value.is_null() && definition->type.required) return std::nullopt;
      result[key] = std::move(value);
    }
    return result;
  }

  json::array errors;

 private:
  void collect(const std::vector<Selection>& all, std::string_view type, Collected& wanted) {
    for (const Selection& each : all) {
      if (each.kind == Selection::Kind::inline_fragment) {
        if (each.type_condition.empty() || schema_.is_a(type, each.type_condition)) {
          collect(each.selections, type, wanted);
        }
      } else if (each.kind == Selection::Kind::spread) {
        const Fragment* fragment = query_.document.find_fragment(each.name);
        if (fragment != nullptr && schema_.is_a(type, fragment->type_condition)) {
          collect(fragment->selections, type, wanted);
        }
      } else {
        Wanted* place = nullptr;
        for (auto& [key, known] : wanted) {
          if (key == each.alias) place = &known;
        }
        if (place == nullptr) place = &wanted.emplace_back(each.alias, Wanted{&each, {}}).second;
        place->all.push_back(&each);
      }
    }
  }

  json::value field_value(const Object& source, const Wanted& wanted, const json::array& path) {
    const Selection& selection = *wanted.first;
    if (selection.name == "__typename") return json::value(json::string(source.type()));
    Resolved resolved;
    try {
      resolved = source.field(selection.name, arguments_of(selection, query_.variables));
    } catch (const FieldError& error) {
      report(error, selection, path);
      return nullptr;
    }
    if (resolved.kind == Resolved::Kind::scalar) return std::move(resolved.scalar);
    std::vector<const std::vector<Selection>*> inner;
    for (const Selection* each : wanted.all) inner.push_back(&each->selections);
    if (resolved.kind == Resolved::Kind::object) return value_of(resolved.object, inner, path);
    json::array values;
    for (std::size_t i = 0; i < resolved.list.size(); ++i) {
      json::array here = path;
      here.push_back(static_cast<std::uint64_t>(i));
      for (const auto& [index, error] : resolved.list_errors) {
        if (index == i) report(error, selection, here);
      }
      values.push_back(value_of(resolved.list[i], inner, here));
    }
    return values;
  }

  json::value value_of(const ObjectPointer& source,
                       const std::vector<const std::vector<Selection>*>& selections,
                       const json::array& path) {
    if (source == nullptr) return nullptr;
    std::optional<json::object> made = object(*source, selections, path);
    if (!made) return nullptr;
    return std::move(*made);
  }

  void report(const FieldError& error, const Selection& selection, const json::array& path) {
    json::object entry;
    if (!error.type().empty()) entry["type"] = error.type();
    entry["path"] = path;
    entry["locations"] = json::array{
        json::object{{"line", selection.location.line}, {"column", selection.location.column}}};
    entry["message"] = error.what();
    errors.push_back(std::move(entry));
  }

  const Schema& schema_;
  const Query& query_;
};

}  // namespace

Resolved Record::field(std::string_view name, const json::object&) const {
  auto found = fields_.find(name);
  return found == fields_.end() ? Resolved() : found->second;
}

json::object execute(const Schema& schema, const Query& query, const Object& root) {
  Execution execution(schema, query);
  std::optional<json::object> data =
      execution.object(root, {&query.operation->selections}, json::array{});
  json::object answer;
  if (data)
    answer["data"] = std::move(*data);
  else
    answer["data"] = nullptr;
  if (!execution.errors.empty()) answer["errors"] = std::move(execution.errors);
  return answer;
}

}  // namespace tidemark::simulators::graphql
