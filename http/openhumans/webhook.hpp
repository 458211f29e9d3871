#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace tidemark::http::openhumans {

// What Open Humans tells when a member leaves and wants their data erased (its server code: a plain
// leave tells nothing, or `erasure_requested` false).
struct Deauthorization {
  std::string project_member_id;
  bool erasure_requested = false;
  std::string timestamp;
};

struct DeauthorizationReading {
  std::optional<Deauthorization> value;
  unsigned status = 200;  // 400 malformed, 403 unsigned or wrongly signed
  std::string problem;    // empty when there is a value
};

// The signature is `X-OpenHumans-Webhooks-Signature: sha1=<hex>`, HMAC-SHA1 of the raw body. The
// second POST, which Open Humans sends unsigned when the first was not answered 2xx, proves nothing
// and is refused. An empty secret refuses everything.
[[nodiscard]] DeauthorizationReading read_deauthorization(std::string_view secret,
                                                          const Headers& headers,
                                                          std::string_view body);

}  // namespace tidemark::http::openhumans
