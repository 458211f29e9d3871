#include "daemon/routes/graph/field_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "storage/graph/user.hpp"
#include "storage/week.hpp"

namespace tidemark::daemon::graph {

namespace {

std::optional<double> read_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.find_first_not_of("0123456789.-") != std::string_view::npos) {
    return std::nullopt;  // no "inf", no "1e5"
  }
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

// "2020-01-31", with a time "T10:00", "T10:00:00", " 10:00:00.5", and a zone; without one: UTC.
std::optional<double> read_instant(std::string_view given) {
  std::string text(given);
  if (text.size() == 10) text += "T00:00:00";
  if (text.size() < 16) return std::nullopt;
  if (text[10] == ' ') text[10] = 'T';
  if (text.size() == 16 || text[16] != ':') text.insert(16, ":00");
  const auto zone = text.find_first_of("Zz+-", 19);
  if (zone == std::string::npos) text += 'Z';
  const auto seconds = storage::parse_time(text);
  if (!seconds) return std::nullopt;
  return static_cast<double>(*seconds);
}

std::optional<double> read_flag(std::string_view text) {
  const std::string lower = storage::graph::lower_case(text);
  if (lower == "true" || lower == "1") return 1;
  if (lower == "false" || lower == "0") return 0;
  return std::nullopt;
}

// In Django's words, which the replaced system used.
constexpr std::string_view no_number = "Enter a number.", no_instant = "Enter a valid date/time.",
                           no_flag = "Enter true or false.", no_text = "Enter a value.";

// Says what is wrong with it; empty: nothing.
std::string read_value(FieldCondition& condition, const FieldRule& rule, std::string_view given) {
  if (given.empty()) return std::string(no_text);
  const bool flag = rule.type == FieldType::flag || condition.test == is_null;
  const bool number = !flag && rule.type == FieldType::number;
  const bool instant = !flag && rule.type == FieldType::instant;
  condition.text = given;
  if (rule.type == FieldType::name) condition.text = storage::graph::lower_case(given);
  if (!flag && !number && !instant) {
    const auto& choices = rule.choices;
    const bool known = choices.empty() || std::ranges::find(choices, given) != choices.end();
    return known ? "" : fmt::format("Select a valid choice: {}.", fmt::join(choices, ", "));
  }
  const auto value = flag ? read_flag(given) : number ? read_number(given) : read_instant(given);
  if (value) condition.number = *value;
  if (value) return {};
  return std::string(flag ? no_flag : number ? no_number : no_instant);
}

std::optional<FieldCondition> condition_of(std::string_view parameter,
                                           const std::vector<FieldRule>& rules) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!parameter.starts_with(rules[i].name)) continue;
    const auto suffix = parameter.substr(rules[i].name.size());
    for (const auto& [test, name] : test_names) {
      if (suffix != name || (rules[i].tests & test) == 0) continue;
      FieldCondition condition;
      condition.field = i;
      condition.test = test;
      condition.type = rules[i].type;
      return condition;
    }
  }
  return std::nullopt;
}

template <class Value>
bool compares(FieldTest test, const Value& value, const Value& wanted) {
  if (test == at_least) return value >= wanted;
  if (test == at_most) return value <= wanted;
  return value == wanted;
}

}  // namespace

bool FieldCondition::accepts(const FieldValue& value) const {
  const bool null = value.kind == FieldValue::Kind::none;
  if (test == is_null) return null == (number != 0);
  if (null) return false;
  if (value.kind == FieldValue::Kind::number) return compares(test, value.number, number);
  if (test == contains) return value.text.find(text) != std::string_view::npos;
  if (type != FieldType::name) return compares(test, value.text, std::string_view(text));
  return compares(test, storage::graph::lower_case(value.text), text);
}

std::vector<FieldCondition> take_conditions(http::Form& query, const std::vector<FieldRule>& rules,
                                            FilterManners manners,
                                            std::optional<FilterProblem>& problem) {
  std::vector<FieldCondition> conditions;
  http::Form rest;
  for (auto& [parameter, value] : query) {
    auto condition = condition_of(parameter, rules);
    if (!condition) {
      rest.emplace_back(std::move(parameter), std::move(value));
      continue;
    }
    if (value.empty() && manners.empty_is_absent) continue;
    auto wrong = read_value(*condition, rules[condition->field], value);
    if (!wrong.empty() && !problem) problem = FilterProblem{parameter, std::move(wrong)};
    conditions.push_back(std::move(*condition));
  }
  query = std::move(rest);
  return conditions;
}

}  // namespace tidemark::daemon::graph
