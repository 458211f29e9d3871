#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>
#include <limits>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/routes.hpp"
#include "daemon/routes/shown_job.hpp"
#include "jobs/discovery/limits.hpp"
#include "jobs/discovery/resolve_seed.hpp"
#include "jobs/discovery/statistics.hpp"
#include "storage/graph/frontier.hpp"

namespace tidemark::daemon {

namespace json = boost::json;
namespace discovery = jobs::discovery;

namespace {

struct DiscoveryReading {
  discovery::Status status;
  std::uint64_t users_most = 0;
  std::vector<std::string> limits_reached;
  discovery::SeedsLooked seeds;
  std::optional<std::int64_t> next_due_ms;
};

json::object totals_json(const storage::graph::Totals& totals) {
  json::object object;
  object["users"] = totals.users;
  object["read"] = totals.read;
  object["gone"] = totals.gone;
  object["organizations"] = totals.organizations;
  object["repositories"] = totals.repositories;
  object["waiting"] = totals.waiting;
  return object;
}

// Two digits behind the point are enough for people, and keep answers short.
double rounded(double value) { return std::round(value * 100) / 100; }

json::value per_point(std::uint64_t count, std::uint64_t points) {
  if (points == 0) return nullptr;
  return rounded(static_cast<double>(count) / static_cast<double>(points));
}

json::object speed_json(const discovery::Status& status) {
  json::object object;
  object["found_per_minute"] = rounded(status.found_per_minute);
  object["read_per_minute"] = rounded(status.read_per_minute);
  object["edges_per_minute"] = rounded(status.edges_per_minute);
  object["found_per_point"] = per_point(status.found, status.points);
  object["read_per_point"] = per_point(status.read, status.points);
  return object;
}

json::array capabilities_json(const discovery::Status& status, const Clean& clean) {
  json::array rows;
  for (const auto& each : status.capabilities) {
    json::object row;
    row["list"] = storage::graph::name_of(each.list);
    row["ability"] = storage::graph::name_of(each.ability);
    row["evidence"] = text_or_null(clean(each.evidence));
    add_time(row, "since", each.since_ms);
    add_time(row, "looked", each.looked_ms);
    row["good"] = each.good;
    row["bad"] = each.bad;
    rows.push_back(std::move(row));
  }
  return rows;
}

// When everybody known so far will have been read, as far as quota and present speed tell; 0:
// nothing is left to read, or nothing is known yet, or discovery is off.
std::int64_t forecast_ms(const RouteServices& services, const discovery::Status& status) {
  constexpr auto never = std::numeric_limits<std::int64_t>::max();
  constexpr std::uint64_t requests_a_user = 4;  // of REST: the profile, and a page of each list
  if (status.unread == 0 || !services.discovery_enabled) return 0;
  const auto by_quota =
      status.anonymous
          ? services.ledger.forecast_ms(status.quota_owner, "core", status.unread * requests_a_user)
          : services.ledger.forecast_ms(status.quota_owner, "graphql", status.points_needed);
  if (by_quota == 0 || by_quota == never) return 0;
  std::int64_t by_speed = 0;
  if (status.read_per_minute > 0) {
    const double minutes = static_cast<double>(status.unread) / status.read_per_minute;
    by_speed = services.now_ms() + static_cast<std::int64_t>(std::min(minutes * 60'000, 1e15));
  }
  return std::max({by_quota, by_speed, services.now_ms()});
}

async::Task<http::Reply> show_discovery(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  const auto now_ms = services.now_ms();
  auto body = [&](const storage::Reader& reader) {
    DiscoveryReading reading;
    reading.status = discovery::read_status(reader, services.discovery.parents_most, now_ms);
    reading.users_most = discovery::users_limit(reader, services.discovery);
    reading.limits_reached = discovery::limits_reached(reader, services.discovery);
    reading.seeds = discovery::seeds_looked(reader);
    reading.next_due_ms = storage::graph::next_due_ms(reader, now_ms);
    return reading;
  };
  const DiscoveryReading reading = co_await services.store.read(body);
  const discovery::Status& status = reading.status;
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  json::object answer;
  answer["enabled"] = services.discovery_enabled;
  answer["credential"] = !status.job ? "unknown" : status.anonymous ? "anonymous" : "token";
  answer["account"] = text_or_null(status.viewer_login);
  answer["totals"] = totals_json(status.totals);
  answer["depth_most"] = services.discovery.depth_most;
  answer["users_most"] = reading.users_most;
  answer["repositories_most"] = services.discovery.repositories_most;
  answer["limits_reached"] =
      json::array(reading.limits_reached.begin(), reading.limits_reached.end());
  answer["seeds_with_problem"] = reading.seeds.problems;
  add_time(answer, "seeds_looked", reading.seeds.at_ms);
  answer["unread"] = status.unread;
  answer["unconfirmed"] = status.unconfirmed;
  add_time(answer, "next_due", reading.next_due_ms.value_or(0));
  add_time(answer, "began", status.started_ms);
  answer["found"] = status.found;
  answer["read"] = status.read;
  answer["edges"] = status.edges;
  answer["points"] = status.points;
  answer["requests"] = status.requests;
  answer["speed"] = speed_json(status);
  answer["points_needed"] = status.points_needed;
  add_time(answer, "forecast", forecast_ms(services, status));
  answer["parents_most"] = status.parents;
  answer["parents_reason"] = text_or_null(status.parents_reason);
  answer["capabilities"] = capabilities_json(status, clean);
  answer["job"] = nullptr;
  if (status.job) {
    answer["job"] = job_json(shown_job(services, *status.job), now_ms, clean);
  }
  co_return json_answer(200, answer);
}

}  // namespace

void add_discovery_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back({.method = "GET",
                    .pattern = "/v1/discovery",
                    .summary = "How the graph grows: counts, speed, forecast, what it waits for",
                    .handle = [&services](http::Call call) {
                      return show_discovery(services, std::move(call));
                    }});
}

}  // namespace tidemark::daemon
