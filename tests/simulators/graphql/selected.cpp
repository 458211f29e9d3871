#include <algorithm>
#include <boost/json/serialize.hpp>
#include <functional>

#include "tests/simulators/graphql/query.hpp"

namespace tidemark::simulators::graphql {

namespace json = boost::json;

namespace {

// Visits every selected field with its type and how many parents it has.
class Visit {
 public:
  using See = std::function<void(const Selection&, const TypeDefinition&, const FieldDefinition&,
                                 std::uint64_t)>;
  Visit(const Schema& schema, const Query& query, See see)
      : schema_(schema), query_(query), see_(std::move(see)) {}

  void run() { all(query_.operation->selections, schema_.find("Query"), 1); }

 private:
  void all(const std::vector<Selection>& selections, const TypeDefinition* type,
           std::uint64_t parents) {
    if (type == nullptr) return;
    for (const Selection& each : selections) {
      if (each.kind == Selection::Kind::spread) {
        const Fragment* fragment = query_.document.find_fragment(each.name);
        if (fragment == nullptr) continue;
        all(fragment->selections, schema_.find(fragment->type_condition), parents);
      } else if (each.kind == Selection::Kind::inline_fragment) {
        all(each.selections, each.type_condition.empty() ? type : schema_.find(each.type_condition),
            parents);
      } else if (const FieldDefinition* field = type->find_field(each.name)) {
        see_(each, *type, *field, parents);
        all(each.selections, schema_.find(field->type.name), parents * elements(each, *field));
      }
    }
  }

  std::uint64_t elements(const Selection& selected, const FieldDefinition& field) const {
    json::object arguments = arguments_of(selected, query_.variables);
    const json::value* ids = arguments.if_contains("ids");
    if (field.name == "nodes" && ids != nullptr && ids->is_array()) return ids->as_array().size();
    if (!field.connection()) return 1;
    for (std::string_view name : {"first", "last"}) {
      const json::value* size = arguments.if_contains(name);
      if (size != nullptr && size->is_int64()) {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(size->as_int64(), 1));
      }
    }
    return 1;
  }

  const Schema& schema_;
  const Query& query_;
  See see_;
};

}  // namespace

std::string connection_key(std::string_view name, const json::object& arguments) {
  return std::string(name) + json::serialize(arguments);
}

Parents count_parents(const Schema& schema, const Query& query) {
  Parents parents;
  auto see = [&](const Selection& selected, const TypeDefinition&, const FieldDefinition& field,
                 std::uint64_t times) {
    if (!field.connection()) return;
    parents[connection_key(field.name, arguments_of(selected, query.variables))] += times;
  };
  Visit(schema, query, see).run();
  return parents;
}

std::optional<Location> find_selected(const Schema& schema, const Query& query,
                                      std::string_view type, std::string_view field) {
  std::optional<Location> found;
  auto see = [&](const Selection& selected, const TypeDefinition& of, const FieldDefinition& each,
                 std::uint64_t) {
    if (!found && of.name == type && each.name == field) found = selected.location;
  };
  Visit(schema, query, see).run();
  return found;
}

}  // namespace tidemark::simulators::graphql
