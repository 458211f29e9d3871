#include "storage/digest.hpp"

#include <openssl/evp.h>

#include <array>

#include "storage/engine.hpp"

namespace tidemark::storage {

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw StoreError("a SHA-256 failed inside OpenSSL: check that its library offers it");
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * digest.size());
  for (const auto byte : digest) {
    hex.push_back(digits[byte >> 4U]);
    hex.push_back(digits[byte & 0xfU]);
  }
  return hex;
}

}  // namespace tidemark::storage
