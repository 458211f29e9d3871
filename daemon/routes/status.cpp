#include <boost/json/array.hpp>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/routes.hpp"
#include "daemon/status_line.hpp"
#include "jobs/leave/given_up.hpp"
#include "storage/schema.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

struct StatusReading {
  Activity activity;
  storage::Engine::Statistics store;
  std::vector<jobs::leave::GivenUp> given_up;
  std::vector<storage::Job> dead;
};

constexpr std::size_t dead_shown = 20;

json::object store_json(const RouteServices& services, const storage::Engine::Statistics& store) {
  json::object object;
  object["path"] = services.store_path;
  object["format"] = storage::store_format;
  object["bytes_on_disk"] = store.bytes_on_disk;
  object["memory_bytes"] = store.memory_bytes;
  object["writes"] = store.writes;
  object["syncs"] = store.syncs;
  return object;
}

json::object jobs_json(const storage::JobCounts& jobs) {
  json::object object;
  object["ready"] = jobs.ready;
  object["running"] = jobs.running;
  object["waiting"] = jobs.waiting;
  object["done"] = jobs.done;
  object["dead"] = jobs.dead;
  return object;
}

json::array given_up_json(const RouteServices& services,
                          const std::vector<jobs::leave::GivenUp>& list) {
  json::array rows;
  for (const auto& each : list) {
    json::object row;
    add_time(row, "since", each.at_ms);
    row["what"] = services.log.clean(each.what);
    rows.push_back(std::move(row));
  }
  return rows;
}

async::Task<http::Reply> show_status(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  auto body = [&services](const storage::Reader& reader) {
    storage::JobFilter dead;
    dead.state = storage::JobState::dead;
    return StatusReading{read_activity(reader), services.store.engine().statistics(),
                         jobs::leave::list_given_up(reader),
                         storage::list_jobs(reader, dead, 0, dead_shown)};
  };
  StatusReading reading = co_await services.store.read(body);
  add_runner(reading.activity, services.runner);
  const std::int64_t now_ms = services.now_ms();
  json::object status;
  status["version"] = TIDEMARK_VERSION;
  add_time(status, "now", now_ms);
  add_time(status, "started", services.started_ms);
  status["uptime_s"] = (now_ms - services.started_ms) / 1000;
  status["store"] = store_json(services, reading.store);
  status["jobs"] = jobs_json(reading.activity.jobs);
  status["held"] = text_or_null(services.log.clean(reading.activity.held_reason));
  status["activity"] = services.log.clean(activity_text(reading.activity, now_ms));
  status["given_up"] = given_up_json(services, reading.given_up);
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  json::array dead;
  for (const storage::Job& job : reading.dead) dead.push_back(job_json(job, now_ms, clean));
  status["dead"] = std::move(dead);
  co_return json_answer(200, status);
}

// Says only that the loop and the store answer: for probes that bear no token. Not behind the long
// reads of others, which are no reason to start anew.
async::Task<http::Reply> show_health(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  auto body = [](const storage::Reader& reader) { return storage::job_counts(reader); };
  co_await services.store.read_cached(body);
  json::object health;
  health["status"] = "ok";
  health["version"] = TIDEMARK_VERSION;
  co_return json_answer(200, health);
}

}  // namespace

void add_status_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/status",
       .summary = "Version, clock, store and jobs",
       .handle = [&services](http::Call call) { return show_status(services, std::move(call)); }});
  routes.push_back(
      {.method = "GET",
       .pattern = "/health",
       .summary = "Whether the daemon answers; needs no token",
       .handle = [&services](http::Call call) { return show_health(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
