#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/async/connection.hpp"

namespace tidemark::http {

struct Url {
  async::Endpoint endpoint;  // the port is always set: 80, 443 or what the text says
  std::string target = "/";  // path and query, undecoded: presigned addresses must stay as they are

  // "https://host" or "https://host:8443" when the port is not the scheme's own.
  [[nodiscard]] std::string origin() const;
  [[nodiscard]] std::string text() const { return origin() + target; }
};

// Takes absolute http and https addresses without user information; nothing else.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

// Resolves what a Location header may hold (absolute or relative) against the address asked.
[[nodiscard]] std::optional<Url> resolve_url(const Url& base, std::string_view location);

// Percent-encodes all but [A-Za-z0-9._~-].
[[nodiscard]] std::string percent_encode(std::string_view text);
// Decodes %XX; also "+" to space when `plus_is_space`. nullopt for a malformed escape.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

// "a=1&b=x%20y" and back (application/x-www-form-urlencoded).
using Form = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] std::string encode_form(const Form& fields);
[[nodiscard]] std::optional<Form> decode_form(std::string_view text);
[[nodiscard]] std::optional<std::string_view> form_value(const Form& fields, std::string_view name);

}  // namespace tidemark::http
