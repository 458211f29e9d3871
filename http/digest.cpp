#include "http/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstddef>
#include <stdexcept>

namespace tidemark::http {
namespace {

struct Digest {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), size};
  }
};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Digest sha256(std::string_view text) {
  Digest made;
  if (EVP_Digest(text.data(), text.size(), made.bytes.data(), &made.size, EVP_sha256(), nullptr) !=
      1) {
    throw std::runtime_error("OpenSSL cannot compute SHA-256: check the installation of OpenSSL");
  }
  return made;
}

Digest hmac(const EVP_MD* method, std::string_view key, std::string_view text) {
  // OpenSSL takes a null key for "the one before".
  constexpr unsigned char no_key = 0;
  Digest made;
  if (HMAC(method, key.empty() ? &no_key : bytes_of(key), static_cast<int>(key.size()),
           bytes_of(text), text.size(), made.bytes.data(), &made.size) == nullptr) {
    throw std::runtime_error("OpenSSL cannot compute an HMAC: check the installation of OpenSSL");
  }
  return made;
}

std::string hex(const Digest& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * digest.size);
  for (std::size_t i = 0; i < digest.size; ++i) {
    text += digits[digest.bytes[i] >> 4];
    text += digits[digest.bytes[i] & 15];
  }
  return text;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) { return hex(sha256(bytes)); }

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
  return hex(hmac(EVP_sha256(), key, bytes));
}

std::string hmac_sha1_hex(std::string_view key, std::string_view bytes) {
  return hex(hmac(EVP_sha1(), key, bytes));
}

bool same_secret(std::string_view left, std::string_view right) {
  // Not the length is secret, but what stands there.
  if (left.empty() || left.size() != right.size()) return false;
  return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string base64url(std::string_view bytes) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  unsigned pending = 0;
  unsigned bits = 0;
  for (const char byte : bytes) {
    pending = (pending << 8U) | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 6; bits -= 6) text += letters[(pending >> (bits - 6)) & 63U];
    pending &= (1U << bits) - 1;
  }
  if (bits > 0) text += letters[(pending << (6 - bits)) & 63U];
  return text;
}

std::string random_text(async::Random& random) {
  std::array<std::byte, 32> bytes{};
  random.fill(bytes);
  std::string text = base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return text;
}

std::string pkce_challenge(std::string_view verifier) { return base64url(sha256(verifier).view()); }

}  // namespace tidemark::http
