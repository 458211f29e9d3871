#pragma once

#include <memory>
#include <vector>

#include "daemon/routes/graph/field_filter.hpp"
#include "daemon/routes/graph/gate.hpp"
#include "daemon/routes/routes.hpp"

namespace tidemark::daemon::graph {

// Private to this folder: one function a file. add_graph_routes() calls them all. `filters` is
// where long looks through whatever list pass.
void add_user_routes(std::vector<http::Route>& routes, RouteServices& services,
                     std::shared_ptr<Gate> filters);
void add_user_list_routes(std::vector<http::Route>& routes, RouteServices& services,
                          std::shared_ptr<Gate> filters);
void add_repository_routes(std::vector<http::Route>& routes, RouteServices& services,
                           std::shared_ptr<Gate> filters);
void add_walk_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_top_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_total_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_export_routes(std::vector<http::Route>& routes, RouteServices& services);
// The paths that the replaced system documents (git-o-matic-9k).
void add_github_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_github_list_routes(std::vector<http::Route>& routes, RouteServices& services,
                            std::shared_ptr<Gate> filters);
void add_github_task_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_github_redirect_routes(std::vector<http::Route>& routes);

// 400 that names the parameter.
[[nodiscard]] http::Reply bad_filter(const FilterProblem& problem);

}  // namespace tidemark::daemon::graph
