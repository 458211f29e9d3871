#include "daemon/routes/routes.hpp"

namespace tidemark::daemon {

std::vector<http::Route> make_routes(RouteServices& services) {
  std::vector<http::Route> routes;
  add_status_routes(routes, services);
  add_quota_routes(routes, services);
  add_job_routes(routes, services);
  add_member_routes(routes, services);
  add_member_change_routes(routes, services);
  add_member_connect_routes(routes, services);
  add_week_routes(routes, services);
  add_check_routes(routes, services);
  add_discovery_routes(routes, services);
  add_seed_routes(routes, services);
  add_import_routes(routes, services);
  add_denied_routes(routes, services);
  add_graph_routes(routes, services);
  add_event_routes(routes, services);
  add_metric_routes(routes, services);
  add_openapi_routes(routes);
  return routes;
}

}  // namespace tidemark::daemon
