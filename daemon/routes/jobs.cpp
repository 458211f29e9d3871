#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <charconv>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/routes.hpp"
#include "daemon/routes/shown_job.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

std::uint64_t whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && stop == text.data() + text.size() ? number : 0;
}

http::Reply no_such_job(std::string_view id) {
  return not_found(
      fmt::format("there is no job {}; `tidemark jobs` lists them", id.substr(0, 100)));
}

using storage::JobState;
constexpr std::array states = {JobState::ready, JobState::running, JobState::waiting,
                               JobState::done, JobState::dead};

std::vector<std::string> state_names() {
  std::vector<std::string> names;
  for (const JobState state : states) names.emplace_back(storage::name_of(state));
  return names;
}

// Empty: whatever state.
std::optional<JobState> state_of(std::string_view name) {
  for (const JobState state : states) {
    if (storage::name_of(state) == name) return state;
  }
  return std::nullopt;
}

// A page, newest first, of jobs as people should see them. Where the stored state is not the one
// that is shown, the store cannot filter by it.
async::Task<std::vector<storage::Job>> list_shown(RouteServices& services,
                                                  storage::JobFilter filter, std::uint64_t before,
                                                  std::size_t most) {
  constexpr std::size_t chunk_least = 100;
  const std::optional<JobState> wanted = filter.state;
  const bool over = wanted == JobState::done || wanted == JobState::dead;
  const bool sieve = wanted && !over && shows_other_states(services);
  if (sieve) filter.state.reset();
  const std::size_t chunk = sieve ? std::max(most, chunk_least) : most;
  std::vector<storage::Job> shown;
  std::size_t found = chunk;
  while (found == chunk && shown.size() < most) {
    auto body = [&](const storage::Reader& reader) {
      return storage::list_jobs(reader, filter, before, chunk);
    };
    const std::vector<storage::Job> stored = co_await services.store.read(body);
    for (const storage::Job& job : stored) {
      storage::Job as_shown = shown_job(services, job);
      if (!sieve || as_shown.state == *wanted) shown.push_back(std::move(as_shown));
      before = job.id;
    }
    found = stored.size();
  }
  shown.resize(std::min(shown.size(), most));
  co_return shown;
}

async::Task<http::Reply> list_all(RouteServices& services, http::Call call) {
  QueryReader query(call, jobs_query());
  storage::JobFilter filter;
  filter.kind = query.text("kind").value_or("");
  filter.key = query.text("key").value_or("");
  filter.state = state_of(query.choice("state"));
  const auto limit = query.number("limit");
  const auto before = whole_number(query.cursor());
  if (query.failed()) co_return query.refusal();
  const std::vector<storage::Job> jobs = co_await list_shown(services, filter, before, limit + 1);
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  json::object answer;
  json::array rows;
  for (std::size_t i = 0; i < jobs.size() && i < limit; ++i) {
    rows.push_back(job_json(jobs[i], services.now_ms(), clean));
  }
  answer["jobs"] = std::move(rows);
  answer["next"] = nullptr;
  if (jobs.size() > limit) answer["next"] = write_cursor(std::to_string(jobs[limit - 1].id));
  co_return json_answer(200, answer);
}

async::Task<http::Reply> show_one(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  const std::string& text = call.path_values.at("id");
  const auto id = whole_number(text);
  auto body = [id](const storage::Reader& reader) { return storage::find_job(reader, id); };
  const std::optional<storage::Job> job = co_await services.store.read(body);
  if (!job) co_return no_such_job(text);
  auto clean = [&services](std::string_view words) { return services.log.clean(words); };
  co_return json_answer(200, job_json(shown_job(services, *job), services.now_ms(), clean));
}

async::Task<http::Reply> requeue_one(RouteServices& services, http::Call call) {
  const std::string& text = call.path_values.at("id");
  const auto id = whole_number(text);
  const auto now_ms = services.now_ms();
  struct Outcome {
    bool off = false, done = false;
    std::optional<storage::Job> job;
  };
  auto body = [&](storage::Writer& writer) {
    Outcome outcome;
    outcome.job = storage::find_job(writer, id);
    const bool crawl = outcome.job && outcome.job->kind == jobs::discovery::discovery_kind;
    outcome.off = crawl && !services.discovery_enabled;
    if (outcome.off) return outcome;
    outcome.done = storage::requeue_job(writer, id, now_ms);
    outcome.job = storage::find_job(writer, id);
    return outcome;
  };
  const Outcome outcome = co_await services.store.write(storage::Durability::soon, body);
  if (!outcome.job) co_return no_such_job(text);
  if (outcome.off) co_return discovery_is_off();
  if (!outcome.done) {
    co_return conflict(fmt::format("job {} is {}: only waiting and dead jobs can be requeued", id,
                                   storage::name_of(outcome.job->state)));
  }
  services.runner.wake();
  auto clean = [&services](std::string_view words) { return services.log.clean(words); };
  co_return json_answer(200, job_json(*outcome.job, now_ms, clean));
}

async::Task<http::Reply> drop_one(RouteServices& services, http::Call call) {
  const std::string& text = call.path_values.at("id");
  const auto id = whole_number(text);
  struct Outcome {
    bool found = false, dropped = false;
  };
  auto body = [id](storage::Writer& writer) {
    Outcome outcome;
    outcome.found = storage::find_job(writer, id).has_value();
    outcome.dropped = outcome.found && storage::drop_job(writer, id);
    return outcome;
  };
  const Outcome outcome = co_await services.store.write(storage::Durability::soon, body);
  if (!outcome.found) co_return no_such_job(text);
  if (!outcome.dropped) {
    co_return conflict(fmt::format("job {} is running; try again when it waits or is done", id));
  }
  http::Reply reply;
  reply.response.status = 204;
  co_return reply;
}

}  // namespace

const QueryParameters& jobs_query() {
  static const QueryParameters all = {one_of("state", state_names()), free_text("kind"),
                                      free_text("key"), whole_number("limit", 1, 500, 50),
                                      free_text("cursor")};
  return all;
}

void add_job_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/jobs",
       .summary = "Jobs, newest first",
       .handle = [&services](http::Call call) { return list_all(services, std::move(call)); }});
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/jobs/{id}",
       .summary = "One job",
       .handle = [&services](http::Call call) { return show_one(services, std::move(call)); }});
  routes.push_back(
      {.method = "POST",
       .pattern = "/v1/jobs/{id}/requeue",
       .summary = "Makes a waiting or dead job ready now",
       .writes = true,
       .handle = [&services](http::Call call) { return requeue_one(services, std::move(call)); }});
  routes.push_back(
      {.method = "DELETE",
       .pattern = "/v1/jobs/{id}",
       .summary = "Drops a job that is not running",
       .writes = true,
       .handle = [&services](http::Call call) { return drop_one(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
