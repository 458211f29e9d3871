#pragma once

#include <string_view>

#include "storage/members.hpp"
#include "storage/weeks.hpp"

// Private to this room: the read model behind week_counts().

namespace tidemark::storage {

void add_to(WeekCounts& counts, const WeekRecord& record);
void take_from(WeekCounts& counts, const WeekRecord& record);
// In the transaction that replaces `before` by `after`; nullptr: no such row.
void move_week_counts(Writer& writer, std::string_view member, const WeekRecord* before,
                      const WeekRecord* after);

}  // namespace tidemark::storage
