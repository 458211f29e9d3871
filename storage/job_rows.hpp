#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"
#include "storage/jobs.hpp"

// Private to this room: the rows that a job consists of, and the one function that changes them.

namespace tidemark::storage {

// The forms of rows in the two index tables. On disk: never change a number.
enum class JobKeyForm : std::uint8_t {
  open = 1,  // the one unfinished job of a key and kind
  past = 2,  // every job of a key and kind
};
enum class JobQueueForm : std::uint8_t {
  group = 1,  // a priority and kind that was ever queued, with its lower bound
  entry = 2,  // a ready or waiting job
  state = 3,  // every job by its state
};

[[nodiscard]] std::string job_key(std::uint64_t id);
[[nodiscard]] std::string encode_job(const Job& job);
[[nodiscard]] Job decode_job(std::string_view key, std::string_view value);
[[nodiscard]] bool unfinished(JobState state);
[[nodiscard]] bool queued(JobState state);

struct IndexRow {
  Table table = Table::job_keys;
  std::string key, value;
  friend auto operator<=>(const IndexRow&, const IndexRow&) = default;
};
// All index rows of a job, in no order that matters. Those and no others may name it.
[[nodiscard]] std::vector<IndexRow> index_rows_of(const Job& job);
// The job that an index row names. Not for rows of JobQueueForm::group.
[[nodiscard]] std::uint64_t job_of(const IndexRow& row);
// Decodes an index row of any form; throws CorruptRecord that names it.
void check_index_row(Table table, std::string_view key, std::string_view value);

[[nodiscard]] std::string open_key(std::string_view kind, std::string_view key);
[[nodiscard]] std::string past_prefix(std::string_view kind, std::string_view key);
[[nodiscard]] std::string state_prefix(JobState state);

// The counts of jobs with the highest id ever given, which must not fall when a job is removed: a
// run that lost its job would hold a lease on the next one.
struct JobTotals {
  JobCounts counts;
  std::uint64_t last_id = 0;
};
[[nodiscard]] std::string job_totals_key();
[[nodiscard]] JobTotals decode_job_totals(std::string_view key, std::string_view value);
[[nodiscard]] JobTotals job_totals(const Reader& reader);
void put_job_totals(Writer& writer, const JobTotals& totals);
[[nodiscard]] std::uint64_t& number_of(JobCounts& counts, JobState state);

// Replaces the row of a job, its index rows, its place in the queue and the counts. `before` is
// what the store holds, nullptr for a new job; `after` is nullptr to remove it.
void replace_job(Writer& writer, const Job* before, const Job* after);
// Throws CorruptRecord when an index names a job that is not there.
[[nodiscard]] Job load_job(const Reader& reader, std::uint64_t id);
// Every job of that key, whatever its kind and state, also a running one; how many there were.
std::size_t erase_jobs_of_key(Writer& writer, std::string_view key);

}  // namespace tidemark::storage
