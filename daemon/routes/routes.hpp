#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "daemon/events.hpp"
#include "daemon/log.hpp"
#include "http/async/clock.hpp"
#include "http/router.hpp"
#include "jobs/discovery/services.hpp"
#include "jobs/ledger.hpp"
#include "jobs/runner.hpp"
#include "storage/seal.hpp"
#include "storage/store.hpp"

namespace tidemark::daemon {

// What the routes work with; owned by the app, which outlives every answer.
struct RouteServices {
  storage::Store& store;
  const storage::Sealer& sealer;
  jobs::QuotaLedger& ledger;
  jobs::Runner& runner;
  async::Clock& clock;
  EventHub& events;
  Log& log;
  std::string store_path;
  std::int64_t started_ms = 0;
  bool discovery_enabled = true;
  jobs::discovery::DiscoverySettings discovery = {};

  [[nodiscard]] std::int64_t now_ms() const { return clock.wall_now().time_since_epoch().count(); }
};

// The route table: one function a resource, in the file of that name.
[[nodiscard]] std::vector<http::Route> make_routes(RouteServices& services);

void add_status_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_quota_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_job_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_member_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_member_change_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_member_connect_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_week_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_check_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_discovery_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_seed_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_import_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_denied_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_graph_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_event_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_metric_routes(std::vector<http::Route>& routes, RouteServices& services);
void add_openapi_routes(std::vector<http::Route>& routes);

// The description that /v1/openapi.json serves, as JSON text.
[[nodiscard]] std::string openapi_document();

}  // namespace tidemark::daemon
