#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/graphql/document.hpp"

namespace tidemark::simulators::graphql {

struct ArgumentDefinition {
  std::string name;
  TypeReference type;
};

struct FieldDefinition {
  std::string name;
  TypeReference type;
  std::vector<ArgumentDefinition> arguments;

  [[nodiscard]] const ArgumentDefinition* find_argument(std::string_view wanted) const;
  // By GitHub's rule of price: what must be fetched page by page.
  [[nodiscard]] bool connection() const { return type.name.ends_with("Connection"); }
};

struct TypeDefinition {
  std::string name;
  std::vector<std::string> interfaces;
  std::map<std::string, FieldDefinition, std::less<>> fields;

  [[nodiscard]] const FieldDefinition* find_field(std::string_view wanted) const;
};

// Objects and interfaces; every other type name is a scalar, an enumeration or an input.
class Schema {
 public:
  explicit Schema(std::string_view text);
  [[nodiscard]] const TypeDefinition* find(std::string_view type) const;
  [[nodiscard]] bool is_a(std::string_view type, std::string_view condition) const;

 private:
  std::map<std::string, TypeDefinition, std::less<>> types_;
};

// The part of GitHub's schema that the simulator answers.
[[nodiscard]] const Schema& github_schema();
[[nodiscard]] std::string_view github_schema_text();

}  // namespace tidemark::simulators::graphql
