#include "storage/seal.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>

#include "storage/codec.hpp"

namespace tidemark::storage {
namespace {

constexpr char version = 1;
constexpr std::size_t nonce_bytes = 12, tag_bytes = 16, header_bytes = 1 + 4 + nonce_bytes;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

// OpenSSL 3 looks an algorithm up at every use unless it is fetched once.
const EVP_CIPHER* cipher() {
  static const std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> fetched(
      EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr), EVP_CIPHER_free);
  return fetched.get();
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
int size_of(std::string_view text) { return static_cast<int>(text.size()); }

[[noreturn]] void fail(std::string_view doing) {
  throw StoreError(
      fmt::format("{} a secret failed inside OpenSSL: check that its library and "
                  "configuration offer AES-256-GCM",
                  doing));
}

// A record's key is partly binary: shown so that a person can still tell which one it is.
std::string shown(std::string_view place) {
  std::string text(place);
  std::replace_if(
      text.begin(), text.end(), [](char byte) { return byte < ' ' || byte > '~'; }, '.');
  return text;
}

[[noreturn]] void refuse(std::string_view place, std::string_view problem) {
  throw CorruptRecord(
      fmt::format("the secret of '{}' {}: it was changed or moved; restore a backup, "
                  "or let its member sign in again",
                  shown(place), problem));
}

std::string random_nonce() {
  std::string nonce(nonce_bytes, '\0');
  if (RAND_bytes(bytes_of(nonce), size_of(nonce)) != 1) fail("finding a nonce for");
  return nonce;
}

}  // namespace

std::string Sealer::seal(std::string_view plain, std::string_view place) const {
  const std::uint32_t id = keys_.newest();
  const std::string nonce = random_nonce();
  std::string sealed(1, version);
  sealed += KeyWriter().u32(id).bytes();
  sealed += nonce;
  std::string body(plain.size(), '\0'), tag(tag_bytes, '\0');
  const Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int size = 0, last = 0;
  const bool done =
      context &&
      EVP_EncryptInit_ex2(context.get(), cipher(), bytes_of(std::string_view(*keys_.find(id))),
                          bytes_of(std::string_view(nonce)), nullptr) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &size, bytes_of(place), size_of(place)) == 1 &&
      EVP_EncryptUpdate(context.get(), bytes_of(body), &size, bytes_of(plain), size_of(plain)) ==
          1 &&
      EVP_EncryptFinal_ex(context.get(), bytes_of(body) + size, &last) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, tag.data()) == 1;
  if (!done) fail("sealing");
  return sealed + body + tag;
}

std::string Sealer::open(std::string_view sealed, std::string_view place) const {
  if (sealed.size() < header_bytes + tag_bytes) refuse(place, "is cut short");
  const std::uint32_t id = key_of(sealed);
  const std::string* key = keys_.find(id);
  if (key == nullptr) {
    throw StoreError(
        fmt::format("the secret of '{}' was sealed with key {}, which the key file does "
                    "not hold: put that key's line back into the key file",
                    shown(place), id));
  }
  const std::string_view nonce = sealed.substr(header_bytes - nonce_bytes, nonce_bytes);
  const std::string_view body =
      sealed.substr(header_bytes, sealed.size() - header_bytes - tag_bytes);
  std::string tag(sealed.substr(sealed.size() - tag_bytes)), plain(body.size(), '\0');
  const Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int size = 0, last = 0;
  const bool ready =
      context &&
      EVP_DecryptInit_ex2(context.get(), cipher(), bytes_of(std::string_view(*key)),
                          bytes_of(nonce), nullptr) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, bytes_of(place), size_of(place)) == 1 &&
      EVP_DecryptUpdate(context.get(), bytes_of(plain), &size, bytes_of(body), size_of(body)) ==
          1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1;
  if (!ready) fail("opening");
  if (EVP_DecryptFinal_ex(context.get(), bytes_of(plain) + size, &last) != 1) {
    refuse(place, "is not authentic");
  }
  return plain;
}

std::uint32_t Sealer::key_of(std::string_view sealed) const {
  if (sealed.size() < header_bytes + tag_bytes) {
    throw CorruptRecord("a sealed value is cut short: run `tidemark check`");
  }
  if (sealed.front() != version) {
    throw StoreError(
        fmt::format("a sealed value has version {}, this tidemark knows up to {}: "
                    "install the newer version again, or restore a backup",
                    static_cast<unsigned char>(sealed.front()), int{version}));
  }
  return KeyReader(sealed.substr(1, 4)).u32();
}

}  // namespace tidemark::storage
