#include "http/url.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "http/message.hpp"

namespace tidemark::http {

namespace {

constexpr auto not_found = std::string_view::npos;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view default_port(bool tls) { return tls ? "443" : "80"; }

// Takes "https" off "https://…"; nothing when the text begins with no scheme.
std::string_view scheme_of(std::string_view text) {
  std::size_t colon = text.find_first_of(":/?#");
  if (colon == not_found || text[colon] != ':' || colon == 0 || !is_letter(text[0])) return {};
  return text.substr(0, colon);
}

// A name or an IPv4 address. Escapes are refused: no real host needs them.
std::optional<std::string> host_name(std::string_view text) {
  if (text.empty() || text.size() > 253) return std::nullopt;
  std::string host;
  for (char c : text) {
    if (!is_letter(c) && !is_digit(c) && c != '.' && c != '-' && c != '_') return std::nullopt;
    host += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return host;
}

std::optional<std::string> ip6_address(std::string_view text) {
  if (text.size() < 2 || text.size() > 45) return std::nullopt;
  for (char c : text) {
    bool hex = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (!hex && c != ':' && c != '.') return std::nullopt;
  }
  if (text.find(':') == not_found) return std::nullopt;
  return std::string(text);
}

std::optional<std::string> port_number(std::string_view text, bool tls) {
  if (text.empty()) return std::string(default_port(tls));
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return std::to_string(port);
}

// "host:port", "host", "[::1]:port".
std::optional<async::Endpoint> parse_authority(std::string_view text, bool tls) {
  if (text.find('@') != not_found) return std::nullopt;
  std::optional<std::string> host;
  std::string_view rest;
  if (text.starts_with('[')) {
    std::size_t close = text.find(']');
    if (close == not_found) return std::nullopt;
    host = ip6_address(text.substr(1, close - 1));
    rest = text.substr(close + 1);
  } else {
    std::size_t colon = std::min(text.find(':'), text.size());
    host = host_name(text.substr(0, colon));
    rest = text.substr(colon);
  }
  if (!rest.empty() && rest[0] != ':') return std::nullopt;
  if (!rest.empty()) rest.remove_prefix(1);
  auto port = port_number(rest, tls);
  if (!host || !port) return std::nullopt;
  return async::Endpoint{std::move(*host), std::move(*port), tls};
}

// Without the fragment. Bytes outside ASCII are escaped, as browsers do; all else stays as it is.
std::optional<std::string> parse_target(std::string_view text) {
  text = text.substr(0, text.find('#'));
  std::string target;
  if (text.empty() || text[0] != '/') target = "/";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0x7f) return std::nullopt;
    if (byte >= 0x80) {
      target += percent_encode(std::string_view(&c, 1));
    } else {
      target += c;
    }
  }
  return target;
}

// RFC 3986, 5.2.4, for a path that begins with "/".
std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  bool ends_with_slash = false;
  while (!path.empty()) {
    path.remove_prefix(1);
    std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    ends_with_slash = segment == "." || segment == "..";
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!ends_with_slash) kept.push_back(segment);
  }
  std::string clean;
  for (std::string_view segment : kept) clean.append("/").append(segment);
  if (ends_with_slash || clean.empty()) clean += '/';
  return clean;
}

}  // namespace

std::string Url::origin() const {
  if (endpoint.host.starts_with('/')) return "unix:" + endpoint.host + ":";
  std::string text = endpoint.tls ? "https://" : "http://";
  bool is_ip6 = endpoint.host.find(':') != std::string::npos;
  text += is_ip6 ? "[" + endpoint.host + "]" : endpoint.host;
  if (endpoint.port != default_port(endpoint.tls)) text += ":" + endpoint.port;
  return text;
}

std::optional<Url> parse_url(std::string_view text) {
  std::string_view scheme = scheme_of(text);
  bool tls = equals_ignoring_case(scheme, "https");
  if (!tls && !equals_ignoring_case(scheme, "http")) return std::nullopt;
  text.remove_prefix(scheme.size());
  if (!text.starts_with("://")) return std::nullopt;
  text.remove_prefix(3);

  std::size_t authority_end = std::min(text.find_first_of("/?#"), text.size());
  auto endpoint = parse_authority(text.substr(0, authority_end), tls);
  auto target = parse_target(text.substr(authority_end));
  if (!endpoint || !target) return std::nullopt;
  return Url{std::move(*endpoint), std::move(*target)};
}

std::optional<Url> resolve_url(const Url& base, std::string_view location) {
  if (!scheme_of(location).empty()) return parse_url(location);
  if (location.starts_with("//")) {
    return parse_url((base.endpoint.tls ? "https:" : "http:") + std::string(location));
  }
  std::string_view base_path = std::string_view(base.target).substr(0, base.target.find('?'));
  location = location.substr(0, location.find('#'));
  if (location.empty()) return base;

  std::string merged;
  if (location[0] == '?') {
    merged = std::string(base_path).append(location);
  } else {
    std::size_t path_end = std::min(location.find('?'), location.size());
    std::string path(location.substr(0, path_end));
    if (path[0] != '/') path.insert(0, base_path.substr(0, base_path.rfind('/') + 1));
    merged = without_dot_segments(path).append(location.substr(path_end));
  }
  auto target = parse_target(merged);
  if (!target) return std::nullopt;
  return Url{base.endpoint, std::move(*target)};
}

}  // namespace tidemark::http
