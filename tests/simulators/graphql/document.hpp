#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::simulators::graphql {

struct Location {
  std::size_t line = 1, column = 1;
};

class SyntaxError : public std::runtime_error {
 public:
  SyntaxError(const std::string& message, Location location)
      : std::runtime_error(message), location_(location) {}
  [[nodiscard]] Location location() const { return location_; }

 private:
  Location location_;
};

struct NamedValue;

// What may stand as an argument's value.
struct Value {
  enum class Kind { null, boolean, integer, floating, text, enumeration, variable, list, object };
  Kind kind = Kind::null;
  bool boolean = false;
  std::int64_t integer = 0;
  double floating = 0;
  std::string text;  // also the name of an enumeration's value or a variable
  std::vector<Value> items;
  std::vector<NamedValue> fields;
};

struct NamedValue {
  std::string name;
  Value value;
};

using Arguments = std::vector<NamedValue>;

// A field, "...Name" or "... on Type { }".
struct Selection {
  enum class Kind { field, spread, inline_fragment };
  Kind kind = Kind::field;
  std::string alias;           // the name when no alias is given
  std::string name;            // of the field or the fragment
  std::string type_condition;  // of an inline fragment; may be empty
  Arguments arguments;
  std::vector<Selection> selections;
  Location location;
};

struct TypeReference {
  std::string name;  // of the innermost type
  bool list = false;
  bool required = false;  // "!" at the outermost place
};

struct VariableDefinition {
  std::string name;
  TypeReference type;
  std::optional<Value> by_default;
  Location location;
};

struct Operation {
  std::string kind = "query";
  std::string name;
  std::vector<VariableDefinition> variables;
  std::vector<Selection> selections;
};

struct Fragment {
  std::string name;
  std::string type_condition;
  std::vector<Selection> selections;
};

struct Document {
  std::vector<Operation> operations;
  std::vector<Fragment> fragments;

  [[nodiscard]] const Fragment* find_fragment(std::string_view name) const;
};

// Throws SyntaxError. Directives and subscriptions are not known here.
[[nodiscard]] Document parse(std::string_view text);

}  // namespace tidemark::simulators::graphql
