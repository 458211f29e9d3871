#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/openapi_operations.hpp"
#include "daemon/routes/openapi_parameters.hpp"
#include "daemon/routes/openapi_schemas.hpp"
#include "daemon/routes/routes.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

const std::vector<Operation>& operations() {
  static const std::vector<Operation> all = {
      {.method = "get", .path = "/v1/status", .name = "showStatus", .answer = "Status"},
      {.method = "get", .path = "/health", .name = "showHealth", .answer = "Health", .open = true},
      {.method = "get",
       .path = "/v1/quota",
       .name = "showQuota",
       .query = quota_query(),
       .answer = "Quota"},
      {.method = "get",
       .path = "/v1/jobs",
       .name = "listJobs",
       .query = jobs_query(),
       .answer = "JobPage"},
      {.method = "get", .path = "/v1/jobs/{id}", .name = "showJob", .answer = "Job"},
      {.method = "post", .path = "/v1/jobs/{id}/requeue", .name = "requeueJob", .answer = "Job"},
      {.method = "delete", .path = "/v1/jobs/{id}", .name = "dropJob", .status = 204},
      {.method = "get",
       .path = "/v1/members",
       .name = "listMembers",
       .query = members_query(),
       .answer = "MemberPage"},
      {.method = "get", .path = "/v1/members/{id}", .name = "showMember", .answer = "Member"},
      {.method = "post",
       .path = "/v1/members",
       .name = "addMember",
       .body = "Grants",
       .status = 201,
       .answer = "Member"},
      {.method = "post",
       .path = "/v1/members/{id}/sync",
       .name = "syncMember",
       .status = 202,
       .answer = "SyncAsked"},
      {.method = "delete", .path = "/v1/members/{id}", .name = "removeMember", .status = 204},
      {.method = "post",
       .path = "/v1/members/{id}/connect",
       .name = "connectMember",
       .body = "ConnectOrder",
       .status = 202,
       .answer = "Connecting"},
      {.method = "get",
       .path = "/v1/members/{id}/connect",
       .name = "showConnecting",
       .answer = "Connecting"},
      {.method = "get",
       .path = "/v1/members/{id}/weeks",
       .name = "listWeeks",
       .query = weeks_query(),
       .answer = "WeekPage"},
      {.method = "post", .path = "/v1/check", .name = "check", .answer = "CheckReport"},
      {.method = "get",
       .path = "/v1/events",
       .name = "followEvents",
       .answer = "Text",
       .media = "text/event-stream"},
      {.method = "get",
       .path = "/metrics",
       .name = "showMetrics",
       .answer = "Text",
       .media = "text/plain"},
      {.method = "get",
       .path = "/v1/openapi.json",
       .name = "showDescription",
       .answer = "Description"},
  };
  return all;
}

// The crawl: what it is told and how it goes.
const std::vector<Operation>& discovery_operations() {
  static const std::vector<Operation> all = {
      {.method = "get", .path = "/v1/discovery", .name = "showDiscovery", .answer = "Discovery"},
      {.method = "post",
       .path = "/v1/discovery",
       .name = "nameSeeds",
       .body = "SeedOrder",
       .status = 202,
       .answer = "SeedsNamed"},
      {.method = "post",
       .path = "/v1/discovery/run",
       .name = "startCrawl",
       .status = 202,
       .answer = "SyncAsked"},
      {.method = "get",
       .path = "/v1/discovery/seeds",
       .name = "listSeeds",
       .query = seeds_query(),
       .answer = "SeedPage"},
      {.method = "post",
       .path = "/v1/discovery/seeds",
       .name = "importSeeds",
       .query = seed_import_query(),
       .body = "[string]",
       .status = 202,
       .answer = "SeedsImported",
       .text = true},
      {.method = "delete",
       .path = "/v1/discovery/seeds/{login}",
       .name = "removeSeed",
       .status = 204},
      {.method = "post",
       .path = "/v1/users/{id}/forget",
       .name = "forgetUser",
       .status = 202,
       .answer = "Forgetting"},
      {.method = "get", .path = "/v1/graph/denied", .name = "showDenied", .answer = "DeniedDates"},
      {.method = "post",
       .path = "/v1/graph/denied",
       .name = "denyUsers",
       .body = "DenyOrder",
       .answer = "Denied"},
      {.method = "delete",
       .path = "/v1/graph/denied",
       .name = "allowUser",
       .query = allow_query(),
       .answer = "Allowed"},
  };
  return all;
}

