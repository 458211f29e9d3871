#include "daemon/routes/graph/multipart.hpp"

#include <algorithm>
#include <string>

#include "http/excerpt.hpp"

namespace tidemark::daemon::graph {
namespace {

constexpr std::size_t parts_most = 32;

// The value of a parameter in a field of a head: `name="text"` or name=text. Empty: there is none.
std::string_view parameter(std::string_view field, std::string_view name) {
  while (!field.empty()) {
    const std::size_t semicolon = field.find(';');
    if (semicolon == std::string_view::npos) return {};
    field.remove_prefix(semicolon + 1);
    while (field.starts_with(' ')) field.remove_prefix(1);
    if (!field.starts_with(name) || !field.substr(name.size()).starts_with('=')) continue;
    field.remove_prefix(name.size() + 1);
    if (!field.starts_with('"')) return field.substr(0, field.find_first_of("; \r\n"));
    field.remove_prefix(1);
    return field.substr(0, field.find('"'));
  }
  return {};
}

std::string_view disposition_of(std::string_view head) {
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    if (http::contains_ignoring_case(line.substr(0, line.find(':')), "content-disposition")) {
      return line;
    }
    if (end == std::string_view::npos) break;
    head.remove_prefix(end + 2);
  }
  return {};
}

}  // namespace

http::Form decode_multipart(std::string_view content_type, std::string_view body) {
  http::Form form;
  const std::string_view boundary = parameter(content_type, "boundary");
  if (boundary.empty() || boundary.size() > 70) return form;
  const std::string opening = "--" + std::string(boundary), next = "\r\n" + opening;
  if (!body.starts_with(opening)) return form;
  body.remove_prefix(opening.size());
  while (form.size() < parts_most && body.starts_with("\r\n")) {
    body.remove_prefix(2);
    const std::size_t head_end = body.find("\r\n\r\n"), end = body.find(next);
    if (end == std::string_view::npos || head_end >= end) break;
    const std::string_view name = parameter(disposition_of(body.substr(0, head_end)), "name");
    if (!name.empty()) {
      const std::size_t begin = std::min(head_end + 4, end);  // a head may be all there is
      form.emplace_back(std::string(name), std::string(body.substr(begin, end - begin)));
    }
    body.remove_prefix(end + next.size());
  }
  return form;
}

}  // namespace tidemark::daemon::graph
