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
  bool is_standard = false;          // the hops are from `Forwarded`

  // Was the proxy of this hop asked over TLS? A hop past the end means the last one.
  [[nodiscard]] bool https(std::size_t hop) const;
};

// `X-Forwarded-For` goes before `Forwarded`: all common proxies write the former, and one that does
// not know the other hands it on as its client sent it.
[[nodiscard]] ForwardedPath forwarded_path(const Headers& headers);

}  // namespace tidemark::http
