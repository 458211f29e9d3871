#include "daemon/routes/graph/routes.hpp"

namespace tidemark::daemon {

void add_graph_routes(std::vector<http::Route>& routes, RouteServices& services) {
  auto filters = std::make_shared<graph::Gate>(2);
  graph::add_user_routes(routes, services, filters);
  graph::add_user_list_routes(routes, services, filters);
  graph::add_repository_routes(routes, services, filters);
  graph::add_walk_routes(routes, services);
  graph::add_top_routes(routes, services);
  graph::add_total_routes(routes, services);
  graph::add_export_routes(routes, services);
  graph::add_github_routes(routes, services);
  graph::add_github_list_routes(routes, services, filters);
  graph::add_github_task_routes(routes, services);
  graph::add_github_redirect_routes(routes);
}

}  // namespace tidemark::daemon
