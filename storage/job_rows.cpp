#include "storage/job_rows.hpp"

#include "storage/job_queue.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t job_version = 1;
constexpr std::uint8_t index_version = 1;

std::string plain_value() { return ValueWriter(index_version).take(); }

}  // namespace

std::string job_key(std::uint64_t id) { return KeyWriter().u64(id).bytes(); }

bool queued(JobState state) { return state == JobState::ready || state == JobState::waiting; }

bool unfinished(JobState state) { return queued(state) || state == JobState::running; }

std::string encode_job(const Job& job) {
  ValueWriter out(job_version);
  out.text(job.kind).text(job.key).u64(static_cast<std::uint64_t>(job.state));
  out.u64(job.priority).i64(job.due_ms).text(job.wait_reason);
  out.u64(job.attempts).u64(job.fence);
  out.u64(job.progress.done).u64(job.progress.total).text(job.progress.unit);
  out.text(job.last_error).i64(job.created_ms).i64(job.updated_ms);
  out.i64(job.started_ms).i64(job.finished_ms).u64(job.suspensions).boolean(job.again);
  return out.take();
}

Job decode_job(std::string_view key, std::string_view value) {
  return decoded(Table::jobs, key, [&] {
    Job job;
    KeyReader place(key);
    job.id = place.u64();
    place.end();
    ValueReader in(value, job_version, "job");
    job.kind = in.text();
    job.key = in.text();
    job.state = enumerated(in.u64(), JobState::ready, JobState::dead);
    job.priority = narrowed<std::uint32_t>(in.u64());
    job.due_ms = in.i64();
    job.wait_reason = in.text();
    job.attempts = narrowed<std::uint32_t>(in.u64());
    job.fence = in.u64();
    job.progress.done = in.u64();
    job.progress.total = in.u64();
    job.progress.unit = in.text();
    job.last_error = in.text();
    job.created_ms = in.i64();
    job.updated_ms = in.i64();
    job.started_ms = in.i64();
    job.finished_ms = in.i64();
    job.suspensions = narrowed<std::uint32_t>(in.u64());
    job.again = in.boolean();
    in.end();
    return job;
  });
}

std::string open_key(std::string_view kind, std::string_view key) {
  KeyWriter out;
  out.text(key).text(kind).u8(static_cast<std::uint8_t>(JobKeyForm::open));
  return out.bytes();
}

std::string past_prefix(std::string_view kind, std::string_view key) {
  KeyWriter out;
  out.text(key).text(kind).u8(static_cast<std::uint8_t>(JobKeyForm::past));
  return out.bytes();
}

std::string state_prefix(JobState state) {
  KeyWriter out;
  out.u8(static_cast<std::uint8_t>(JobQueueForm::state)).u8(static_cast<std::uint8_t>(state));
  return out.bytes();
}

std::vector<IndexRow> index_rows_of(const Job& job) {
  const auto id = KeyWriter().u64(job.id).bytes();
  std::vector<IndexRow> rows;
  rows.push_back({Table::job_keys, past_prefix(job.kind, job.key) + id, plain_value()});
  if (unfinished(job.state)) {
    auto value = ValueWriter(index_version).u64(job.id).take();
    rows.push_back({Table::job_keys, open_key(job.kind, job.key), std::move(value)});
  }
  rows.push_back({Table::job_queue, state_prefix(job.state) + id, plain_value()});
  if (queued(job.state)) rows.push_back({Table::job_queue, entry_key(job), plain_value()});
  return rows;
}

std::uint64_t job_of(const IndexRow& row) {
  return decoded(row.table, row.key, [&] {
    KeyReader place(row.key);
    ValueReader in(row.value, index_version, "job index");
    std::uint64_t id = 0;
    if (row.table == Table::job_keys) {
      place.text();
      place.text();
      const auto form = enumerated(place.u8(), JobKeyForm::open, JobKeyForm::past);
      id = form == JobKeyForm::open ? in.u64() : place.u64();
    } else if (enumerated(place.u8(), JobQueueForm::entry, JobQueueForm::state) ==
               JobQueueForm::state) {
      (void)enumerated(place.u8(), JobState::ready, JobState::dead);
      id = place.u64();
    } else {
      place.u32();
      place.text();
      place.i64();
      id = place.u64();
    }
    place.end();
    in.end();
    return id;
  });
}

void check_index_row(Table table, std::string_view key, std::string_view value) {
  const bool is_group = table == Table::job_queue && !key.empty() &&
                        key.front() == static_cast<char>(JobQueueForm::group);
  if (is_group) {
    (void)decode_group(key, value);
  } else {
    (void)job_of({table, std::string(key), std::string(value)});
  }
}

}  // namespace tidemark::storage
