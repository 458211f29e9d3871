#include "daemon/routes/graph/queries.hpp"

#include <map>

#include "daemon/routes/graph/bounds.hpp"
#include "daemon/routes/graph/repository_rows.hpp"
#include "daemon/routes/graph/user_rows.hpp"

namespace tidemark::daemon::graph {

namespace {

using Kind = QueryParameter::Kind;

Kind kind_of(FieldType type) {
  switch (type) {
    case FieldType::number: return Kind::number;
    case FieldType::instant: return Kind::instant;
    case FieldType::flag: return Kind::flag;
    case FieldType::text:
    case FieldType::name: return Kind::text;
  }
  return Kind::text;
}

QueryParameter parameter_of(const FieldRule& rule, const TestName& test) {
  QueryParameter parameter;
  parameter.name = std::string(rule.name).append(test.suffix);
  parameter.kind = test.test == is_null ? Kind::flag : kind_of(rule.type);
  parameter.choices.assign(rule.choices.begin(), rule.choices.end());
  return parameter;
}

}  // namespace

QueryParameters filter_query(const std::vector<FieldRule>& rules) {
  QueryParameters all;
  for (const FieldRule& rule : rules) {
    for (const TestName& test : test_names) {
      if ((rule.tests & test.test) != 0) all.push_back(parameter_of(rule, test));
    }
  }
  return all;
}

std::string filter_words(const std::vector<FieldRule>& rules) {
  std::map<std::uint8_t, std::string> fields;  // by what they can be asked
  for (const FieldRule& rule : rules) {
    std::string& names = fields[rule.tests];
    names.append(names.empty() ? "" : ", ").append(rule.name);
  }
  std::string words;
  for (const auto& [tests, names] : fields) {
    std::string suffixes;
    for (const TestName& test : test_names) {
      if (test.suffix.empty() || (tests & test.test) == 0) continue;
      suffixes.append(suffixes.empty() ? "" : ", ").append(test.suffix);
    }
    words += suffixes.empty() ? "; filters: " : "; filters, also with " + suffixes + ": ";
    words += names;
  }
  return words;
}

std::string user_filter_words() { return filter_words(rules_of(user_fields())); }
std::string repository_filter_words() { return filter_words(rules_of(repository_fields())); }

QueryParameter rows_limit() { return whole_number("limit", 1, list_rows_most, 30); }

}  // namespace tidemark::daemon::graph
