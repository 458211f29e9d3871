#include "storage/week_counts.hpp"

#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

std::string counts_key(std::string_view member) {
  return KeyWriter().text(member).u8(static_cast<std::uint8_t>(CountsKind::weeks)).bytes();
}

std::uint64_t& number_of(WeekCounts& counts, WeekState state) {
  switch (state) {
    case WeekState::partial: return counts.partial;
    case WeekState::complete: return counts.complete;
    case WeekState::uploaded: break;
  }
  return counts.uploaded;
}

}  // namespace

void add_to(WeekCounts& counts, const WeekRecord& record) {
  ++number_of(counts, record.state);
  counts.commits += record.commits;
  counts.additions += record.additions;
  counts.deletions += record.deletions;
}

void take_from(WeekCounts& counts, const WeekRecord& record) {
  --number_of(counts, record.state);
  counts.commits -= record.commits;
  counts.additions -= record.additions;
  counts.deletions -= record.deletions;
}

void move_week_counts(Writer& writer, std::string_view member, const WeekRecord* before,
                      const WeekRecord* after) {
  const WeekCounts old = week_counts(writer, member);
  WeekCounts counts = old;
  if (before != nullptr) take_from(counts, *before);
  if (after != nullptr) add_to(counts, *after);
  if (counts == old) return;
  const auto key = counts_key(member);
  if (counts == WeekCounts{}) {
    writer.erase(Table::counts, key);
    return;
  }
  ValueWriter out(version);
  out.u64(counts.partial).u64(counts.complete).u64(counts.uploaded);
  out.u64(counts.commits).u64(counts.additions).u64(counts.deletions);
  writer.put(Table::counts, key, out.take());
}

WeekCounts decode_week_counts(std::string_view key, std::string_view value) {
  return decoded(Table::counts, key, [&] {
    ValueReader in(value, version, "week counts");
    WeekCounts counts;
    counts.partial = in.u64();
    counts.complete = in.u64();
    counts.uploaded = in.u64();
    counts.commits = in.u64();
    counts.additions = in.u64();
    counts.deletions = in.u64();
    in.end();
    return counts;
  });
}

WeekCounts week_counts(const Reader& reader, std::string_view id) {
  const auto key = counts_key(id);
  const auto value = reader.get(Table::counts, key);
  return value ? decode_week_counts(key, *value) : WeekCounts{};
}

}  // namespace tidemark::storage
