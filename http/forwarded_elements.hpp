#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "http/message.hpp"

namespace tidemark::http {

// What proxies wrote, the nearest one's words first. Nothing of it is checked.
struct ForwardedPath {
  struct Hop {
    std::string address;  // as written, perhaps with a port; empty or garbage where there is none
    std::string scheme;   // of `Forwarded` alone
  };
  std::vector<Hop> hops;
  std::vector<std::string> schemes;  // of `X-Forwarded-Proto`

  // How the proxy of this hop was asked, in its own word; empty when nobody says so. A hop past the
  // end means the last one.
  [[nodiscard]] std::string scheme(std::size_t hop) const;
};

// Of `X-Forwarded-For` and `X-Forwarded-Proto`.
[[nodiscard]] ForwardedPath customary_path(const Headers& headers);
// Of `Forwarded` (RFC 7239).
[[nodiscard]] ForwardedPath standard_path(const Headers& headers);

}  // namespace tidemark::http
