#include "http/basic_authorization.hpp"

#include <openssl/evp.h>

#include "http/url.hpp"

namespace tidemark::http {

std::string basic_authorization(std::string_view id, std::string_view secret) {
  const std::string pair = percent_encode(id) + ":" + percent_encode(secret);
  // Four characters for three bytes, and the zero that OpenSSL writes behind them.
  std::string encoded((pair.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                     reinterpret_cast<const unsigned char*>(pair.data()),
                                     static_cast<int>(pair.size()));
  encoded.resize(static_cast<std::size_t>(length));
  return "Basic " + encoded;
}

}  // namespace tidemark::http
