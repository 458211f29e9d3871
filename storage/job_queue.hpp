#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "storage/engine.hpp"
#include "storage/jobs.hpp"

// Private to this room: the order in which ready and waiting jobs are claimed.
//
// Jobs of one priority and kind form a group, ordered by due time. The job to claim is then the
// head of one of the groups, and so is the next job due: both cost one seek a group, however many
// jobs wait. A job that moves on leaves a tombstone before the new head, and a scan would walk over
// all of them; so each group remembers a lower bound before which it holds nothing.

namespace tidemark::storage {

struct QueuePlace {
  std::int64_t due_ms = 0;
  std::uint64_t id = 0;
  friend auto operator<=>(const QueuePlace&, const QueuePlace&) = default;
};

struct QueueGroup {
  std::uint32_t priority = 0;
  std::string kind;
  QueuePlace bound;
};

[[nodiscard]] std::string entry_key(const Job& job);
[[nodiscard]] std::string group_key(std::uint32_t priority, std::string_view kind);
[[nodiscard]] QueueGroup decode_group(std::string_view key, std::string_view value);

// Only the bounds of the group: the entry itself is one of index_rows_of(job), put after join_queue
// and erased after leave_queue.
void join_queue(Writer& writer, const Job& job);
void leave_queue(Writer& writer, const Job& job);

}  // namespace tidemark::storage
