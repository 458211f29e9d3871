#include "daemon/routes/graph/queries.hpp"
#include "daemon/routes/graph/repository_rows.hpp"
#include "daemon/routes/graph/user_rows.hpp"
#include "daemon/routes/openapi_operations.hpp"

namespace tidemark::daemon {

namespace {

QueryParameters joined(QueryParameters parameters, const QueryParameters& more) {
  parameters.insert(parameters.end(), more.begin(), more.end());
  return parameters;
}

QueryParameters of_users(const QueryParameters& parameters) {
  return joined(parameters, graph::filter_query(graph::rules_of(graph::user_fields())));
}
QueryParameters of_repositories(const QueryParameters& parameters) {
  return joined(parameters, graph::filter_query(graph::rules_of(graph::repository_fields())));
}

std::vector<Operation> users() {
  return {
      {.method = "get",
       .path = "/v1/users",
       .name = "listUsers",
       .query = of_users(graph::users_query()),
       .answer = "UserPage"},
      {.method = "get", .path = "/v1/users/{id}", .name = "showUser", .answer = "User"},
      {.method = "get",
       .path = "/v1/users/{id}/followers",
       .name = "listFollowers",
       .query = of_users(graph::user_list_query()),
       .answer = "UserList"},
      {.method = "get",
       .path = "/v1/users/{id}/following",
       .name = "listFollowing",
       .query = of_users(graph::user_list_query()),
       .answer = "UserList"},
      {.method = "get",
       .path = "/v1/users/{id}/repositories",
       .name = "listRepositoriesOfUser",
       .query = of_repositories(graph::user_list_query()),
       .answer = "RepositoryList"},
      {.method = "get",
       .path = "/v1/users/{id}/neighbours",
       .name = "listNeighbours",
       .query = graph::neighbours_query(),
       .answer = "Neighbours"},
      {.method = "get",
       .path = "/v1/repositories",
       .name = "listRepositories",
       .query = of_repositories(graph::repositories_query()),
       .answer = "RepositoryPage"},
      {.method = "get",
       .path = "/v1/repositories/{id}",
       .name = "showRepository",
       .answer = "Repository"},
  };
}

std::vector<Operation> whole_graph() {
  return {
      {.method = "get", .path = "/v1/graph", .name = "showGraph", .answer = "Graph"},
      {.method = "get",
       .path = "/v1/graph/mutual",
       .name = "listMutual",
       .query = graph::mutual_query(),
       .answer = "UserNamePage"},
      {.method = "get",
       .path = "/v1/graph/path",
       .name = "findPath",
       .query = graph::path_query(),
       .answer = "Path"},
      {.method = "get",
       .path = "/v1/graph/top",
       .name = "showTop",
       .query = graph::top_query(),
       .answer = "Top"},
      {.method = "get",
       .path = "/v1/graph/export",
       .name = "exportGraph",
       .query = graph::export_query(),
       .answer = "Text",
       .media = "application/x-ndjson"},
  };
}

// The paths of the system that this replaces; their refusals have no stable shape.
Operation old_path(std::string_view path, std::string_view name, std::string_view answer,
                   QueryParameters query = {}) {
  return {.method = "get",
          .path = path,
          .name = name,
          .query = std::move(query),
          .answer = answer,
          .refusal = "Description",
          .refusal_media = "application/json"};
}

std::vector<Operation> old_paths() {
  std::vector<Operation> all = {
      {.method = "get", .path = "/", .name = "leadToGithub", .status = 302, .open = true},
      {.method = "get",
       .path = "/health/",
       .name = "showHealthText",
       .answer = "Text",
       .media = "text/html",
       .open = true},
      old_path("/github/", "showGithub", "GithubPaths"),
      old_path("/github/developers/", "listDevelopers", "DeveloperPage",
               of_users(graph::github_page_query())),
      old_path("/github/developers/{id}/", "showDeveloper", "Developer"),
      old_path("/github/repositories/", "listGithubRepositories", "GithubRepositoryPage",
               of_repositories(graph::github_page_query())),
      old_path("/github/repositories/{id}/", "showGithubRepository", "GithubRepository"),
      old_path("/github/rate_limit/", "listRateLimits", "RateLimitPage",
               joined(graph::github_page_query(), graph::filter_query(graph::window_rules()))),
      old_path("/github/rate_limit/{id}/", "showRateLimit", "RateLimit"),
      old_path("/github/tasks/", "listTasks", "[GithubTask]"),
      old_path("/github/tasks/", "startTask", "TaskStarted"),
  };
  all[2].open = true;
  all.back().method = "post";
  all.back().body = "TaskOrder";
  all.back().form = true;
  return all;
}

// Those without the slash at the end.
std::vector<Operation> old_redirects() {
  auto to = [](std::string_view path, std::string_view name) {
    return Operation{.method = "get", .path = path, .name = name, .status = 301};
  };
  std::vector<Operation> all = {to("/github", "leadToGithubPaths"),
                                to("/github/developers", "leadToDevelopers"),
                                to("/github/developers/{id}", "leadToDeveloper"),
                                to("/github/repositories", "leadToGithubRepositories"),
                                to("/github/repositories/{id}", "leadToGithubRepository"),
                                to("/github/rate_limit", "leadToRateLimits"),
                                to("/github/rate_limit/{id}", "leadToRateLimit"),
                                to("/github/tasks", "leadToTasks"),
                                to("/github/tasks", "leadToTaskOrders")};
  all.front().open = true;
  all.back().method = "post";
  return all;
}

}  // namespace

const std::vector<Operation>& graph_operations() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> operations = users();
    for (const auto& more : {whole_graph(), old_paths(), old_redirects()}) {
      operations.insert(operations.end(), more.begin(), more.end());
    }
    return operations;
  }();
  return all;
}

}  // namespace tidemark::daemon
