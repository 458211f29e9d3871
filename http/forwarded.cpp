#include "http/forwarded.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "http/excerpt.hpp"
#include "http/forwarded_elements.hpp"

namespace tidemark::http {
namespace {

struct Address {
  bool is_v6 = false;
  std::vector<unsigned char> bytes;
};

constexpr std::array<unsigned char, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_mapped(const Address& address) {
  return address.is_v6 && std::equal(mapped.begin(), mapped.end(), address.bytes.begin());
}

// As it stands: "::ffff:10.0.0.1" is IPv6 here.
std::optional<Address> parse_as_written(std::string_view text) {
  char buffer[INET6_ADDRSTRLEN] = "";
  if (text.empty() || text.size() >= sizeof(buffer)) return std::nullopt;
  text.copy(buffer, text.size());
  // What C would take for the end is not the end.
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  Address four{false, std::vector<unsigned char>(4)};
  if (::inet_pton(AF_INET, buffer, four.bytes.data()) == 1) return four;
  Address six{true, std::vector<unsigned char>(16)};
  if (::inet_pton(AF_INET6, buffer, six.bytes.data()) == 1) return six;
  return std::nullopt;
}

// A listener for both families sees IPv4 peers as IPv4-mapped IPv6: the same machine, one spelling.
std::optional<Address> parse_address(std::string_view text) {
  std::optional<Address> address = parse_as_written(text);
  if (address && is_mapped(*address)) {
    address->is_v6 = false;
    address->bytes.erase(address->bytes.begin(), address->bytes.begin() + mapped.size());
  }
  return address;
}

std::string text_of(const Address& address) {
  char buffer[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(address.is_v6 ? AF_INET6 : AF_INET, address.bytes.data(), buffer, sizeof(buffer));
  return buffer;
}

bool is_within(const std::vector<unsigned char>& bytes, const std::vector<unsigned char>& network,
               unsigned prefix) {
  const std::size_t whole = prefix / 8;
  if (!std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  network.begin())) {
    return false;
  }
  if (prefix % 8 == 0) return true;
  const auto mask = static_cast<unsigned char>(0xff << (8 - prefix % 8));
  return (bytes[whole] & mask) == (network[whole] & mask);
}

[[noreturn]] void refuse(const std::string& network) {
  throw std::invalid_argument(
      fmt::format("\"{}\" is neither an address nor a network: write 10.0.0.1, 10.0.0.0/8, ::1 or "
                  "fd00::/8",
                  excerpt(network)));
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
  for (const std::string& written : networks) {
    const std::string_view text = written;
    const std::size_t slash = text.find('/');
    std::optional<Address> address = parse_as_written(text.substr(0, slash));
    if (!address) refuse(written);
    auto bits = static_cast<unsigned>(address->bytes.size() * 8);
    unsigned prefix = bits;
    if (slash != std::string_view::npos) {
      const std::string_view number = text.substr(slash + 1);
      if (!is_number(number)) refuse(written);
      std::from_chars(number.data(), number.data() + number.size(), prefix);
      if (prefix > bits) refuse(written);
    }
    constexpr unsigned mapped_bits = mapped.size() * 8;
    if (is_mapped(*address) && prefix >= mapped_bits) {
      address = parse_address(text.substr(0, slash));
      prefix -= mapped_bits;
    }
    networks_.push_back(Network{address->is_v6, std::move(address->bytes), prefix});
  }
}

bool TrustedProxies::trusts(std::string_view text) const {
  const std::optional<Address> address = parse_address(text);
  return address && std::ranges::any_of(networks_, [&](const Network& network) {
           return network.is_v6 == address->is_v6 &&
                  is_within(address->bytes, network.bytes, network.prefix);
         });
}

std::string address_without_port(std::string_view peer) {
  if (peer.starts_with('[')) {
    const std::size_t end = peer.find(']');
    if (end == std::string_view::npos) return std::string(peer);
    const std::string_view after = peer.substr(end + 1);
    const bool fits = after.empty() || (after.starts_with(':') && is_number(after.substr(1)));
    return std::string(fits ? peer.substr(1, end - 1) : peer);
  }
  // More colons than one: IPv6 without brackets, which has no port.
  const std::size_t colon = peer.find(':');
  if (colon == std::string_view::npos || !is_number(peer.substr(colon + 1))) {
    return std::string(peer);
  }
  return std::string(peer.substr(0, colon));
}

std::string limited_address(std::string_view text) {
  std::optional<Address> address = parse_address(text);
  if (!address) return std::string(text);
  if (!address->is_v6) return text_of(*address);
  std::fill(address->bytes.begin() + 8, address->bytes.end(), static_cast<unsigned char>(0));
  return text_of(*address) + "/64";
}

namespace {

// Each proxy wrote one hop: the address of the one that asked it, and how it was asked.
Origin followed(Origin origin, const ForwardedPath& path, const TrustedProxies& trusted) {
  std::size_t hop = 0;
  for (; hop < path.hops.size(); ++hop) {
    const auto address = parse_address(address_without_port(path.hops[hop].address));
    if (!address) break;
    origin.address = text_of(*address);
    if (!trusted.trusts(origin.address)) break;
  }
  const std::string scheme = path.scheme(hop);
  origin.https = equals_ignoring_case(scheme, "https");
  origin.plain = equals_ignoring_case(scheme, "http");
  return origin;
}

}  // namespace

Origin origin_of(std::string_view peer_address, const Headers& headers,
                 const TrustedProxies& trusted) {
  Origin origin;
  origin.address = address_without_port(peer_address);
  if (const auto address = parse_address(origin.address)) origin.address = text_of(*address);
  const ForwardedPath customary = customary_path(headers), standard = standard_path(headers);
  origin.is_forwarded = !customary.hops.empty() || !standard.hops.empty();
  origin.is_believed = trusted.trusts(origin.address);
  if (!origin.is_believed) return origin;
  if (standard.hops.empty()) return followed(std::move(origin), customary, trusted);
  const Origin by_standard = followed(origin, standard, trusted);
  if (customary.hops.empty()) return by_standard;
  const Origin by_custom = followed(origin, customary, trusted);
  if (by_custom.address != by_standard.address) return origin;
  return by_custom;
}

}  // namespace tidemark::http
