#include "daemon/job_kinds.hpp"

#include "daemon/parts.hpp"
#include "storage/schedules.hpp"

namespace tidemark::daemon {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

void add_kinds([[maybe_unused]] Parts& parts, [[maybe_unused]] const Settings& settings) {
  // jobs::make_sync_job and jobs::make_sweep_job go here, with parts.runner.add(…).
}

void define_schedules(Parts& parts, const Settings& settings) {
  storage::Schedule sweep;
  sweep.name = "sweep";
  sweep.kind = "sweep";
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
