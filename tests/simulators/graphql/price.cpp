#include <stdexcept>

#include "tests/simulators/graphql/query.hpp"

namespace tidemark::simulators::graphql {

namespace json = boost::json;

namespace {

constexpr std::uint64_t beyond_all = 1'000'000'000'000;  // products stop here, not at an overflow

class Walk {
 public:
  Walk(const Schema& schema, const Query& query, PriceRule rule)
      : schema_(schema), query_(query), rule_(rule) {}

  void selections(const std::vector<Selection>& all, const TypeDefinition& type,
                  std::uint64_t times) {
    for (const Selection& each : all) selection(each, type, times);
  }

  Price total;

 private:
  void selection(const Selection& selected, const TypeDefinition& type, std::uint64_t times) {
    if (selected.kind == Selection::Kind::spread) {
      const Fragment* fragment = query_.document.find_fragment(selected.name);
      const TypeDefinition* inner = fragment ? schema_.find(fragment->type_condition) : nullptr;
      if (inner != nullptr) selections(fragment->selections, *inner, times);
      return;
    }
    if (selected.kind == Selection::Kind::inline_fragment) {
      const TypeDefinition* inner =
          selected.type_condition.empty() ? &type : schema_.find(selected.type_condition);
      if (inner != nullptr) selections(selected.selections, *inner, times);
      return;
    }
    const FieldDefinition* field = type.find_field(selected.name);
    if (field == nullptr) return;
    const TypeDefinition* inner = schema_.find(field->type.name);
    if (inner == nullptr) return;
    selections(selected.selections, *inner, below(selected, *field, times));
  }

  // Counts the field itself and tells how often what is below it must be fetched.
  std::uint64_t below(const Selection& selected, const FieldDefinition& field,
                      std::uint64_t times) {
    json::object arguments = arguments_of(selected, query_.variables);
    std::uint64_t factor = 1;
    if (field.connection()) {
      total.requests += times;
      std::uint64_t wanted = number(arguments, "first", number(arguments, "last", 0));
      total.nodes += times * wanted;
      factor = wanted;
    } else if (field.name == "nodes" && arguments.contains("ids") && arguments["ids"].is_array()) {
      factor = arguments["ids"].as_array().size();
      total.nodes += times * factor;
    } else if (field.name == "commitContributionsByRepository" &&
               rule_.max_repositories_multiplies) {
      factor = number(arguments, "maxRepositories", 25);
      total.nodes += times * factor;
    }
    std::uint64_t product = times * (factor == 0 ? 1 : factor);
    return product > beyond_all ? beyond_all : product;
  }

  static std::uint64_t number(const json::object& arguments, std::string_view name,
                              std::uint64_t otherwise) {
    const json::value* found = arguments.if_contains(name);
    boost::system::error_code error;
    if (found == nullptr) return otherwise;
    std::uint64_t value = found->to_number<std::uint64_t>(error);
    return error ? otherwise : value;
  }

  const Schema& schema_;
  const Query& query_;
  PriceRule rule_;
};

}  // namespace

Price price(const Schema& schema, const Query& query, PriceRule rule) {
  Walk walk(schema, query, rule);
  const TypeDefinition* root = schema.find("Query");
  if (root != nullptr && query.operation != nullptr) {
    walk.selections(query.operation->selections, *root, 1);
  }
  std::uint64_t points = (walk.total.requests + 50) / 100;
  walk.total.cost = points == 0 ? 1 : points;
  return walk.total;
}

Price price(std::string_view text, json::object variables, PriceRule rule) {
  Query query = prepare(github_schema(), text, std::move(variables), "");
  if (!query.errors.empty()) {
    throw std::invalid_argument(query.errors[0].as_object()["message"].as_string().c_str());
  }
  return price(github_schema(), query, rule);
}

}  // namespace tidemark::simulators::graphql
