#include "storage/weeks.hpp"

#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"
#include "storage/week_counts.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

std::string week_key(std::string_view member, Week week) {
  return KeyWriter().text(member).i32(week.index).bytes();
}

}  // namespace

std::string_view name_of(WeekState state) {
  switch (state) {
    case WeekState::partial: return "partial";
    case WeekState::complete: return "complete";
    case WeekState::uploaded: return "uploaded";
  }
  return "?";
}

WeekRow decode_week(std::string_view key, std::string_view value) {
  return decoded(Table::weeks, key, [&] {
    KeyReader place(key);
    place.text();
    WeekRow row;
    row.week = Week{place.i32()};
    place.end();
    ValueReader in(value, version, "week");
    row.record.state = enumerated(in.u64(), WeekState::partial, WeekState::uploaded);
    row.record.reason = in.text();
    row.record.commits = in.u64();
    row.record.additions = in.u64();
    row.record.deletions = in.u64();
    row.record.others = in.u64();
    row.record.days = in.u64();
    row.record.file = in.text();
    in.end();
    return row;
  });
}

std::optional<WeekRecord> find_week(const Reader& reader, std::string_view member, Week week) {
  const auto key = week_key(member, week);
  const auto value = reader.get(Table::weeks, key);
  if (!value) return std::nullopt;
  return decode_week(key, *value).record;
}

void put_week(Writer& writer, std::string_view member, Week week, const WeekRecord& record) {
  require_member_id(member);
  const auto before = find_week(writer, member, week);
  if (before == record) return;
  move_week_counts(writer, member, before ? &*before : nullptr, &record);
  ValueWriter out(version);
  out.u64(static_cast<std::uint64_t>(record.state)).text(record.reason);
  out.u64(record.commits).u64(record.additions).u64(record.deletions).u64(record.others);
  out.u64(record.days);
  out.text(record.file);
  writer.put(Table::weeks, week_key(member, week), out.take());
}

void erase_week(Writer& writer, std::string_view member, Week week) {
  const auto before = find_week(writer, member, week);
  if (!before) return;
  move_week_counts(writer, member, &*before, nullptr);
  writer.erase(Table::weeks, week_key(member, week));
}

void scan_weeks(const Reader& reader, std::string_view member, Week from, Week until,
                const std::function<bool(Week, const WeekRecord&)>& visit) {
  if (until <= from) return;
  const auto each = [&](std::string_view key, std::string_view value) {
    const auto row = decode_week(key, value);
    return visit(row.week, row.record);
  };
  reader.scan(Table::weeks, week_key(member, from), week_key(member, until), each);
}

}  // namespace tidemark::storage
