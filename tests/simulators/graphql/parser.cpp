#include <charconv>

#include "tests/simulators/graphql/document.hpp"
#include "tests/simulators/graphql/lexer.hpp"
#include "tests/simulators/graphql/parser.hpp"

namespace tidemark::simulators::graphql {

namespace {

constexpr int depth_max = 40;

Value parse_scalar(Lexer& lexer) {
  Token token = lexer.take();
  Value value;
  if (token.kind == Token::Kind::integer) {
    value.kind = Value::Kind::integer;
    auto [end, error] =
        std::from_chars(token.text.data(), token.text.data() + token.text.size(), value.integer);
    if (error != std::errc()) throw SyntaxError("Parse error: bad number", token.location);
  } else if (token.kind == Token::Kind::floating) {
    value.kind = Value::Kind::floating;
    auto [end, error] =
        std::from_chars(token.text.data(), token.text.data() + token.text.size(), value.floating);
    if (error != std::errc()) throw SyntaxError("Parse error: bad number", token.location);
  } else if (token.kind == Token::Kind::text) {
    value.kind = Value::Kind::text;
    value.text = token.text;
  } else if (token.text == "true" || token.text == "false") {
    value.kind = Value::Kind::boolean;
    value.boolean = token.text == "true";
  } else if (token.text != "null") {
    value.kind = Value::Kind::enumeration;
    value.text = token.text;
  }
  return value;
}

Arguments parse_arguments(Lexer& lexer) {
  Arguments arguments;
  if (!lexer.take_if("(")) return arguments;
  while (!lexer.take_if(")")) {
    std::string name = lexer.expect_name();
    lexer.expect(":");
    arguments.push_back(NamedValue{std::move(name), parse_value(lexer, 0)});
  }
  return arguments;
}

std::vector<Selection> parse_selections(Lexer& lexer, int depth);

Selection parse_selection(Lexer& lexer, int depth) {
  Selection selection;
  selection.location = lexer.peek().location;
  if (lexer.take_if("...")) {
    if (lexer.peek().kind == Token::Kind::name && !lexer.at_name("on")) {
      selection.kind = Selection::Kind::spread;
      selection.name = lexer.expect_name();
      return selection;
    }
    selection.kind = Selection::Kind::inline_fragment;
    if (lexer.at_name("on")) {
      lexer.take();
      selection.type_condition = lexer.expect_name();
    }
    selection.selections = parse_selections(lexer, depth + 1);
    return selection;
  }
  selection.name = lexer.expect_name();
  selection.alias = selection.name;
  if (lexer.take_if(":")) selection.name = lexer.expect_name();
  selection.arguments = parse_arguments(lexer);
  if (lexer.at("@")) lexer.fail("no directive: this simulator has none");
  if (lexer.at("{")) selection.selections = parse_selections(lexer, depth + 1);
  return selection;
}

std::vector<Selection> parse_selections(Lexer& lexer, int depth) {
  if (depth > depth_max) lexer.fail("less depth");
  std::vector<Selection> selections;
  lexer.expect("{");
  while (!lexer.take_if("}")) selections.push_back(parse_selection(lexer, depth));
  if (selections.empty()) lexer.fail("at least one field before it");
  return selections;
}

Operation parse_operation(Lexer& lexer) {
  Operation operation;
  if (lexer.at("{")) {
    operation.selections = parse_selections(lexer, 0);
    return operation;
  }
  operation.kind = lexer.expect_name();
  if (lexer.peek().kind == Token::Kind::name) operation.name = lexer.expect_name();
  if (lexer.take_if("(")) {
    while (!lexer.take_if(")")) {
      VariableDefinition variable;
      variable.location = lexer.peek().location;
      lexer.expect("$");
      variable.name = lexer.expect_name();
      lexer.expect(":");
      variable.type = parse_type(lexer);
      if (lexer.take_if("=")) variable.by_default = parse_value(lexer, 0);
      operation.variables.push_back(std::move(variable));
    }
  }
  operation.selections = parse_selections(lexer, 0);
  return operation;
}

Fragment parse_fragment(Lexer& lexer) {
  Fragment fragment;
  lexer.take();
  fragment.name = lexer.expect_name();
  if (lexer.expect_name() != "on") lexer.fail("\"on\" and a type");
  fragment.type_condition = lexer.expect_name();
  fragment.selections = parse_selections(lexer, 0);
  return fragment;
}

}  // namespace

Value parse_value(Lexer& lexer, int depth) {
  if (depth > depth_max) lexer.fail("less depth");
  Value value;
  if (lexer.take_if("$")) {
    value.kind = Value::Kind::variable;
    value.text = lexer.expect_name();
  } else if (lexer.take_if("[")) {
    value.kind = Value::Kind::list;
    while (!lexer.take_if("]")) value.items.push_back(parse_value(lexer, depth + 1));
  } else if (lexer.take_if("{")) {
    value.kind = Value::Kind::object;
    while (!lexer.take_if("}")) {
      std::string name = lexer.expect_name();
      lexer.expect(":");
      value.fields.push_back(NamedValue{std::move(name), parse_value(lexer, depth + 1)});
    }
  } else if (lexer.peek().kind == Token::Kind::punctuator ||
             lexer.peek().kind == Token::Kind::end) {
    lexer.fail("a value");
  } else {
    value = parse_scalar(lexer);
  }
  return value;
}

TypeReference parse_type(Lexer& lexer) {
  TypeReference type;
  if (lexer.take_if("[")) {
    type.name = lexer.expect_name();
    lexer.take_if("!");
    lexer.expect("]");
    type.list = true;
  } else {
    type.name = lexer.expect_name();
  }
  type.required = lexer.take_if("!");
  return type;
}

Document parse(std::string_view text) {
  Lexer lexer(text);
  Document document;
  while (lexer.peek().kind != Token::Kind::end) {
    if (lexer.at_name("fragment"))
      document.fragments.push_back(parse_fragment(lexer));
    else
      document.operations.push_back(parse_operation(lexer));
  }
  if (document.operations.empty()) lexer.fail("an operation");
  return document;
}

const Fragment* Document::find_fragment(std::string_view name) const {
  for (const Fragment& each : fragments) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

}  // namespace tidemark::simulators::graphql
