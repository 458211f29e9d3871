#include <fmt/format.h>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/routes.hpp"
#include "storage/graph/capability.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::daemon {

namespace {

struct MetricsReading {
  storage::JobCounts jobs;
  storage::Engine::Statistics store;
  storage::graph::Totals graph;
  std::vector<storage::graph::Capability> capabilities;
};

std::string header(std::string_view name, std::string_view type, std::string_view help) {
  return fmt::format("# HELP tidemark_{} {}\n# TYPE tidemark_{} {}\n", name, help, name, type);
}

std::string single(std::string_view name, std::string_view type, std::string_view help,
                   std::uint64_t value) {
  return header(name, type, help) + fmt::format("tidemark_{} {}\n", name, value);
}

std::string job_metrics(const storage::JobCounts& jobs) {
  std::string text = header("jobs", "gauge", "Jobs by state.");
  const std::pair<std::string_view, std::uint64_t> states[] = {{"ready", jobs.ready},
                                                               {"running", jobs.running},
                                                               {"waiting", jobs.waiting},
                                                               {"done", jobs.done},
                                                               {"dead", jobs.dead}};
  for (const auto& [state, count] : states) {
    text += fmt::format("tidemark_jobs{{state=\"{}\"}} {}\n", state, count);
  }
  return text;
}

// By resource, summed over owners: member by member would grow without bound.
std::string quota_metrics(const jobs::QuotaLedger& ledger) {
  struct Sum {
    std::uint64_t remaining = 0, spent = 0, requests = 0, refused = 0;
  };
  std::map<std::string, Sum> sums;
  for (const auto& view : ledger.view()) {
    Sum& sum = sums[view.window.resource];
    sum.remaining += view.window.remaining;
    sum.spent += view.window.spent;
    sum.requests += view.window.requests;
    sum.refused += view.window.refused;
  }
  auto lines = [&sums](std::string_view name, std::string_view type, std::string_view help,
                       std::uint64_t Sum::* field) {
    std::string text = header(name, type, help);
    for (const auto& [resource, sum] : sums) {
      text += fmt::format("tidemark_{}{{resource=\"{}\"}} {}\n", name, resource, sum.*field);
    }
    return text;
  };
  return lines("quota_remaining", "gauge", "Quota left in the present windows.", &Sum::remaining) +
         lines("quota_spent_total", "counter", "Quota spent by us.", &Sum::spent) +
         lines("quota_requests_total", "counter", "Requests that spent quota.", &Sum::requests) +
         lines("quota_refused_total", "counter", "Answers that said: limit.", &Sum::refused);
}

std::string graph_metrics(const MetricsReading& reading) {
  const auto& graph = reading.graph;
  std::string text =
      single("graph_users", "gauge", "Accounts known but organizations.", graph.users) +
      single("graph_users_read", "gauge", "Of those, whose profile was read.", graph.read) +
      single("graph_users_gone", "gauge", "Accounts that GitHub does not find.", graph.gone) +
      single("graph_organizations", "gauge", "Organizations known.", graph.organizations) +
      single("graph_repositories", "gauge", "Repositories known.", graph.repositories) +
      single("graph_frontier", "gauge", "Accounts that are to be read.", graph.waiting) +
      header("graph_capability", "gauge", "Lists that GitHub gives: 1 ok, 2 degraded, 3 gone.");
  for (const auto& each : reading.capabilities) {
    text += fmt::format("tidemark_graph_capability{{list=\"{}\"}} {}\n",
                        storage::graph::name_of(each.list), static_cast<int>(each.ability));
  }
  return text;
}

async::Task<http::Reply> show_metrics(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  auto body = [&services](const storage::Reader& reader) {
    MetricsReading result;
    result.jobs = storage::job_counts(reader);
    result.store = services.store.engine().statistics();
    result.graph = storage::graph::totals(reader);
    for (const auto list : storage::graph::all_lists) {
      result.capabilities.push_back(storage::graph::find_capability(reader, list));
    }
    return result;
  };
  const MetricsReading reading = co_await services.store.read(body);
  const auto uptime_s = (services.now_ms() - services.started_ms) / 1000;
  http::Reply reply;
  reply.response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  reply.response.body =
      single("uptime_seconds", "gauge", "Since the start.", static_cast<std::uint64_t>(uptime_s)) +
      single("store_bytes", "gauge", "Of the store on disk.", reading.store.bytes_on_disk) +
      single("store_memory_bytes", "gauge", "Of the store in memory.", reading.store.memory_bytes) +
      single("store_writes_total", "counter", "Transactions.", reading.store.writes) +
      single("store_syncs_total", "counter", "Waits for the disk.", reading.store.syncs) +
      job_metrics(reading.jobs) + quota_metrics(services.ledger) + graph_metrics(reading);
  co_return reply;
}

}  // namespace

void add_metric_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/metrics",
       .summary = "Numbers for Prometheus",
       .handle = [&services](http::Call call) { return show_metrics(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
