#include "storage/graph/denied_dates.hpp"

#include <algorithm>

#include "storage/graph/row_decoders.hpp"

namespace tidemark::storage::graph {

DeniedDates denied_dates(const Reader& reader) {
  DeniedDates dates;
  const auto each = [&](std::string_view key, std::string_view value) {
    const DeniedRow row = decode_denied(key, value);
    if (row.name == DeniedName::bound) return true;  // its account has a row
    const std::int64_t denied_ms = row.denied_ms;
    dates.first_ms = dates.count == 0 ? denied_ms : std::min(dates.first_ms, denied_ms);
    dates.last_ms = std::max(dates.last_ms, denied_ms);
    ++dates.count;
    return true;
  };
  reader.scan(Table::graph_denied, "", "", each);
  return dates;
}

}  // namespace tidemark::storage::graph
