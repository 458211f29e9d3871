#include "tests/simulators/graphql/execute.hpp"

#include <algorithm>
#include <optional>

namespace tidemark::simulators::graphql {

namespace json = boost::json;

namespace {

// Fields of one object by response key, in the order they are first named; selections of the same
// key are merged, as the language wants.
struct Wanted {
  std::string_view key;
  const Selection* first = nullptr;
  const FieldDefinition* definition = nullptr;
  std::vector<const std::vector<Selection>*> inner;
};
using Collected = std::vector<Wanted>;
using Selections = std::vector<const std::vector<Selection>*>;

// Where a field stands in the answer. Written down only for an error: answers have many fields.
struct Path {
  const Path* above = nullptr;
  std::string_view key;
  std::size_t index = 0;  // of a list's element, when there is no key

  [[nodiscard]] json::array whole() const {
    json::array all = above == nullptr ? json::array{} : above->whole();
    if (key.empty())
      all.push_back(static_cast<std::uint64_t>(index));
    else
      all.push_back(json::string(key));
    return all;
  }
};

class Execution {
 public:
  Execution(const Schema& schema, const Query& query) : schema_(schema), query_(query) {}

  Collected collect(const Selections& selections, std::string_view type) {
    Collected wanted;
    for (const std::vector<Selection>* each : selections) collect(*each, type, wanted);
    const TypeDefinition* definition = schema_.find(type);
    for (Wanted& each : wanted) {
      each.definition = definition ? definition->find_field(each.first->name) : nullptr;
    }
    return wanted;
  }

  // nullopt: a field that must not be null is.
  std::optional<json::object> object(const Object& source, const Collected& wanted,
                                     const Path* path) {
    json::object result;
    result.reserve(wanted.size());
    for (const Wanted& field : wanted) {
      if (field.definition == nullptr) continue;
      Path here{path, field.key, 0};
      json::value value = field_value(source, field, here);
      if (value.is_null() && field.definition->type.required) return std::nullopt;
      result[field.key] = std::move(value);
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
        auto place = std::find_if(wanted.begin(), wanted.end(),
                                  [&](const Wanted& known) { return known.key == each.alias; });
        if (place == wanted.end()) {
          place = wanted.insert(place, Wanted{each.alias, &each, nullptr, {}});
        }
        place->inner.push_back(&each.selections);
      }
    }
  }

  json::value field_value(const Object& source, const Wanted& wanted, const Path& path) {
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
    if (resolved.kind == Resolved::Kind::object) {
      if (resolved.object == nullptr) return nullptr;
      return value_of(*resolved.object, collect(wanted.inner, resolved.object->type()), path);
    }
    json::array values;
    values.reserve(resolved.list.size());
    Collected collected;  // elements are mostly of one type
    std::string_view type;
    for (std::size_t i = 0; i < resolved.list.size(); ++i) {
      Path here{&path, {}, i};
      for (const auto& [index, error] : resolved.list_errors) {
        if (index == i) report(error, selection, here);
      }
      const ObjectPointer& each = resolved.list[i];
      if (each == nullptr) {
        values.push_back(nullptr);
        continue;
      }
      if (each->type() != type) {
        type = each->type();
        collected = collect(wanted.inner, type);
      }
      values.push_back(value_of(*each, collected, here));
    }
    return values;
  }

  json::value value_of(const Object& source, const Collected& wanted, const Path& path) {
    std::optional<json::object> made = object(source, wanted, &path);
    if (!made) return nullptr;
    return std::move(*made);
  }

  void report(const FieldError& error, const Selection& selection, const Path& path) {
    json::object entry;
    if (!error.type().empty()) entry["type"] = error.type();
    entry["path"] = path.whole();
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
  std::optional<json::object> data = execution.object(
      root, execution.collect({&query.operation->selections}, root.type()), nullptr);
  json::object answer;
  if (data)
    answer["data"] = std::move(*data);
  else
    answer["data"] = nullptr;
  if (!execution.errors.empty()) answer["errors"] = std::move(execution.errors);
  return answer;
}

}  // namespace tidemark::simulators::graphql