json::object path_parameter(std::string_view name) {
  json::object object;
  object["name"] = name;
  object["in"] = "path";
  object["required"] = true;
  object["schema"] = {{"type", "string"}};
  return object;
}

json::array parameters_of(const Operation& operation) {
  json::array parameters;
  std::string_view rest = operation.path;
  while (true) {
    const auto open = rest.find('{');
    if (open == std::string_view::npos) break;
    const auto close = rest.find('}', open);
    parameters.push_back(path_parameter(rest.substr(open + 1, close - open - 1)));
    rest = rest.substr(close);
  }
  for (const auto& each : operation.query) parameters.push_back(describe_parameter(each));
  return parameters;
}

json::object content(std::string_view media, std::string_view schema) {
  json::object typed;
  typed["schema"] = schema_reference(schema);
  json::object object;
  object[media] = std::move(typed);
  return object;
}

json::object describe(const Operation& operation) {
  json::object object;
  object["operationId"] = operation.name;
  object["parameters"] = parameters_of(operation);
  if (!operation.body.empty()) {
    json::object taken = content("application/json", operation.body);
    if (operation.form) {
      for (const char* form : {"application/x-www-form-urlencoded", "multipart/form-data"}) {
        taken[form] = content(form, operation.body)[form];
      }
    }
    if (operation.text) taken["text/plain"] = content("text/plain", "Text")["text/plain"];
    object["requestBody"] = {{"required", true}, {"content", std::move(taken)}};
  }
  json::object success;
  success["description"] = "Done.";
  if (!operation.answer.empty()) success["content"] = content(operation.media, operation.answer);
  json::object refused;
  refused["description"] = "Refused or failed; `type` and `detail` say why.";
  json::object refusals = content(operation.refusal_media, operation.refusal);
  // Who is refused before a route is reached, or by a gate, is so in the same shape everywhere.
  constexpr std::string_view problem = "application/problem+json";
  if (!refusals.contains(problem)) refusals[problem] = content(problem, "Problem")[problem];
  refused["content"] = std::move(refusals);
  json::object responses;
  responses[std::to_string(operation.status)] = std::move(success);
  responses["default"] = std::move(refused);
  object["responses"] = std::move(responses);
  if (operation.open) object["security"] = json::array{json::object{}};
  return object;
}

}  // namespace

std::string openapi_document() {
  json::object paths;
  for (const auto* all : {&operations(), &discovery_operations(), &graph_operations()}) {
    for (const Operation& operation : *all) {
      if (!paths.contains(operation.path)) paths[operation.path] = json::object{};
      paths[operation.path].as_object()[operation.method] = describe(operation);
    }
  }
  json::object bearer;
  bearer["type"] = "http";
  bearer["scheme"] = "bearer";
  bearer["description"] = "The token in control.token_file; not needed on the Unix socket.";
  json::object components;
  components["schemas"] = openapi_schemas();
  components["securitySchemes"] = {{"token", std::move(bearer)}};
  json::object info;
  info["title"] = "tidemark control API";
  info["version"] = TIDEMARK_VERSION;
  json::object document;
  document["openapi"] = "3.1.0";
  document["info"] = std::move(info);
  json::object requirement;
  requirement["token"] = json::array{};
  document["security"] = json::array{std::move(requirement)};
  document["paths"] = std::move(paths);
  document["components"] = std::move(components);
  return json::serialize(document);
}

void add_openapi_routes(std::vector<http::Route>& routes) {
  auto show = [](http::Call call) -> async::Task<http::Reply> {
    const QueryReader query(call, {});
    if (query.failed()) co_return query.refusal();
    co_return http::json_reply(200, openapi_document());
  };
  routes.push_back({.method = "GET",
                    .pattern = "/v1/openapi.json",
                    .summary = "This API in OpenAPI 3.1",
                    .handle = show});
}

}  // namespace tidemark::daemon
