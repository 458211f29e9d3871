#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/url.hpp"

namespace tidemark::daemon::graph {

// Filters as a query writes them: `field`, `field__gte`, `field__lte`, `field__contains`,
// `field__isnull`. As in a database, what is not known (null) fits none of them but isnull.

enum class FieldType : std::uint8_t { text, name, number, instant, flag };  // name: ignores case
// Of what a field allows, as a sum.
enum FieldTest : std::uint8_t { exact = 1, at_least = 2, at_most = 4, contains = 8, is_null = 16 };
inline constexpr std::uint8_t ordered = exact | at_least | at_most;
// What a query writes behind the field for it.
struct TestName {
  FieldTest test;
  std::string_view suffix;
};
inline constexpr std::array<TestName, 5> test_names = {{{exact, ""},
                                                        {at_least, "__gte"},
                                                        {at_most, "__lte"},
                                                        {contains, "__contains"},
                                                        {is_null, "__isnull"}}};

// What a row has in a field. The view lives as long as the row.
struct FieldValue {
  enum class Kind : std::uint8_t { none, text, number } kind = Kind::none;
  std::string_view text = {};
  double number = 0;  // of instants: Unix seconds; of flags: 0 or 1

  // An empty text is one that GitHub does not tell.
  [[nodiscard]] static FieldValue of_text(std::string_view value) {
    return value.empty() ? FieldValue{} : FieldValue{Kind::text, value, 0};
  }
  [[nodiscard]] static FieldValue of_number(double value) {
    return FieldValue{Kind::number, {}, value};
  }
};

struct FieldRule {
  std::string_view name;
  FieldType type = FieldType::text;
  std::uint8_t tests = exact;
  std::span<const std::string_view> choices = {};  // of a text; empty: any
};

struct FieldCondition {
  std::size_t field = 0;  // in the list of rules
  FieldTest test = exact;
  FieldType type = FieldType::text;
  std::string text;
  double number = 0;  // of isnull: 1 for true
  [[nodiscard]] bool accepts(const FieldValue& value) const;
};

struct FilterProblem {
  std::string parameter, problem;  // "followers_count__gte", "Enter a number."
};

// How to take a query that is not quite right.
struct FilterManners {
  bool empty_is_absent = false;  // `name=` means nothing; else it is a problem
};

// Takes the filters out of `query`; what is left is somebody else's.
[[nodiscard]] std::vector<FieldCondition> take_conditions(http::Form& query,
                                                          const std::vector<FieldRule>& rules,
                                                          FilterManners manners,
                                                          std::optional<FilterProblem>& problem);

// The fields of one kind of rows.
template <class Row>
struct Field {
  FieldRule rule;
  FieldValue (*value)(const Row& row);
};
template <class Row>
std::vector<FieldRule> rules_of(const std::vector<Field<Row>>& fields) {
  std::vector<FieldRule> rules;
  for (const auto& field : fields) rules.push_back(field.rule);
  return rules;
}

template <class Row>
class Filter {
 public:
  Filter(const std::vector<Field<Row>>& fields, http::Form& query, FilterManners manners = {})
      : fields_(fields), conditions_(take_conditions(query, rules_of(fields), manners, problem_)) {}

  [[nodiscard]] const std::optional<FilterProblem>& problem() const { return problem_; }
  [[nodiscard]] bool empty() const { return conditions_.empty(); }
  [[nodiscard]] bool accepts(const Row& row) const {
    for (const auto& condition : conditions_) {
      if (!condition.accepts(fields_[condition.field].value(row))) return false;
    }
    return true;
  }
  // What an exact test asks of a field, to look it up instead of looking for it.
  [[nodiscard]] const FieldCondition* exact_test(std::string_view name) const {
    for (const auto& condition : conditions_) {
      const bool fits = condition.test == exact && fields_[condition.field].rule.name == name;
      if (fits) return &condition;
    }
    return nullptr;
  }

 private:
  const std::vector<Field<Row>>& fields_;
  std::optional<FilterProblem> problem_;
  std::vector<FieldCondition> conditions_;
};

}  // namespace tidemark::daemon::graph
