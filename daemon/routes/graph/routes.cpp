#include "daemon/routes/graph/routes.hpp"

#include <span>

#include "daemon/routes/graph/kept_answers.hpp"

namespace tidemark::daemon {

namespace {

// A hundred pages of thirty accounts.
constexpr std::size_t kept_bytes_most = 2 * 1024 * 1024;

}  // namespace

void add_graph_routes(std::vector<http::Route>& routes, RouteServices& services) {
  auto filters = std::make_shared<graph::Gate>(2);
  const std::size_t before = routes.size();
  graph::add_user_routes(routes, services, filters);
  graph::add_user_list_routes(routes, services, filters);
  graph::add_repository_routes(routes, services, filters);
  graph::add_walk_routes(routes, services);
  graph::add_top_routes(routes, services);
  graph::keep_answers_of(std::span(routes).subspan(before), services,
                         std::make_shared<graph::KeptAnswers>(kept_bytes_most));
  graph::add_total_routes(routes, services);
  graph::add_export_routes(routes, services);
  graph::add_github_routes(routes, services);
  graph::add_github_list_routes(routes, services, filters);
  graph::add_github_task_routes(routes, services);
  graph::add_github_redirect_routes(routes);
}

}  // namespace tidemark::daemon
