#include "daemon/routes/openapi_schemas.hpp"

#include <boost/json/array.hpp>
#include <string>
#include <vector>

#include "daemon/routes/discovery_bounds.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

const std::vector<Schema> schemas = {
    {"Health", {{"status", "string"}, {"version", "string"}}},
    {"Store",
     {{"path", "string"},
      {"format", "integer"},
      {"bytes_on_disk", "integer"},
      {"memory_bytes", "integer"},
      {"writes", "integer"},
      {"syncs", "integer"}}},
    {"JobCounts",
     {{"ready", "integer"},
      {"running", "integer"},
      {"waiting", "integer"},
      {"done", "integer"},
      {"dead", "integer"}}},
    {"Status",
     {{"version", "string"},
      {"now", "instant"},
      {"started", "instant"},
      {"uptime_s", "integer"},
      {"store", "Store"},
      {"jobs", "JobCounts"},
      {"held", "string?"},
      {"activity", "string"},
      {"given_up", "[GivenUp]"},
      {"dead", "[Job]"}}},
    {"GivenUp", {{"since", "instant"}, {"what", "string"}}},
    {"Forecast", {{"points", "integer"}, {"done", "instant"}}},
    {"QuotaWindow",
     {{"owner", "string"},
      {"resource", "string"},
      {"limit", "integer"},
      {"remaining", "integer"},
      {"usable", "integer"},
      {"reserved", "integer"},
      {"resets", "instant"},
      {"blocked_until", "instant"},
      {"blocked_reason", "string?"},
      {"spent", "integer"},
      {"requests", "integer"},
      {"refused", "integer"},
      {"forecast", "Forecast?"}}},
    {"Quota", {{"windows", "[QuotaWindow]"}}},
    {"Wait", {{"reason", "string"}, {"text", "string"}, {"until", "instant"}}},
    {"Progress",
     {{"done", "integer"}, {"total", "integer"}, {"unit", "string"}, {"percent", "integer"}}},
    {"Job",
     {{"id", "integer"},
      {"kind", "string"},
      {"key", "string"},
      {"state", "string"},
      {"priority", "integer"},
      {"progress", "Progress?"},
      {"wait", "Wait?"},
      {"attempts", "integer"},
      {"suspensions", "integer"},
      {"last_error", "string?"},
      {"created", "instant"},
      {"updated", "instant"},
      {"started", "instant"},
      {"finished", "instant"}}},
    {"JobPage", {{"jobs", "[Job]"}, {"next", "string?"}}},
    {"JobReference", {{"id", "integer"}, {"state", "string"}}},
    {"WeekCounts",
     {{"unknown", "integer"},
      {"partial", "integer"},
      {"complete", "integer"},
      {"uploaded", "integer"}}},
    {"Member",
     {{"id", "string"},
      {"state", "string"},
      {"state_reason", "string?"},
      {"login", "string?"},
      {"github_id", "integer?"},
      {"weeks", "WeekCounts"},
      {"commits", "integer"},
      {"additions", "integer"},
      {"deletions", "integer"},
      {"first_week", "string?"},
      {"progress", "Progress?"},
      {"job", "JobReference?"},
      {"wait", "Wait?"},
      {"last_error", "string?"},
      {"last_error_at", "instant"},
      {"added", "instant"},
      {"last_synced", "instant"}}},
    {"MemberPage", {{"members", "[Member]"}, {"damaged", "[string]"}, {"next", "string?"}}},
    {"Week",
     {{"week", "string"},
      {"state", "string"},
      {"reason", "string?"},
      {"commits", "integer"},
      {"additions", "integer"},
      {"deletions", "integer"},
      {"others", "integer"},
      {"file", "string?"}}},
    {"WeekPage", {{"weeks", "[Week]"}, {"next", "string?"}}},
    {"SyncAsked", {{"job", "Job"}, {"joined", "boolean"}}},
    {"GraphTotals",
     {{"users", "integer"},
      {"read", "integer"},
      {"gone", "integer"},
      {"organizations", "integer"},
      {"repositories", "integer"},
      {"waiting", "integer"}}},
    {"DiscoverySpeed",
     {{"found_per_minute", "number"},
      {"read_per_minute", "number"},
      {"edges_per_minute", "number"},
      {"found_per_point", "number?"},
      {"read_per_point", "number?"}}},
    {"Capability",
     {{"list", "string"},
      {"ability", "string"},
      {"evidence", "string?"},
      {"since", "instant"},
      {"looked", "instant"},
      {"good", "integer"},
      {"bad", "integer"}}},
    {"Discovery",
     {{"enabled", "boolean"},
      {"credential", "string"},
      {"account", "string?"},
      {"totals", "GraphTotals"},
      {"depth_most", "integer"},
      {"users_most", "integer"},
      {"repositories_most", "integer"},
      {"limits_reached", "[string]"},
      {"seeds_with_problem", "integer"},
      {"seeds_looked", "instant"},
      {"unread", "integer"},
      {"unconfirmed", "integer"},
      {"next_due", "instant"},
      {"began", "instant"},
      {"found", "integer"},
      {"read", "integer"},
      {"edges", "integer"},
      {"points", "integer"},
      {"requests", "integer"},
      {"speed", "DiscoverySpeed"},
      {"points_needed", "integer"},
      {"forecast", "instant"},
      {"parents_most", "integer"},
      {"parents_reason", "string?"},
      {"capabilities", "[Capability]"},
      {"job", "Job?"}}},
    {"SeedOrder",
     {{"seeds", "[string]", 1, logins_most_a_request},
      {"depth", "integer", 1, seed_depth_most},
      {"limit", "integer", 1, users_limit_most}},
     {"seeds"},
     false},
    {"SeedsNamed",
     {{"named", "[string]"}, {"denied", "[string]"}, {"job", "Job?"}, {"joined", "boolean"}}},
    {"Seed",
     {{"login", "string"},
      {"user", "integer?"},
      {"depth", "integer?"},
      {"problem", "string?"},
      {"asked", "instant"}}},
    {"SeedPage", {{"seeds", "[Seed]"}, {"next", "string?"}}},
    {"Forgetting", {{"user", "integer"}, {"login", "string"}, {"job", "Job"}}},
    {"DeniedDates", {{"count", "integer"}, {"first", "instant"}, {"last", "instant"}}},
    {"DenyOrder", {{"logins", "[string]", 1, logins_most_a_request}}, {"logins"}, false},
    {"Denied",
     {{"count", "integer"}, {"first", "instant"}, {"last", "instant"}, {"forgotten", "integer"}}},
    {"Allowed",
     {{"count", "integer"}, {"first", "instant"}, {"last", "instant"}, {"allowed", "integer"}}},
    {"CheckReport", {{"rows", "integer"}, {"problems", "[string]"}, {"more", "boolean"}}},
    {"Grants",
     {{"id", "string"},
      {"github_token", "string"},
      {"openhumans_access_token", "string"},
      {"openhumans_refresh_token", "string"},
      {"openhumans_expires_in_s", "integer"}},
     {"id"},
     false},
    {"ConnectOrder", {{"private", "boolean"}, {"public", "boolean"}}, {}, false},
    {"Connecting",
     {{"state", "string"},
      {"private", "boolean"},
      {"user_code", "string?"},
      {"verification_uri", "string?"},
      {"expires", "instant"},
      {"login", "string?"},
      {"problem", "string?"},
      {"job", "Job?"},
      {"held", "string?"}}},
    {"Problem",
     {{"type", "string"}, {"title", "string"}, {"status", "integer"}, {"detail", "string"}}},
};

