#include <algorithm>

#include "daemon/routes/graph/github_ids.hpp"
#include "daemon/routes/graph/github_page.hpp"
#include "daemon/routes/graph/queries.hpp"
#include "daemon/routes/graph/routes.hpp"
#include "jobs/discovery/statistics.hpp"

namespace tidemark::daemon::graph {

namespace {

async::Task<http::Reply> show_root(http::Call) {
  http::Reply reply;
  reply.response.status = 302;
  reply.response.headers.set("Location", "github/");
  co_return reply;
}

async::Task<http::Reply> show_health(http::Call) {
  http::Reply reply;
  reply.response.headers.set("Content-Type", "text/html; charset=utf-8");
  reply.response.body = "ok";
  co_return reply;
}

async::Task<http::Reply> show_names(http::Call call) {
  const std::string base = origin_of(call.request) + "/github/";
  JsonText json;
  json.object();
  for (const char* name : {"developers", "repositories", "rate_limit", "tasks"}) {
    json.text(name, base + name + "/");
  }
  co_return http::json_reply(200, json.end_object().take());
}

// The replaced system knew one window. Ours has two; the crawl lives on GraphQL's, unless it has no
// token.
using Window = storage::QuotaWindow;

async::Task<std::optional<Window>> crawl_window(RouteServices& services) {
  auto body = [&services](const storage::Reader& reader) {
    const auto status =
        jobs::discovery::read_status(reader, services.discovery.parents_most, services.now_ms());
    return std::pair(status.quota_owner, status.anonymous);
  };
  const std::pair<std::string, bool> credential = co_await services.store.read(body);
  std::optional<Window> found;
  for (const auto& view : services.ledger.view()) {
    if (view.window.owner != credential.first || view.window.resets_ms == 0) continue;
    if (view.window.resource == "graphql" || (!found && view.window.resource == "core")) {
      found = view.window;
    }
  }
  co_return found;
}

const std::vector<Field<Window>>& window_fields() {
  using Type = FieldType;
  static const std::vector<Field<Window>> fields = {
      {{"rate_limit", Type::number, ordered},
       [](const Window& window) {
         return FieldValue::of_number(static_cast<double>(window.limit));
       }},
      {{"rate_remaining", Type::number, ordered},
       [](const Window& window) {
         return FieldValue::of_number(static_cast<double>(window.remaining));
       }},
      {{"rate_reset_raw", Type::number, ordered},
       [](const Window& window) {
         return FieldValue::of_number(static_cast<double>(window.resets_ms / 1'000));
       }},
      {{"rate_reset", Type::instant, ordered},
       [](const Window& window) {
         return FieldValue::of_number(static_cast<double>(window.resets_ms / 1'000));
       }},
  };
  return fields;
}

void write_window(JsonText& json, const std::string& origin, const Window& window) {
  const auto resets_s = window.resets_ms / 1'000;
  json.object()
      .text("url", origin + "/github/rate_limit/1/")
      .number("rate_limit", window.limit)
      .number("rate_remaining", window.remaining)
      .number("rate_reset_raw", static_cast<std::uint64_t>(std::max<std::int64_t>(resets_s, 0)))
      .seconds("rate_reset", resets_s)
      .end_object();
}

async::Task<http::Reply> list_windows(RouteServices& services, http::Call call) {
  auto page = GithubPage::read(call);
  if (!page) co_return github_not_found("Invalid page.");
  const Filter<Window> filter(window_fields(), call.query, {.empty_is_absent = true});
  if (filter.problem()) co_return github_bad_filter(*filter.problem());
  const std::optional<Window> window = co_await crawl_window(services);
  JsonText json;
  json.array();
  if (window && filter.accepts(*window) && page->take()) {
    write_window(json, page->origin(), *window);
  }
  co_return page->answer(page->matched(), json.end_array().bytes());
}

async::Task<http::Reply> show_window(RouteServices& services, http::Call call) {
  const std::optional<Window> window = co_await crawl_window(services);
  if (!window || call.path_values.at("id") != "1") co_return github_not_found();
  JsonText json;
  write_window(json, origin_of(call.request), *window);
  co_return http::json_reply(200, json.take());
}

}  // namespace

const std::vector<FieldRule>& window_rules() {
  static const std::vector<FieldRule> rules = rules_of(window_fields());
  return rules;
}

void add_github_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "GET", .pattern = "/", .summary = "Leads to /github/", .handle = show_root});
  routes.push_back({.method = "GET",
                    .pattern = "/health/",
                    .summary = "\"ok\" while the daemon serves",
                    .handle = show_health});
  routes.push_back({.method = "GET",
                    .pattern = "/github/",
                    .summary = "The addresses of the lists below",
                    .handle = show_names});
  routes.push_back(
      {.method = "GET",
       .pattern = "/github/rate_limit/",
       .summary = "The crawl's quota, as GitHub told it last",
       .handle = [&services](http::Call call) { return list_windows(services, std::move(call)); }});
  routes.push_back(
      {.method = "GET",
       .pattern = "/github/rate_limit/{id}/",
       .summary = "The same; the only row is 1",
       .handle = [&services](http::Call call) { return show_window(services, std::move(call)); }});
}

}  // namespace tidemark::daemon::graph
