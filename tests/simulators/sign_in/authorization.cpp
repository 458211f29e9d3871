#include "tests/simulators/sign_in/authorization.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "http/url.hpp"
#include "tests/simulators/github/credentials.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

bool CodeChallenge::met_by(std::string_view verifier) const {
  if (text.empty()) return true;
  if (method != "S256") return verifier == text;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t length = 0;
  EVP_Q_digest(nullptr, "SHA256", nullptr, verifier.data(), verifier.size(), digest.data(),
               &length);
  return base64(std::string_view(reinterpret_cast<const char*>(digest.data()), length), true) ==
         text;
}

std::string hmac_sha1_hex(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < length; ++i) {
    hex.push_back(digits[digest[i] >> 4]);
    hex.push_back(digits[digest[i] & 15]);
  }
  return hex;
}

bool is_basic_client(std::string_view header, std::string_view id, std::string_view secret) {
  auto encoded = after_scheme(header, "Basic");
  if (!encoded) return false;
  std::string text(encoded->size(), '\0');
  int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                               reinterpret_cast<const unsigned char*>(encoded->data()),
                               static_cast<int>(encoded->size()));
  if (length < 0) return false;
  text.resize(text.find('\0') == std::string::npos ? static_cast<std::size_t>(length)
                                                   : text.find('\0'));
  std::size_t colon = text.find(':');
  if (colon == std::string::npos) return false;
  return http::percent_decode(text.substr(0, colon), true) == id &&
         http::percent_decode(text.substr(colon + 1), true) == secret;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (char c : text) {
    bool between = c == ' ' || c == ',';
    if (!between && !inside) words.emplace_back();
    if (!between) words.back().push_back(c);
    inside = !between;
  }
  return words;
}

bool is_loopback_or_https(std::string_view address) {
  if (address.starts_with("https://")) return address.size() > 8;
  for (std::string_view host : {"http://127.0.0.1", "http://localhost"}) {
    if (!address.starts_with(host)) continue;
    std::string_view rest = address.substr(host.size());
    return rest.empty() || rest.front() == ':' || rest.front() == '/' || rest.front() == '?';
  }
  return false;
}

std::string_view without_query(std::string_view address) {
  return address.substr(0, address.find('?'));
}

void LostPairs::count(const std::vector<PairState>& pairs) {
  if (pairs.empty()) return;
  const PairState& newest = pairs.back();
  // One that was lost before lives on, and is of no use to anybody.
  bool others_gone = true;
  for (std::size_t i = 0; i + 1 < pairs.size(); ++i) {
    others_gone = others_gone && (pairs[i].dead || (pairs[i].issued && !pairs[i].used));
  }
  bool lost = newest.issued && !newest.used && !newest.dead && others_gone;
  if (!lost) return;
  ++(newest.cut ? answer_cut : answered_unused);
}

void LostPairs::add(const LostPairs& other) {
  answered_unused += other.answered_unused;
  answer_cut += other.answer_cut;
}

boost::json::object LostPairs::as_json() const {
  return {{"answered_unused", answered_unused}, {"answer_cut", answer_cut}};
}

void LiveTokens::count(const PairState& pair) {
  if (pair.issued) ++issued;
  if (!pair.dead) ++(pair.used ? used : unheard);
}

boost::json::object LiveTokens::as_json() const {
  return {{"used", used}, {"unheard", unheard}, {"issued", issued}};
}

}  // namespace tidemark::simulators
