#include "http/utf8.hpp"

#include <algorithm>

namespace tidemark::http {

namespace {

unsigned char byte_of(char c) { return static_cast<unsigned char>(c); }

std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

// Of the second byte: neither a longer form than needed, nor half a pair of UTF-16, nor behind
// U+10FFFF.
bool may_follow(unsigned char lead, unsigned char second) {
  if (lead == 0xe0) return second >= 0xa0;
  if (lead == 0xed) return second < 0xa0;
  if (lead == 0xf0) return second >= 0x90;
  if (lead == 0xf4) return second < 0x90;
  return true;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return byte_of(c) < 0x80; });
}

}  // namespace

std::size_t character_bytes(std::string_view text) {
  if (text.empty()) return 0;
  const auto lead = byte_of(text.front());
  const std::size_t length = length_of(lead);
  if (length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_of(text[i]) & 0xc0U) != 0x80U) return 0;
  }
  if (length > 1 && !may_follow(lead, byte_of(text[1]))) return 0;
  return length;
}

std::string as_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = character_bytes(text);
    result.append(length == 0 ? "\ufffd" : text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

std::string as_utf8(std::string text) {
  if (is_ascii(text)) return text;
  return as_utf8(std::string_view(text));
}

}  // namespace tidemark::http
