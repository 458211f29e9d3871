#include "tests/simulators/graphql/lexer.hpp"

#include <charconv>

namespace tidemark::simulators::graphql {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Token Lexer::take() {
  Token taken = std::move(token_);
  advance();
  return taken;
}

bool Lexer::at(std::string_view punctuator) const {
  return token_.kind == Token::Kind::punctuator && token_.text == punctuator;
}

bool Lexer::at_name(std::string_view name) const {
  return token_.kind == Token::Kind::name && token_.text == name;
}

bool Lexer::take_if(std::string_view punctuator) {
  if (!at(punctuator)) return false;
  advance();
  return true;
}

void Lexer::expect(std::string_view punctuator) {
  if (!take_if(punctuator)) fail("\"" + std::string(punctuator) + "\"");
}

std::string Lexer::expect_name() {
  if (token_.kind != Token::Kind::name) fail("a name");
  return take().text;
}

void Lexer::fail(const std::string& wanted) const {
  std::string found = token_.kind == Token::Kind::end ? "end of the text" : token_.text;
  throw SyntaxError("Parse error on \"" + found + "\": expected " + wanted, token_.location);
}

char Lexer::step() {
  char c = text_[at_++];
  if (c == '\n') {
    ++location_.line;
    location_.column = 1;
  } else {
    ++location_.column;
  }
  return c;
}

void Lexer::skip_ignored() {
  while (at_ < text_.size()) {
    char c = text_[at_];
    if (c == '#') {
      while (at_ < text_.size() && text_[at_] != '\n') step();
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',') {
      step();
    } else {
      return;
    }
  }
}

void Lexer::advance() {
  skip_ignored();
  token_ = Token{Token::Kind::end, {}, location_};
  if (at_ >= text_.size()) return;
  char c = text_[at_];
  if (is_letter(c)) {
    token_.kind = Token::Kind::name;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) {
      token_.text.push_back(step());
    }
  } else if (is_digit(c) || c == '-') {
    read_number();
  } else if (text_.substr(at_).starts_with("\"\"\"")) {
    read_block_text();
  } else if (c == '"') {
    read_text();
  } else if (text_.substr(at_).starts_with("...")) {
    token_ = Token{Token::Kind::punctuator, "...", location_};
    for (int i = 0; i < 3; ++i) step();
  } else if (std::string_view("!$():=@[]{}|&").find(c) != std::string_view::npos) {
    token_.kind = Token::Kind::punctuator;
    token_.text = std::string(1, step());
  } else {
    throw SyntaxError("Parse error on \"" + std::string(1, c) + "\" (error)", location_);
  }
}

void Lexer::read_number() {
  token_.kind = Token::Kind::integer;
  token_.text.push_back(step());
  while (at_ < text_.size()) {
    char c = text_[at_];
    bool of_float = c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
    if (!is_digit(c) && !of_float) break;
    if (of_float) token_.kind = Token::Kind::floating;
    token_.text.push_back(step());
  }
}

// Four hexadecimal digits, as UTF-8. Surrogates are not needed here.
std::string Lexer::read_code_point() {
  unsigned code = 0;
  const char* begin = text_.data() + at_;
  const bool enough = text_.size() - at_ >= 4;
  const auto result = std::from_chars(begin, begin + (enough ? 4 : 0), code, 16);
  if (!enough || result.ptr != begin + 4 || (code >= 0xD800 && code < 0xE000)) {
    throw SyntaxError("Parse error: not a code point in a text", location_);
  }
  for (int i = 0; i < 4; ++i) step();
  std::string bytes;
  if (code < 0x80) {
    bytes.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    bytes.push_back(static_cast<char>(0xC0 | (code >> 6)));
    bytes.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    bytes.push_back(static_cast<char>(0xE0 | (code >> 12)));
    bytes.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    bytes.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
  return bytes;
}

void Lexer::read_text() {
  token_.kind = Token::Kind::text;
  step();
  while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') {
    char c = step();
    if (c != '\\' || at_ >= text_.size()) {
      token_.text.push_back(c);
      continue;
    }
    char escaped = step();
    switch (escaped) {
      case 'n': token_.text.push_back('\n'); break;
      case 't': token_.text.push_back('\t'); break;
      case 'r': token_.text.push_back('\r'); break;
      case '"':
      case '\\':
      case '/': token_.text.push_back(escaped); break;
      case 'u': token_.text += read_code_point(); break;
      default: throw SyntaxError("Parse error: unknown escape in a text", location_);
    }
  }
  if (at_ >= text_.size() || text_[at_] != '"') {
    throw SyntaxError("Parse error: a text without end", token_.location);
  }
  step();
}

void Lexer::read_block_text() {
  token_.kind = Token::Kind::text;
  for (int i = 0; i < 3; ++i) step();
  while (at_ < text_.size() && !text_.substr(at_).starts_with("\"\"\"")) {
    token_.text.push_back(step());
  }
  if (at_ >= text_.size()) throw SyntaxError("Parse error: a text without end", token_.location);
  for (int i = 0; i < 3; ++i) step();
}

}  // namespace tidemark::simulators::graphql
