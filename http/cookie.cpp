#include "http/cookie.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "http/excerpt.hpp"

namespace tidemark::http {
namespace {

bool is_token(std::string_view text) {
  constexpr std::string_view separators = "()<>@,;:\\\"/[]?={}";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte < 0x7f && separators.find(c) == std::string_view::npos;
  });
}

bool is_value(std::string_view text) {
  // Quotes around it are part of it.
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
  });
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> cookies_of(const Headers& headers) {
  std::vector<std::pair<std::string, std::string>> cookies;
  for (const auto& [field, line] : headers) {
    if (!equals_ignoring_case(field, "Cookie")) continue;
    std::string_view rest = line;
    while (!rest.empty()) {
      const std::string_view pair = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos) continue;
      const std::string_view name = trimmed(pair.substr(0, equals));
      const std::string_view value = trimmed(pair.substr(equals + 1));
      if (is_token(name) && is_value(value)) cookies.emplace_back(name, value);
    }
  }
  return cookies;
}

std::string set_cookie(const SetCookie& cookie) {
  if (!is_token(cookie.name)) {
    throw std::invalid_argument(
        fmt::format("\"{}\" cannot be the name of a cookie: use letters, digits, - and _",
                    excerpt(cookie.name)));
  }
  if (!is_value(cookie.value)) {
    throw std::invalid_argument(fmt::format(
        "the value of the cookie {} holds what no cookie may hold: encode it", cookie.name));
  }
  // A browser would drop it without a word.
  if (!cookie.secure &&
      (cookie.name.starts_with("__Host-") || cookie.name.starts_with("__Secure-"))) {
    throw std::invalid_argument(
        fmt::format("the cookie {} is for https alone: make it secure", cookie.name));
  }
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", cookie.name,
                     cookie.value, std::max<std::int64_t>(cookie.max_age_s, 0),
                     cookie.secure ? "; Secure" : "");
}

}  // namespace tidemark::http
