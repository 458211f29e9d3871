#include <algorithm>
#include <utility>

#include "jobs/runner_state.hpp"
#include "storage/pool.hpp"
#include "storage/schedules.hpp"

namespace tidemark::jobs {

using storage::Durability;

async::Task<void> Runner::State::loop() {
  while (!stopping) {
    const async::SteadyTime until = co_await turn();
    if (fatal) std::rethrow_exception(fatal);
    if (!stopping) co_await wake.wait_until(clock, until);
    if (fatal) std::rethrow_exception(fatal);
  }
}

async::Task<async::SteadyTime> Runner::State::turn() {
  if (clock.steady_now() < retry_at) co_return retry_at;
  std::optional<Found> found;
  try {
    if (!owed.empty()) co_await pay_owed();
    if (!owed.empty()) co_return retry_at;
    if (!started_up) co_await start_up();
    if (finished > settings.finished_kept / 10) co_await prune();
    found = co_await look(now_ms());
    no_room.clear();
  } catch (const storage::DiskFull& full) {
    hold_for_room(full.what());
  } catch (const storage::PoolFull&) {
    retry_at = clock.steady_now() + std::chrono::seconds(1);
  }
  if (!found) co_return retry_at;

  for (storage::Job& job : found->claimed) co_await start(std::move(job));
  std::int64_t wait_ms = settings.look_most_ms.count();
  if (found->next_schedule_ms) wait_ms = std::min(wait_ms, *found->next_schedule_ms - now_ms());
  // With all places taken the end of a run is what to wait for.
  const bool places = active < settings.concurrency;
  if (places && found->next_due_ms) wait_ms = std::min(wait_ms, *found->next_due_ms - now_ms());
  co_return clock.steady_now() + async::Milliseconds(std::max<std::int64_t>(0, wait_ms));
}

async::Task<void> Runner::State::start_up() {
  const std::int64_t now = now_ms();
  const std::size_t kept = settings.finished_kept;
  auto body = [now, kept](storage::Writer& writer) {
    storage::reclaim_jobs(writer, now);
    storage::prune_jobs(writer, kept);
  };
  co_await store.write(Durability::soon, std::move(body));
  started_up = true;
}

async::Task<void> Runner::State::prune() {
  const std::size_t kept = settings.finished_kept;
  auto body = [kept](storage::Writer& writer) { storage::prune_jobs(writer, kept); };
  co_await store.write(Durability::soon, std::move(body));
  finished = 0;
}

async::Task<Runner::State::Found> Runner::State::look(std::int64_t now) {
  // Copied: the body runs on the storage pool.
  std::set<std::string> kinds_now;
  for (const auto& [name, kind] : kinds) {
    if (accepts(name)) kinds_now.insert(name);
  }
  const std::size_t places = settings.concurrency - std::min(active, settings.concurrency);
  auto may_run = [&kinds_now](const std::string& kind) { return kinds_now.contains(kind); };

  auto peek = [&](const storage::Reader& reader) {
    Found found;
    found.next_due_ms = storage::next_due_ms(reader, may_run);
    for (const auto& schedule : storage::list_schedules(reader)) {
      const std::int64_t next_ms = found.next_schedule_ms.value_or(schedule.next_ms);
      found.next_schedule_ms = std::min(next_ms, schedule.next_ms);
    }
    return found;
  };
  Found found = co_await store.read(std::move(peek));
  const bool job_due = places > 0 && found.next_due_ms && *found.next_due_ms <= now;
  const bool schedule_due = found.next_schedule_ms && *found.next_schedule_ms <= now;
  if (!job_due && !schedule_due) co_return found;  // no write while nothing happens

  auto claim = [&](storage::Writer& writer) {
    Found claims;
    claims.next_schedule_ms = storage::run_schedules(writer, now);
    auto takes = [&](const storage::Job& job) { return may_run(job.kind); };
    while (claims.claimed.size() < places) {
      auto job = storage::claim_job(writer, now, takes);
      if (!job) break;
      claims.claimed.push_back(std::move(*job));
    }
    claims.next_due_ms = storage::next_due_ms(writer, may_run);
    return claims;
  };
  found = co_await store.write(Durability::soon, std::move(claim));
  co_return found;
}

async::Task<void> Runner::State::start(storage::Job job) {
  std::string name = job.kind + " " + job.key;
  ++active;
  if (group.spawn(std::move(name), work(job))) co_return;
  --active;  // stopped meanwhile: the job is given back
  const RunResult result = Suspended{now_ms(), "the daemon stopped; goes on at its next start"};
  co_await store_end(conclude(std::move(job), result, settings, random, now_ms()));
}

}  // namespace tidemark::jobs
