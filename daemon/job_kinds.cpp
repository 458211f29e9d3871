#include "daemon/job_kinds.hpp"

#include <chrono>

#include "daemon/parts.hpp"
#include "jobs/sync/sync_job.hpp"
#include "storage/schedules.hpp"

namespace tidemark::daemon {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

void add_kinds(Parts& parts, const Settings& settings) {
  const jobs::sync::SyncServices services{parts.store,      parts.sealer, parts.clock, parts.github,
                                          parts.openhumans, parts.ledger, {}};
  parts.runner.add(jobs::sync::make_sync_job(services));
  parts.runner.add(jobs::sync::make_sweep_job(
      parts.clock, async::Milliseconds(settings.sync_stale_after_hours * hour_ms)));
}

void define_schedules(Parts& parts, const Settings& settings) {
  storage::Schedule sweep;
  sweep.name = "sweep";
  sweep.kind = jobs::sync::sweep_kind;
  sweep.key = "all";
  sweep.every_ms = settings.sync_sweep_every_hours * hour_ms;
  sweep.next_ms = parts.now_ms() + sweep.every_ms;
  parts.engine->write([&](storage::Writer& writer) { storage::define_schedule(writer, sweep); });
}

}  // namespace

void add_job_kinds(Parts& parts, const Settings& settings) {
  add_kinds(parts, settings);
  define_schedules(parts, settings);
}

}  // namespace tidemark::daemon
