#include "storage/schedules.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "storage/jobs.hpp"
#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

std::string schedule_key(std::string_view name) { return KeyWriter().text(name).bytes(); }

void put_schedule(Writer& writer, const Schedule& schedule) {
  ValueWriter out(version);
  out.text(schedule.kind).text(schedule.key).u64(schedule.priority);
  out.i64(schedule.every_ms).i64(schedule.next_ms).i64(schedule.last_ms);
  writer.put(Table::schedules, schedule_key(schedule.name), out.take());
}

}  // namespace

Schedule decode_schedule(std::string_view key, std::string_view value) {
  return decoded(Table::schedules, key, [&] {
    Schedule schedule;
    KeyReader place(key);
    schedule.name = place.text();
    place.end();
    ValueReader in(value, version, "schedule");
    schedule.kind = in.text();
    schedule.key = in.text();
    schedule.priority = narrowed<std::uint32_t>(in.u64());
    schedule.every_ms = in.i64();
    schedule.next_ms = in.i64();
    schedule.last_ms = in.i64();
    in.end();
    if (schedule.every_ms <= 0)
      throw CorruptRecord(std::string("its interval is not positive") + damage_remedy);
    return schedule;
  });
}

void define_schedule(Writer& writer, const Schedule& schedule) {
  if (schedule.every_ms <= 0)
    throw std::invalid_argument("the interval of schedule \"" + schedule.name +
                                "\" must be positive");
  auto defined = schedule;
  const auto key = schedule_key(schedule.name);
  if (const auto value = writer.get(Table::schedules, key)) {
    const auto old = decode_schedule(key, *value);
    defined.last_ms = old.last_ms;
    defined.next_ms = old.next_ms;
    if (schedule.every_ms != old.every_ms) {
      const auto next_ms = old.last_ms > 0 ? old.last_ms + schedule.every_ms : schedule.next_ms;
      defined.next_ms = std::min(old.next_ms, next_ms);
    }
  }
  put_schedule(writer, defined);
}

void erase_schedule(Writer& writer, std::string_view name) {
  writer.erase(Table::schedules, schedule_key(name));
}

std::vector<Schedule> list_schedules(const Reader& reader) {
  std::vector<Schedule> schedules;
  const auto each = [&](std::string_view key, std::string_view value) {
    schedules.push_back(decode_schedule(key, value));
    return true;
  };
  reader.scan(Table::schedules, "", "", each);
  return schedules;
}

std::optional<std::int64_t> run_schedules(Writer& writer, std::int64_t now_ms) {
  std::optional<std::int64_t> earliest_ms;
  for (auto& schedule : list_schedules(writer)) {
    if (schedule.next_ms <= now_ms) {
      Job job;
      job.kind = schedule.kind;
      job.key = schedule.key;
      job.priority = schedule.priority;
      enqueue_job(writer, std::move(job), now_ms);
      const auto late_ms = now_ms - schedule.next_ms;
      schedule.next_ms += (late_ms / schedule.every_ms + 1) * schedule.every_ms;
      schedule.last_ms = now_ms;
      put_schedule(writer, schedule);
    }
    earliest_ms = std::min(earliest_ms.value_or(schedule.next_ms), schedule.next_ms);
  }
  return earliest_ms;
}

}  // namespace tidemark::storage
