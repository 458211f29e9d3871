#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace tidemark::http {

// The first lines of messages as text. What could smuggle a second header or message is refused
// with std::invalid_argument that names the field: it is a fault of the program, not of a peer.

// `first` goes before the request's own fields, whose Content-Length gives way to the true one and
// whose Transfer-Encoding is refused.
void append_request_head(std::string& out, const Request& request, std::string_view target,
                         const Headers& first);

struct BodyFraming {
  enum class Kind { length, chunked, none } kind = Kind::length;
  std::size_t length = 0;
  bool close = false;  // says "Connection: close"
};
// Skips Content-Length, Transfer-Encoding and Connection of `headers`: framing is ours to decide.
void append_response_head(std::string& out, unsigned status, const Headers& headers,
                          const BodyFraming& framing);

[[nodiscard]] std::string_view reason_phrase(unsigned status);

// 1xx, 204 and 304 have none, whatever their headers say.
[[nodiscard]] inline bool may_have_body(unsigned status) {
  return status >= 200 && status != 204 && status != 304;
}

}  // namespace tidemark::http
