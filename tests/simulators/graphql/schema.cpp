#include "tests/simulators/graphql/schema.hpp"

#include "tests/simulators/graphql/lexer.hpp"
#include "tests/simulators/graphql/parser.hpp"

namespace tidemark::simulators::graphql {

namespace {

FieldDefinition parse_field(Lexer& lexer) {
  FieldDefinition field;
  field.name = lexer.expect_name();
  if (lexer.take_if("(")) {
    while (!lexer.take_if(")")) {
      ArgumentDefinition argument;
      argument.name = lexer.expect_name();
      lexer.expect(":");
      argument.type = parse_type(lexer);
      field.arguments.push_back(std::move(argument));
    }
  }
  lexer.expect(":");
  field.type = parse_type(lexer);
  return field;
}

TypeDefinition parse_definition(Lexer& lexer) {
  TypeDefinition type;
  lexer.expect_name();  // "type" or "interface"
  type.name = lexer.expect_name();
  if (lexer.at_name("implements")) {
    lexer.take();
    while (!lexer.at("{")) {
      type.interfaces.push_back(lexer.expect_name());
      lexer.take_if("&");
    }
  }
  lexer.expect("{");
  while (!lexer.take_if("}")) {
    FieldDefinition field = parse_field(lexer);
    std::string name = field.name;
    type.fields.emplace(std::move(name), std::move(field));
  }
  return type;
}

}  // namespace

const ArgumentDefinition* FieldDefinition::find_argument(std::string_view wanted) const {
  for (const ArgumentDefinition& each : arguments) {
    if (each.name == wanted) return &each;
  }
  return nullptr;
}

const FieldDefinition* TypeDefinition::find_field(std::string_view wanted) const {
  static const FieldDefinition type_name{"__typename", {"String", false, true}, {}};
  if (wanted == "__typename") return &type_name;
  auto found = fields.find(wanted);
  return found == fields.end() ? nullptr : &found->second;
}

Schema::Schema(std::string_view text) {
  Lexer lexer(text);
  while (lexer.peek().kind != Token::Kind::end) {
    TypeDefinition type = parse_definition(lexer);
    std::string name = type.name;
    types_.emplace(std::move(name), std::move(type));
  }
}

const TypeDefinition* Schema::find(std::string_view type) const {
  auto found = types_.find(type);
  return found == types_.end() ? nullptr : &found->second;
}

bool Schema::is_a(std::string_view type, std::string_view condition) const {
  if (type == condition) return true;
  const TypeDefinition* found = find(type);
  if (found == nullptr) return false;
  for (const std::string& each : found->interfaces) {
    if (each == condition) return true;
  }
  return false;
}

const Schema& github_schema() {
  static const Schema schema(github_schema_text());
  return schema;
}

}  // namespace tidemark::simulators::graphql
