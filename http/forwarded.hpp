#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace tidemark::http {

// Reverse proxies whose forwarded headers are believed.
class TrustedProxies {
 public:
  TrustedProxies() = default;
  // Addresses or CIDR networks, IPv4 and IPv6. Throws std::invalid_argument naming the bad one.
  explicit TrustedProxies(const std::vector<std::string>& networks);
  [[nodiscard]] bool trusts(std::string_view address) const;

 private:
  struct Network {
    bool is_v6 = false;
    std::vector<unsigned char> bytes;
    unsigned prefix = 0;
  };
  std::vector<Network> networks_;
};

// "127.0.0.1:51234" → "127.0.0.1", "[::1]:51234" → "::1".
[[nodiscard]] std::string address_without_port(std::string_view peer);

// What limits count by: the address, and of IPv6 the network of a customer (/64), because one
// person has billions of addresses there.
[[nodiscard]] std::string limited_address(std::string_view address);

struct Origin {
  std::string address;        // who asks: the nearest address that is no trusted proxy
  bool https = false;         // a trusted proxy says that it was asked over TLS
  bool plain = false;         // a trusted proxy says that it was asked without
  bool is_forwarded = false;  // the peer, trusted or not, sends such headers
  bool is_believed = false;   // the peer is trusted
};
// `X-Forwarded-For`, `X-Forwarded-Proto` or RFC 7239 `Forwarded`, read from the right, and only as
// far as trusted proxies wrote it: what an untrusted peer sends counts for nothing. A proxy writes
// one of the two and hands the other on as its client sent it: when they name different askers,
// neither is believed, and the peer is who asks.
[[nodiscard]] Origin origin_of(std::string_view peer_address, const Headers& headers,
                               const TrustedProxies& trusted);

}  // namespace tidemark::http
