#include "storage/job_rows.hpp"
#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

}  // namespace

std::string job_totals_key() {
  // No member's id is empty, so that no prefix of a member covers this row.
  return KeyWriter().text("").u8(static_cast<std::uint8_t>(CountsKind::jobs)).bytes();
}

JobTotals decode_job_totals(std::string_view key, std::string_view value) {
  return decoded(Table::counts, key, [&] {
    ValueReader in(value, version, "job counts");
    JobTotals totals;
    totals.counts.ready = in.u64();
    totals.counts.running = in.u64();
    totals.counts.waiting = in.u64();
    totals.counts.done = in.u64();
    totals.counts.dead = in.u64();
    totals.last_id = in.u64();
    in.end();
    return totals;
  });
}

JobTotals job_totals(const Reader& reader) {
  const auto key = job_totals_key();
  const auto value = reader.get(Table::counts, key);
  return value ? decode_job_totals(key, *value) : JobTotals{};
}

void put_job_totals(Writer& writer, const JobTotals& totals) {
  const auto& counts = totals.counts;
  ValueWriter out(version);
  out.u64(counts.ready).u64(counts.running).u64(counts.waiting).u64(counts.done).u64(counts.dead);
  out.u64(totals.last_id);
  writer.put(Table::counts, job_totals_key(), out.take());
}

std::uint64_t& number_of(JobCounts& counts, JobState state) {
  switch (state) {
    case JobState::ready: return counts.ready;
    case JobState::running: return counts.running;
    case JobState::waiting: return counts.waiting;
    case JobState::done: return counts.done;
    case JobState::dead: break;
  }
  return counts.dead;
}

JobCounts job_counts(const Reader& reader) { return job_totals(reader).counts; }

}  // namespace tidemark::storage
