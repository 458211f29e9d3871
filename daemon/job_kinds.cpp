#include "daemon/job_kinds.hpp"

#include <chrono>

#include "daemon/crawl_plan.hpp"
#include "daemon/parts.hpp"
#include "jobs/leave/leave_job.hpp"
#include "jobs/sign_in/connect_job.hpp"
#include "jobs/sync/sync_job.hpp"
#include "storage/purge.hpp"
#include "storage/schedules.hpp"
#include "storage/sign_ins.hpp"

namespace tidemark::daemon {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

void add_kinds(Parts& parts, const Settings& settings) {
  const jobs::sync::SyncServices services{
      parts.store,      parts.sealer, parts.clock,  parts.github,
      parts.openhumans, parts.ledger, parts.tokens, {}};
  parts.runner.add(jobs::sync::make_sync_job(services));
  parts.runner.add(jobs::sync::make_sweep_job(
      parts.clock, async::Milliseconds(settings.sync_stale_after_hours * hour_ms)));
  parts.runner.add(jobs::sign_in::make_connect_job(parts.sign_in));
  parts.runner.add(jobs::sign_in::make_tidy_job(parts.sign_in));
  parts.runner.add(jobs::leave::make_leave_job(parts.sign_in));
  parts.runner.add(jobs::leave::make_disconnect_job(parts.sign_in));
}

bool left_over(const storage::Reader& reader) {
  return storage::is_purge_owed(reader) || storage::is_sign_in_held(reader);
}

void define_schedules(Parts& parts, const Settings& settings) {
  storage::Schedule sweep;
  sweep.name = "sweep";
  sweep.kind = jobs::sync::sweep_kind;
  sweep.key = "all";
  sweep.every_ms = settings.sync_sweep_every_hours * hour_ms;
  sweep.next_ms = parts.now_ms() + sweep.every_ms;
  // Hourly, and at once when a crash left a sign-in or the erasing of a member half done.
  storage::Schedule tidy;
  tidy.name = "tidy";
  tidy.kind = jobs::sign_in::tidy_kind;
  tidy.key = "all";
  tidy.every_ms = hour_ms;
  tidy.next_ms = parts.now_ms() + hour_ms;
  storage::Job first;
  first.kind = tidy.kind;
  first.key = tidy.key;
  first.priority = tidy.priority;
  parts.engine->write([&](storage::Writer& writer) {
    storage::define_schedule(writer, sweep);
    storage::define_schedule(writer, tidy);
    if (left_over(writer)) storage::enqueue_job(writer, first, parts.now_ms());
  });
}

}  // namespace

void add_job_kinds(Parts& parts, const Settings& settings) {
  add_kinds(parts, settings);
  define_schedules(parts, settings);
  add_crawl(parts, settings);
}

}  // namespace tidemark::daemon
