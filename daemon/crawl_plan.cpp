#include "daemon/crawl_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/parts.hpp"
#include "jobs/discovery/deny.hpp"
#include "jobs/discovery/discovery_job.hpp"
#include "jobs/discovery/graph_jobs.hpp"
#include "jobs/discovery/seeds.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"
#include "storage/schedules.hpp"

namespace tidemark::daemon {

namespace discovery = jobs::discovery;

namespace {

constexpr std::int64_t hour_ms = 3'600'000, day_ms = 24 * hour_ms;

storage::Schedule schedule_of(std::string_view kind, std::uint32_t priority, std::int64_t every_ms,
                              std::int64_t now_ms) {
  storage::Schedule schedule;
  schedule.name = schedule.kind = kind;
  schedule.key = discovery::job_key;
  schedule.priority = priority;
  schedule.every_ms = every_ms;
  schedule.next_ms = now_ms + every_ms;
  return schedule;
}

// Who is denied already costs nothing, so that a start does not renew the dates of the list.
void deny(storage::Writer& writer, const std::vector<std::string>& logins, std::int64_t now_ms) {
  const auto denied = storage::graph::DenyList::load(writer);
  for (const auto& login : logins) {
    if (!denied.denies(0, login)) discovery::deny_login(writer, login, now_ms);
  }
}

bool has_schedule(const storage::Reader& reader, std::string_view name) {
  const auto schedules = storage::list_schedules(reader);
  return std::ranges::find(schedules, name, &storage::Schedule::name) != schedules.end();
}

// Who waits for the crawl of a store where it was off, or that has none yet: not for an hour more.
bool is_awaited(const storage::Reader& reader) {
  return storage::graph::totals(reader).waiting > 0 ||
         !storage::graph::unresolved_seeds(reader, 1).empty();
}

}  // namespace

jobs::discovery::DiscoverySettings discovery_settings(const Settings& settings) {
  discovery::DiscoverySettings result;
  result.depth_most = static_cast<std::uint32_t>(settings.discovery_depth);
  result.users_most = static_cast<std::uint64_t>(settings.discovery_users_max);
  result.repositories_most = static_cast<std::uint64_t>(settings.discovery_repositories_max);
  result.refresh_ms = settings.discovery_refresh_days * day_ms;
  result.retention_ms = settings.discovery_retention_days * day_ms;
  result.stars = settings.discovery_stars;
  result.share.share = settings.quota_crawl_share;
  result.share.reserve = static_cast<std::uint64_t>(settings.quota_crawl_reserve);
  return result;
}

void plan_crawl(storage::Writer& writer, const Settings& settings, std::int64_t now_ms) {
  deny(writer, settings.discovery_deny, now_ms);
  storage::define_schedule(
      writer, schedule_of(discovery::graph_tidy_kind, discovery::crawl_priority, day_ms, now_ms));
  if (!settings.discovery_enabled) {
    storage::erase_schedule(writer, discovery::discovery_kind);
    storage::cancel_jobs(writer, discovery::discovery_kind, discovery::job_key);
    return;
  }
  const bool was_off = !has_schedule(writer, discovery::discovery_kind);
  storage::define_schedule(writer, schedule_of(discovery::discovery_kind, discovery::crawl_priority,
                                               settings.discovery_every_hours * hour_ms, now_ms));
  discovery::SeedOptions options;
  options.again = false;
  // A start may bring another token, and a crawl that waits for one does not know.
  discovery::end_wait(writer, now_ms);
  discovery::name_seeds(writer, settings.discovery_seeds, options, now_ms);
  if (was_off && is_awaited(writer)) discovery::start_crawl(writer, now_ms);
}

void add_crawl(Parts& parts, const Settings& settings) {
  // Whatever else may order one: where it is off, nothing here knows how to run a crawl.
  if (settings.discovery_enabled) {
    parts.runner.add(discovery::make_discovery_job(parts.discovery));
  }
  parts.runner.add(discovery::make_graph_tidy_job(parts.discovery));
  parts.runner.add(discovery::make_forget_job(parts.discovery));
  parts.engine->write(
      [&](storage::Writer& writer) { plan_crawl(writer, settings, parts.now_ms()); });
  if (!settings.discovery_enabled && !settings.discovery_seeds.empty()) {
    parts.log.warning(
        "discovery.seeds names accounts, and discovery.enabled = false: they are not read");
  }
}

async::Task<void> try_crawl_again(Parts& parts) {
  const auto now_ms = parts.now_ms();
  auto work = [now_ms](storage::Writer& writer) { discovery::end_wait(writer, now_ms); };
  try {
    co_await parts.store.write(storage::Durability::soon, work);
  } catch (const storage::DiskFull&) {
    co_return;  // nothing runs without room; the crawl waits a little longer
  }
  parts.runner.wake();
}

async::Task<void> look_at_crawl_token(Parts& parts) {
  const FileStamp stamp = stamp_of(parts.github_token_file);
  // Not there, perhaps just being replaced: a look later.
  if (!parts.github_token_stamp || stamp == FileStamp{}) co_return;
  if (stamp == *parts.github_token_stamp) co_return;
  parts.github_token_stamp = stamp;
  co_await try_crawl_again(parts);
}

}  // namespace tidemark::daemon