json::value type_json(std::string_view type) {
  if (type.ends_with('?')) {
    const auto inner = type_json(type.substr(0, type.size() - 1));
    json::object null;
    null["type"] = "null";
    return {{"anyOf", json::array{inner, std::move(null)}}};
  }
  if (type.starts_with('[')) {
    return {{"type", "array"}, {"items", type_json(type.substr(1, type.size() - 2))}};
  }
  if (type == "string" || type == "integer" || type == "number" || type == "boolean")
    return {{"type", type}};
  return schema_reference(type);
}

void add(const SchemaProperty& property, json::object& properties) {
  if (property.type == "instant") {
    properties[property.name] = type_json("string?");
    properties[std::string(property.name) + "_ms"] = type_json("integer?");
    return;
  }
  json::value value = type_json(property.type);
  if (property.most != 0) {
    const bool list = property.type.starts_with('[');
    value.as_object()[list ? "minItems" : "minimum"] = property.least;
    value.as_object()[list ? "maxItems" : "maximum"] = property.most;
  }
  properties[property.name] = std::move(value);
}

}  // namespace

json::value schema_reference(std::string_view name) {
  if (name.starts_with('[')) return type_json(name);
  if (name == "Text") return {{"type", "string"}};
  if (name == "Description") return {{"type", "object"}};
  return {{"$ref", "#/components/schemas/" + std::string(name)}};
}

json::object openapi_schemas() {
  json::object result;
  std::vector<Schema> all = schemas;
  for (Schema& schema : graph_schemas()) all.push_back(std::move(schema));
  for (const Schema& schema : all) {
    json::object properties;
    json::array required;
    for (const SchemaProperty& property : schema.properties) add(property, properties);
    for (const auto& property : properties) {
      if (schema.answer) required.push_back(json::string(property.key()));
    }
    for (const auto name : schema.required) required.push_back(json::string(name));
    json::object object;
    object["type"] = "object";
    object["additionalProperties"] = false;
    object["required"] = std::move(required);
    object["properties"] = std::move(properties);
    result[schema.name] = std::move(object);
  }
  return result;
}

}  // namespace tidemark::daemon
