#include <algorithm>

#include "http/github/answer.hpp"

namespace tidemark::http::github {
namespace {

constexpr std::string_view blanks = " \t";

void skip_blanks(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
}

// The value of one parameter, quoted or not, taken off the front.
std::string take_value(std::string_view& rest) {
  std::string value;
  if (!rest.starts_with('"')) {
    const std::size_t end = std::min(rest.find_first_of(",; \t"), rest.size());
    value = rest.substr(0, end);
    rest.remove_prefix(end);
    return value;
  }
  rest.remove_prefix(1);
  while (!rest.empty() && rest.front() != '"') {
    if (rest.front() == '\\' && rest.size() > 1) rest.remove_prefix(1);
    value.push_back(rest.front());
    rest.remove_prefix(1);
  }
  if (!rest.empty()) rest.remove_prefix(1);
  return value;
}

// Parameters of one link, up to its comma; gives the text of `rel`.
std::string take_rel(std::string_view& rest) {
  std::string rel;
  for (;;) {
    skip_blanks(rest);
    if (!rest.starts_with(';')) return rel;
    rest.remove_prefix(1);
    skip_blanks(rest);
    const std::size_t name_end = std::min(rest.find_first_of("=,; \t"), rest.size());
    const std::string_view name = rest.substr(0, name_end);
    rest.remove_prefix(name_end);
    skip_blanks(rest);
    if (!rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    skip_blanks(rest);
    std::string value = take_value(rest);
    // RFC 8288: of several `rel` only the first counts.
    if (rel.empty() && equals_ignoring_case(name, "rel")) rel = std::move(value);
  }
}

// rel="next last" names the same target twice.
void add_links(std::vector<Link>& links, std::string_view target, std::string_view rels) {
  while (!rels.empty()) {
    skip_blanks(rels);
    const std::size_t end = std::min(rels.find_first_of(blanks), rels.size());
    if (end > 0) links.push_back(Link{std::string(target), std::string(rels.substr(0, end))});
    rels.remove_prefix(end);
  }
}

}  // namespace

std::vector<Link> parse_links(std::string_view header) {
  std::vector<Link> links;
  std::string_view rest = header;
  for (;;) {
    // Between links stand a comma and blanks; whatever else is there is not ours to understand.
    const std::size_t open = rest.find('<');
    if (open == std::string_view::npos) return links;
    rest.remove_prefix(open + 1);
    const std::size_t close = rest.find('>');
    if (close == std::string_view::npos) return links;
    const std::string_view target = rest.substr(0, close);
    rest.remove_prefix(close + 1);
    const std::string rels = take_rel(rest);
    add_links(links, target, rels);
  }
}

std::optional<std::string> next_link(const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!equals_ignoring_case(name, "link")) continue;
    for (Link& link : parse_links(value)) {
      // A template is not an address.
      const bool is_template = link.target.find('{') != std::string::npos;
      if (equals_ignoring_case(link.rel, "next") && !is_template) return std::move(link.target);
    }
  }
  return std::nullopt;
}

}  // namespace tidemark::http::github
