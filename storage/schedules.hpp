#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"

namespace tidemark::storage {

struct Schedule {
  std::string name;       // "sweep"
  std::string kind, key;  // of the job it enqueues
  std::uint32_t priority = 50;
  std::int64_t every_ms = 0;
  std::int64_t next_ms = 0;  // our clock
  std::int64_t last_ms = 0;
};

// Adds it, or takes over a changed interval or kind without moving `next_ms` later.
void define_schedule(Writer& writer, const Schedule& schedule);
// Enqueues nothing any more; what it enqueued before stays.
void erase_schedule(Writer& writer, std::string_view name);
[[nodiscard]] std::vector<Schedule> list_schedules(const Reader& reader);
// Enqueues the jobs of all schedules that are due, once each however late, and moves them on to the
// next multiple of their interval. Returns the earliest next time, or nullopt without schedules.
std::optional<std::int64_t> run_schedules(Writer& writer, std::int64_t now_ms);

}  // namespace tidemark::storage
