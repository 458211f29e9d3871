#include "http/forwarded_elements.hpp"

#include <algorithm>
#include <string_view>

namespace tidemark::http {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_quote(std::string_view text, std::size_t at) {
  if (text[at] != '"') return false;
  std::size_t backslashes = 0;
  while (backslashes < at && text[at - backslashes - 1] == '\\') ++backslashes;
  return backslashes % 2 == 0;
}

// The parts between separators, the last one first; separators in quotes do not count. Read from
// the right, because only the right end is a proxy's: a quote that a client left open would swallow
// what the proxy wrote behind it.
std::vector<std::string_view> parts_from_right(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  bool quoted = false;
  std::size_t end = text.size();
  const auto take = [&](std::size_t begin) {
    const std::string_view part = trimmed(text.substr(begin, end - begin));
    if (!part.empty()) parts.push_back(part);
  };
  for (std::size_t at = text.size(); at-- > 0;) {
    if (is_quote(text, at)) quoted = !quoted;
    if (quoted || text[at] != separator) continue;
    take(at + 1);
    end = at;
  }
  take(0);
  return parts;
}

// The fields of this name, the last one first.
std::vector<std::string_view> lines_from_right(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> lines;
  for (const auto& [field, value] : headers) {
    if (equals_ignoring_case(field, name)) lines.emplace_back(value);
  }
  std::ranges::reverse(lines);
  return lines;
}

std::string unquoted(std::string_view value) {
  if (!value.starts_with('"')) return std::string(value);
  if (value.size() < 2 || !is_quote(value, value.size() - 1)) return {};
  value = value.substr(1, value.size() - 2);
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) ++i;
    text += value[i];
  }
  return text;
}

ForwardedPath::Hop hop_of(std::string_view element) {
  ForwardedPath::Hop hop;
  for (const std::string_view pair : parts_from_right(element, ';')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = trimmed(pair.substr(0, equals));
    const std::string value = unquoted(trimmed(pair.substr(equals + 1)));
    if (equals_ignoring_case(name, "for")) hop.address = value;
    if (equals_ignoring_case(name, "proto")) hop.scheme = value;
  }
  return hop;
}

}  // namespace

std::string ForwardedPath::scheme(std::size_t hop) const {
  if (!schemes.empty()) return schemes[std::min(hop, schemes.size() - 1)];
  return hops.empty() ? std::string() : hops[std::min(hop, hops.size() - 1)].scheme;
}

ForwardedPath customary_path(const Headers& headers) {
  ForwardedPath path;
  for (const std::string_view line : lines_from_right(headers, "X-Forwarded-Proto")) {
    for (const std::string_view part : parts_from_right(line, ',')) path.schemes.emplace_back(part);
  }
  for (const std::string_view line : lines_from_right(headers, "X-Forwarded-For")) {
    for (const std::string_view part : parts_from_right(line, ',')) {
      path.hops.push_back({std::string(part), {}});
    }
  }
  return path;
}

ForwardedPath standard_path(const Headers& headers) {
  ForwardedPath path;
  for (const std::string_view line : lines_from_right(headers, "Forwarded")) {
    for (const std::string_view part : parts_from_right(line, ',')) {
      path.hops.push_back(hop_of(part));
    }
  }
  return path;
}

}  // namespace tidemark::http
