#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.hpp"
#include "http/url.hpp"

namespace tidemark::http {

// A request as a route sees it.
struct Call {
  Request request;
  Peer peer;
  std::string path;                                // decoded path without query
  std::map<std::string, std::string> path_values;  // {id} → decoded value
  Form query;

  [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const {
    return form_value(query, name);
  }
};

// One row of the route table: routes are data, and a test walks the table against the OpenAPI page.
struct Route {
  std::string method;
  std::string pattern;  // "/v1/members/{id}/weeks": each {name} matches one segment
  std::string summary;
  bool writes = false;  // refused to peers that may only read
  std::function<async::Task<Reply>(Call)> handle;
  bool answers_head = true;  // of GET; not where asking changes something
};

class Router {
 public:
  explicit Router(std::vector<Route> routes);
  // 404 as problem+json when no pattern fits, 405 with Allow when only the method does not, HEAD
  // served by GET unless the route says otherwise, 400 for a malformed path or query.
  async::Task<Reply> operator()(Request request, Peer peer) const;
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  // The segments of each route's pattern, split once.
  std::vector<std::vector<std::string>> patterns_;
  std::vector<Route> routes_;
};

// RFC 9457. `type` is stable: "/problems/not-found".
[[nodiscard]] Reply problem(unsigned status, std::string_view type, std::string_view title,
                            std::string_view detail);
[[nodiscard]] Reply json_reply(unsigned status, std::string body);

}  // namespace tidemark::http
