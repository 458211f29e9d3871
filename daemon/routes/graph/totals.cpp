#include "daemon/json_text.hpp"
#include "daemon/routes/answers.hpp"
#include "daemon/routes/graph/routes.hpp"
#include "storage/graph/capability.hpp"

namespace tidemark::daemon::graph {

namespace {

struct Reading {
  storage::graph::Totals totals;
  std::vector<storage::graph::Capability> capabilities;
};

Reading read_graph(const storage::Reader& reader) {
  Reading reading;
  reading.totals = storage::graph::totals(reader);
  for (const auto list : storage::graph::all_lists) {
    reading.capabilities.push_back(storage::graph::find_capability(reader, list));
  }
  return reading;
}

std::string show(const Reading& reading, std::uint64_t bytes_on_disk, const Clean& clean) {
  const auto& totals = reading.totals;
  JsonText json;
  json.object()
      .number("users", totals.users)
      .number("read", totals.read)
      .number("gone", totals.gone)
      .number("organizations", totals.organizations)
      .number("repositories", totals.repositories)
      .number("waiting", totals.waiting)
      .array("capabilities");
  for (const auto& capability : reading.capabilities) {
    json.object()
        .text("list", storage::graph::name_of(capability.list))
        .text("ability", storage::graph::name_of(capability.ability))
        .text_or_null("evidence", clean(capability.evidence))
        .instant("since", capability.since_ms)
        .instant("looked", capability.looked_ms)
        .number("good", capability.good)
        .number("bad", capability.bad)
        .end_object();
  }
  json.end_array().number("store_bytes_on_disk", bytes_on_disk).end_object();
  return json.take();
}

async::Task<http::Reply> show_graph(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  const Reading reading = co_await services.store.read(read_graph);
  auto count = [](storage::Engine& engine) { return engine.statistics().bytes_on_disk; };
  const std::uint64_t bytes = co_await services.store.beside(count);
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  co_return http::json_reply(200, show(reading, bytes, clean));
}

}  // namespace

void add_total_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/graph",
       .summary = "How large the graph is, and which lists GitHub lets us read",
       .handle = [&services](http::Call call) { return show_graph(services, std::move(call)); }});
}

}  // namespace tidemark::daemon::graph
