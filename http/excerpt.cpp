#include "http/excerpt.hpp"

#include <algorithm>

#include "http/utf8.hpp"

namespace tidemark::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool ends_address(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte == 0x7f || c == '"' || c == '\'' || c == '<' || c == '>' || c == ')' ||
         c == ',';
}

// "https://host/path?key=secret more" → "https://host/path?… more". A question mark that ends a
// sentence is followed by a blank and stays.
std::string without_queries(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  while (!text.empty()) {
    const std::size_t question = text.find('?');
    if (question == std::string_view::npos) break;
    kept.append(text.substr(0, question + 1));
    text.remove_prefix(question + 1);
    const auto end = std::find_if(text.begin(), text.end(), ends_address);
    const auto length = static_cast<std::size_t>(end - text.begin());
    if (text.substr(0, length).find('=') == std::string_view::npos) continue;
    kept.append("…");
    text.remove_prefix(length);
  }
  kept.append(text);
  return kept;
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

// The second set of control characters (a terminal obeys U+009B as it does ESC), and those that
// turn the direction of what follows, which would show a line as another one.
bool misleads(std::string_view character) {
  if (character.size() == 2) {
    return character[0] == '\xc2' && static_cast<unsigned char>(character[1]) < 0xa0;
  }
  const bool embeds = character >= "\u202a" && character <= "\u202e";
  const bool isolates = character >= "\u2066" && character <= "\u2069";
  return character.size() == 3 && (embeds || isolates);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = character_bytes(text);
    const auto character = text.substr(0, length);
    const auto byte = static_cast<unsigned char>(text.front());
    const bool hidden = length == 0 || byte < 0x20 || byte == 0x7f || misleads(character);
    result.append(hidden ? std::string_view(" ") : character);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

std::string excerpt(std::string_view text, std::size_t bytes_max) {
  // What lies far behind the cut cannot show; a body may be megabytes.
  const std::string shown = without_queries(text.substr(0, bytes_max * 4));
  std::string line;
  for (std::string_view rest = shown; !rest.empty();) {
    const auto byte = static_cast<unsigned char>(rest.front());
    const std::size_t length = character_bytes(rest);
    const bool shows = byte > ' ' && byte != 0x7f && !misleads(rest.substr(0, length));
    if (length > 0 && shows) {
      line.append(rest.substr(0, length));
    } else if (!line.empty() && line.back() != ' ') {
      line.push_back(' ');
    }
    rest.remove_prefix(length > 0 ? length : 1);
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  if (line.size() <= bytes_max) return line;
  std::size_t length = bytes_max;
  while (length > 0 && continues_character(line[length])) --length;
  line.resize(length);
  return line + "…";
}

void hide_secret(std::string& text, std::string_view secret) {
  constexpr std::string_view mark = "…";
  if (secret.empty()) return;
  for (std::size_t at = text.find(secret); at != std::string::npos;
       at = text.find(secret, at + mark.size())) {
    text.replace(at, secret.size(), mark);
  }
}

bool contains_ignoring_case(std::string_view text, std::string_view what) {
  const auto same = [](char left, char right) { return lower(left) == lower(right); };
  return std::search(text.begin(), text.end(), what.begin(), what.end(), same) != text.end();
}

}  // namespace tidemark::http
