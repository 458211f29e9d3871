#include <openssl/evp.h>

#include <array>
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
