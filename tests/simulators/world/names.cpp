#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <stdexcept>

#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string base64(std::string_view bytes, bool for_urls) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                               reinterpret_cast<const unsigned char*>(bytes.data()),
                               static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  if (!for_urls) return text;
  while (!text.empty() && text.back() == '=') text.pop_back();
  for (char& c : text) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return text;
}

std::string make_node_id(std::string_view prefix, std::uint64_t id) {
  // MessagePack of [0, id], as GitHub has it.
  std::string bytes("\x92\x00\xce", 3);
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(id >> shift));
  return std::string(prefix) + "_" + base64(bytes, true);
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  while (text.ends_with('=')) text.remove_suffix(1);
  for (char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z')
      value = static_cast<std::uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      value = static_cast<std::uint32_t>(c - 'a') + 26;
    else if (c >= '0' && c <= '9')
      value = static_cast<std::uint32_t>(c - '0') + 52;
    else if (c == '+' || c == '-')
      value = 62;
    else if (c == '/' || c == '_')
      value = 63;
    else
      return std::nullopt;
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<char>((bits >> held) & 0xFF));
    }
  }
  return bytes;
}

std::string make_legacy_node_id(std::string_view type, std::uint64_t id) {
  std::string name(type);
  name += std::to_string(id);
  std::string length = std::to_string(type.size());
  return base64((length.size() < 2 ? "0" : "") + length + ":" + name, false);
}

std::optional<std::uint64_t> number_of_node_id(std::string_view node_id) {
  std::size_t mark = node_id.find('_');
  bool legacy = mark == std::string_view::npos;
  std::optional<std::string> bytes = decode_base64(legacy ? node_id : node_id.substr(mark + 1));
  if (!bytes) return std::nullopt;
  std::uint64_t number = 0;
  if (!legacy) {
    if (bytes->size() != 7) return std::nullopt;
    for (std::size_t i = 3; i < 7; ++i) {
      number = (number << 8) | static_cast<unsigned char>((*bytes)[i]);
    }
    return number;
  }
  std::size_t digits = bytes->find_last_not_of("0123456789") + 1;
  const char* end = bytes->data() + bytes->size();
  auto [stopped, error] = std::from_chars(bytes->data() + digits, end, number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

std::string hex_digest(std::string_view algorithm, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t length = 0;
  if (EVP_Q_digest(nullptr, std::string(algorithm).c_str(), nullptr, text.data(), text.size(),
                   digest.data(), &length) != 1) {
    throw std::runtime_error("no such digest: " + std::string(algorithm));
  }
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (std::size_t i = 0; i < length; ++i) {
    hex.push_back(digits[digest[i] >> 4]);
    hex.push_back(digits[digest[i] & 15]);
  }
  return hex;
}

}  // namespace tidemark::simulators
