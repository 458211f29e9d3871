#include <algorithm>

#include "storage/job_queue.hpp"
#include "storage/job_rows.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

void move_counts(Writer& writer, const Job* before, const Job* after) {
  if (before != nullptr && after != nullptr && before->state == after->state) return;
  auto totals = job_totals(writer);
  if (before != nullptr) --number_of(totals.counts, before->state);
  if (after != nullptr) {
    ++number_of(totals.counts, after->state);
    totals.last_id = std::max(totals.last_id, after->id);
  }
  put_job_totals(writer, totals);
}

void move_queue_place(Writer& writer, const Job* before, const Job* after) {
  const bool was = before != nullptr && queued(before->state);
  const bool is = after != nullptr && queued(after->state);
  if (was && is && entry_key(*before) == entry_key(*after)) return;
  if (was) leave_queue(writer, *before);
  if (is) join_queue(writer, *after);
}

bool holds(const std::vector<IndexRow>& rows, const IndexRow& row) {
  return std::find(rows.begin(), rows.end(), row) != rows.end();
}

}  // namespace

void replace_job(Writer& writer, const Job* before, const Job* after) {
  // The place in the queue first: its lower bound is found from the entries that are there.
  move_queue_place(writer, before, after);
  const auto old_rows = before != nullptr ? index_rows_of(*before) : std::vector<IndexRow>{};
  const auto new_rows = after != nullptr ? index_rows_of(*after) : std::vector<IndexRow>{};
  for (const auto& row : old_rows) {
    if (!holds(new_rows, row)) writer.erase(row.table, row.key);
  }
  for (const auto& row : new_rows) {
    if (!holds(old_rows, row)) writer.put(row.table, row.key, row.value);
  }
  if (after != nullptr) {
    writer.put(Table::jobs, job_key(after->id), encode_job(*after));
  } else if (before != nullptr) {
    writer.erase(Table::jobs, job_key(before->id));
  }
  move_counts(writer, before, after);
}

Job load_job(const Reader& reader, std::uint64_t id) {
  auto job = find_job(reader, id);
  if (!job) {
    const auto why = std::string("an index names it, but the row is not there") + damage_remedy;
    throw_corrupt(Table::jobs, job_key(id), why);
  }
  return std::move(*job);
}

std::size_t erase_jobs_of_key(Writer& writer, std::string_view key) {
  std::vector<std::uint64_t> ids;
  const auto prefix = KeyWriter().text(key).bytes();
  const auto each = [&](std::string_view row_key, std::string_view value) {
    ids.push_back(job_of({Table::job_keys, std::string(row_key), std::string(value)}));
    return true;
  };
  writer.scan(Table::job_keys, prefix, after_prefix(prefix), each);
  for (const auto id : ids) {
    // An unfinished job has two rows there.
    if (const auto job = find_job(writer, id)) replace_job(writer, &*job, nullptr);
  }
  return ids.size();
}

}  // namespace tidemark::storage
