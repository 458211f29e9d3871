#pragma once

#include <string>
#include <string_view>

#include "tests/simulators/graphql/document.hpp"

namespace tidemark::simulators::graphql {

struct Token {
  enum class Kind { end, punctuator, name, integer, floating, text };
  Kind kind = Kind::end;
  std::string text;  // decoded, for texts
  Location location;
};

// One token ahead, which is all that GraphQL's grammar needs.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) { advance(); }

  [[nodiscard]] const Token& peek() const { return token_; }
  Token take();
  [[nodiscard]] bool at(std::string_view punctuator) const;
  [[nodiscard]] bool at_name(std::string_view name) const;
  // Takes the punctuator if it is next.
  bool take_if(std::string_view punctuator);
  void expect(std::string_view punctuator);
  std::string expect_name();
  [[noreturn]] void fail(const std::string& wanted) const;

 private:
  void advance();
  void skip_ignored();
  char step();
  void read_number();
  std::string read_code_point();
  void read_text();
  void read_block_text();

  std::string_view text_;
  std::size_t at_ = 0;
  Location location_;
  Token token_;
};

}  // namespace tidemark::simulators::graphql
