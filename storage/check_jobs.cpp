#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "storage/check_report.hpp"
#include "storage/job_queue.hpp"
#include "storage/job_rows.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr const char* restore = "restore a backup; until then this job may be late or run twice";

std::string described(const Job& job) {
  return fmt::format("job {} ({}, \"{}\", {})", job.id, job.kind, job.key, name_of(job.state));
}

// From the jobs to their index rows.
JobTotals check_job_rows(const Reader& reader, CheckReport& report) {
  JobTotals recount;
  const auto each = [&](std::string_view, const Job& job) {
    ++number_of(recount.counts, job.state);
    recount.last_id = std::max(recount.last_id, job.id);
    for (const auto& row : index_rows_of(job)) {
      const auto value = reader.get(row.table, row.key);
      if (value == row.value) continue;
      add_problem(report, fmt::format("{}: it {} {}; {}", readable(row.table, row.key),
                                      value ? "does not stand for" : "is missing for",
                                      described(job), restore));
    }
  };
  each_decodable(reader, Table::jobs, "", "", decode_job, each);
  return recount;
}

// From the index rows to their jobs.
void check_index_rows(const Reader& reader, Table table, CheckReport& report) {
  const auto decode = [&](std::string_view key, std::string_view value) {
    IndexRow row{table, std::string(key), std::string(value)};
    return std::pair(job_of(row), row);
  };
  const auto each = [&](std::string_view key, const std::pair<std::uint64_t, IndexRow>& found) {
    const auto& [id, row] = found;
    const auto value = reader.get(Table::jobs, job_key(id));
    if (!value) {
      add_problem(report, fmt::format("{}: it names job {}, which is not there; {}",
                                      readable(table, key), id, restore));
      return;
    }
    try {
      const auto rows = index_rows_of(decode_job(job_key(id), *value));
      if (std::find(rows.begin(), rows.end(), row) != rows.end()) return;
    } catch (const StoreError&) {
      return;  // reported as a row of its own
    }
    add_problem(report, fmt::format("{}: job {} does not belong there; {}", readable(table, key),
                                    id, restore));
  };
  // Groups are no rows of jobs: job_of refuses them, and so they are passed over.
  each_decodable(reader, table, "", "", decode, each);
}

// Whatever waits must not lie before the bound of its group, nor in a group that is not there.
void check_groups(const Reader& reader, CheckReport& report) {
  const auto each = [&](std::string_view, const Job& job) {
    if (!queued(job.state)) return;
    const auto key = group_key(job.priority, job.kind);
    const auto value = reader.get(Table::job_queue, key);
    if (!value) {
      add_problem(report, fmt::format("{}: it is missing, so that {} is never claimed; {}",
                                      readable(Table::job_queue, key), described(job), restore));
      return;
    }
    try {
      if (decode_group(key, *value).bound <= QueuePlace{job.due_ms, job.id}) return;
    } catch (const StoreError&) {
      return;
    }
    add_problem(report, fmt::format("{}: its bound hides {}, which is never claimed; {}",
                                    readable(Table::job_queue, key), described(job), restore));
  };
  each_decodable(reader, Table::jobs, "", "", decode_job, each);
}

}  // namespace

void check_jobs(const Reader& reader, CheckReport& report) {
  const auto recount = check_job_rows(reader, report);
  check_index_rows(reader, Table::job_keys, report);
  check_index_rows(reader, Table::job_queue, report);
  check_groups(reader, report);
  JobTotals stored;
  try {
    stored = job_totals(reader);
  } catch (const StoreError&) {
    return;
  }
  const auto name = readable(Table::counts, job_totals_key());
  if (stored.counts != recount.counts)
    add_problem(report, name + ": the counts of jobs are not those of the jobs table; restore a " +
                            "backup");
  if (stored.last_id < recount.last_id)
    add_problem(report, fmt::format("{}: ids are given from {} on, but job {} is there; restore a "
                                    "backup",
                                    name, stored.last_id + 1, recount.last_id));
}

}  // namespace tidemark::storage
