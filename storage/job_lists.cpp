#include <algorithm>

#include "storage/job_rows.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

// Takes jobs newest first until there are enough.
class Page {
 public:
  Page(const Reader& reader, const JobFilter& filter, std::size_t most)
      : reader_(reader), filter_(filter), most_(most) {}

  // False when the page is full.
  bool take(Job job) {
    const bool wanted = (!filter_.state || job.state == *filter_.state) &&
                        (filter_.kind.empty() || job.kind == filter_.kind) &&
                        (filter_.key.empty() || job.key == filter_.key);
    if (wanted) jobs_.push_back(std::move(job));
    return jobs_.size() < most_;
  }
  bool take(std::uint64_t id) { return take(load_job(reader_, id)); }
  std::vector<Job> jobs() { return std::move(jobs_); }

 private:
  const Reader& reader_;
  const JobFilter& filter_;
  std::size_t most_;
  std::vector<Job> jobs_;
};

// An exclusive end for a scan over keys that are `prefix` and an id.
std::string end_of(const std::string& prefix, std::uint64_t before) {
  return before == 0 ? after_prefix(prefix) : prefix + job_key(before);
}

void take_by_key(const Reader& reader, const JobFilter& filter, std::uint64_t before, Page& page) {
  std::vector<std::uint64_t> ids;
  KeyWriter prefix;
  prefix.text(filter.key);
  if (!filter.kind.empty()) prefix.text(filter.kind);
  const auto each = [&](std::string_view key, std::string_view value) {
    const auto id = job_of({Table::job_keys, std::string(key), std::string(value)});
    if (before == 0 || id < before) ids.push_back(id);
    return true;
  };
  reader.scan(Table::job_keys, prefix, after_prefix(prefix), each);
  std::sort(ids.begin(), ids.end(), std::greater<>());
  // An unfinished job has two rows there.
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  for (const auto id : ids) {
    if (!page.take(id)) return;
  }
}

void take_by_state(const Reader& reader, JobState state, std::uint64_t before, Page& page) {
  const auto prefix = state_prefix(state);
  const auto each = [&](std::string_view key, std::string_view value) {
    return page.take(job_of({Table::job_queue, std::string(key), std::string(value)}));
  };
  reader.scan_backwards(Table::job_queue, prefix, end_of(prefix, before), each);
}

void take_all(const Reader& reader, std::uint64_t before, Page& page) {
  const auto each = [&](std::string_view key, std::string_view value) {
    return page.take(decode_job(key, value));
  };
  reader.scan_backwards(Table::jobs, "", end_of("", before), each);
}

}  // namespace

std::vector<Job> list_jobs(const Reader& reader, const JobFilter& filter, std::uint64_t before,
                           std::size_t most) {
  if (most == 0) return {};
  Page page(reader, filter, most);
  if (!filter.key.empty()) {
    take_by_key(reader, filter, before, page);
  } else if (filter.state) {
    take_by_state(reader, *filter.state, before, page);
  } else {
    take_all(reader, before, page);
  }
  return page.jobs();
}

std::size_t prune_jobs(Writer& writer, std::size_t keep) {
  const auto finished = job_counts(writer).done;
  if (finished <= keep) return 0;
  const auto extra = finished - keep;
  std::vector<std::uint64_t> ids;
  const auto prefix = state_prefix(JobState::done);
  const auto each = [&](std::string_view key, std::string_view value) {
    ids.push_back(job_of({Table::job_queue, std::string(key), std::string(value)}));
    return ids.size() < extra;
  };
  writer.scan(Table::job_queue, prefix, after_prefix(prefix), each);
  for (const auto id : ids) {
    const auto job = load_job(writer, id);
    replace_job(writer, &job, nullptr);
  }
  return ids.size();
}

}  // namespace tidemark::storage
