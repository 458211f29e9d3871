#include "http/router.hpp"

#include <algorithm>
#include <utility>

namespace tidemark::http {

namespace {

using Segments = std::vector<std::string_view>;
using Pattern = std::vector<std::string>;

// "/a/b" → a, b; "/a/" → a, "": a slash at the end makes another path.
Segments split(std::string_view path) {
  Segments segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    std::string_view segment = path.substr(0, path.find('/'));
    segments.push_back(segment);
    path.remove_prefix(segment.size());
  }
  return segments;
}

bool is_placeholder(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool matches(const Pattern& pattern, const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return false;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    bool fits = is_placeholder(pattern[at]) ? !path[at].empty() : pattern[at] == path[at];
    if (!fits) return false;
  }
  return true;
}

// "/members/new" goes before "/members/{id}", wherever they stand in the table.
bool more_exact(const Pattern& left, const Pattern& right) {
  for (std::size_t at = 0; at < left.size(); ++at) {
    bool left_open = is_placeholder(left[at]);
    if (left_open != is_placeholder(right[at])) return !left_open;
  }
  return false;
}

struct Found {
  const Route* route = nullptr;
  const Pattern* pattern = nullptr;
  std::string allowed;  // methods of the patterns that fit, for 405
};

void allow(std::string& allowed, std::string_view method) {
  if (!allowed.empty()) allowed += ", ";
  allowed += method;
}

Found find_route(const std::vector<Route>& routes, const std::vector<Pattern>& patterns,
                 const std::string& method, const std::vector<std::string>& path) {
  Found best, other_method;
  for (std::size_t at = 0; at < routes.size(); ++at) {
    const Route& route = routes[at];
    const Pattern& pattern = patterns[at];
    if (!matches(pattern, path)) continue;
    bool serves =
        route.method == method || (route.answers_head && route.method == "GET" && method == "HEAD");
    if (!serves) {
      allow(other_method.allowed, route.method);
      if (route.method == "GET" && route.answers_head) allow(other_method.allowed, "HEAD");
      continue;
    }
    if (!best.route || more_exact(pattern, *best.pattern)) best = {&route, &pattern, {}};
  }
  return best.route ? best : other_method;
}

Reply bad_request(std::string_view detail) {
  return problem(400, "/problems/malformed-request", "Malformed request", detail);
}

Reply nothing_here() {
  return problem(404, "/problems/not-found", "Not found", "Nothing is at this path.");
}

// What is no path, apart from http://host/path, which the session has made one.
Reply no_path(std::string_view method) {
  if (method == "CONNECT") {
    return problem(501, "/problems/no-proxy", "Not implemented",
                   "CONNECT asks for a tunnel, and this server is no proxy: send the request to "
                   "its own host");
  }
  return bad_request("The target must begin with / or be an http:// or https:// address");
}

struct Target {
  std::vector<std::string> segments;
  std::string path;
  Form query;
};

// Decoded segment by segment: an escaped slash is part of a value, not a separator.
std::optional<Target> parse_target(std::string_view text) {
  Target target;
  std::string_view path = text.substr(0, text.find('?'));
  for (std::string_view segment : split(path)) {
    auto decoded = percent_decode(segment, false);
    if (!decoded) return std::nullopt;
    target.path.append("/").append(*decoded);
    target.segments.push_back(std::move(*decoded));
  }
  if (path.size() < text.size()) {
    auto query = decode_form(text.substr(path.size() + 1));
    if (!query) return std::nullopt;
    target.query = std::move(*query);
  }
  return target;
}

bool holds_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

bool holds_nul(const Form& query) {
  return std::ranges::any_of(
      query, [](const auto& field) { return holds_nul(field.first) || holds_nul(field.second); });
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  for (const Route& route : routes_) {
    const Segments segments = split(route.pattern);
    patterns_.emplace_back(segments.begin(), segments.end());
  }
}

async::Task<Reply> Router::operator()(Request request, Peer peer) const {
  if (!request.target.starts_with('/')) co_return no_path(request.method);
  auto target = parse_target(request.target);
  if (!target) {
    co_return bad_request("The path or the query holds a malformed escape: % needs two hex digits");
  }
  // No name that is kept anywhere holds one, and keys of the store may not.
  if (holds_nul(target->path)) co_return nothing_here();
  if (holds_nul(target->query)) co_return bad_request("The query holds %00: take it out");
  Found found = find_route(routes_, patterns_, request.method, target->segments);
  if (!found.route && found.allowed.empty()) co_return nothing_here();
  if (!found.route) {
    Reply refused = problem(405, "/problems/method-not-allowed", "Method not allowed",
                            "This path takes " + found.allowed);
    refused.response.headers.set("Allow", found.allowed);
    co_return refused;
  }
  Call call{std::move(request), std::move(peer), std::move(target->path), {}, {}};
  call.query = std::move(target->query);
  for (std::size_t at = 0; at < found.pattern->size(); ++at) {
    std::string_view name = (*found.pattern)[at];
    if (!is_placeholder(name)) continue;
    call.path_values.emplace(name.substr(1, name.size() - 2), std::move(target->segments[at]));
  }
  co_return co_await found.route->handle(std::move(call));
}

}  // namespace tidemark::http
