#include <array>
#include <string_view>

#include "daemon/routes/graph/routes.hpp"

namespace tidemark::daemon::graph {

namespace {

// What a path without the slash at the end answered: 301 to the one with it, whatever is asked, and
// the query goes along.
async::Task<http::Reply> lead_to_slash(http::Call call) {
  const std::string& target = call.request.target;
  const auto path_end = std::min(target.find('?'), target.size());
  http::Reply reply;
  reply.response.status = 301;
  reply.response.headers.set("Location",
                             target.substr(0, path_end) + "/" + target.substr(path_end));
  co_return reply;
}

// `/health` is not among them: there it is our own answer.
constexpr std::array<std::string_view, 8> patterns = {"/github",
                                                      "/github/developers",
                                                      "/github/developers/{id}",
                                                      "/github/repositories",
                                                      "/github/repositories/{id}",
                                                      "/github/rate_limit",
                                                      "/github/rate_limit/{id}",
                                                      "/github/tasks"};

}  // namespace

void add_github_redirect_routes(std::vector<http::Route>& routes) {
  for (const auto pattern : patterns) {
    routes.push_back({.method = "GET",
                      .pattern = std::string(pattern),
                      .summary = "Leads to the path with a slash at its end",
                      .handle = lead_to_slash});
  }
  routes.push_back({.method = "POST",
                    .pattern = std::string(patterns.back()),
                    .summary = "Leads to the path with a slash at its end; orders nothing",
                    .writes = true,
                    .handle = lead_to_slash});
}

}  // namespace tidemark::daemon::graph
