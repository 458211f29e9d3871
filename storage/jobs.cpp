#include "storage/jobs.hpp"

#include <algorithm>
#include <stdexcept>

#include "storage/job_rows.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

// Errors quote what upstreams say; rows stay small whatever that is.
constexpr std::size_t text_bytes_most = 2'000;

std::string clipped(std::string_view text) {
  if (text.size() <= text_bytes_most) return std::string(text);
  auto end = text_bytes_most;
  // Not within a character of UTF-8.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::optional<std::uint64_t> open_job(const Reader& reader, std::string_view kind,
                                      std::string_view key) {
  const auto row_key = open_key(kind, key);
  const auto value = reader.get(Table::job_keys, row_key);
  if (!value) return std::nullopt;
  return job_of({Table::job_keys, row_key, *value});
}

Job held_job(const Reader& reader, std::uint64_t id, std::uint64_t fence) {
  auto job = find_job(reader, id);
  if (!job || job->state != JobState::running || job->fence != fence) throw LostLease(id);
  return std::move(*job);
}

void make_ready(Job& job, std::int64_t now_ms) {
  job.state = JobState::ready;
  job.due_ms = job.updated_ms = now_ms;
  job.wait_reason.clear();
}

Job join(Writer& writer, const Job& before, const Job& asked, std::int64_t now_ms) {
  auto job = before;
  job.priority = std::min(job.priority, asked.priority);
  if (job.state == JobState::ready) job.due_ms = std::min(job.due_ms, asked.due_ms);
  if (job.state == JobState::running) job.again = true;
  job.updated_ms = now_ms;
  replace_job(writer, &before, &job);
  return job;
}

}  // namespace

std::string_view name_of(JobState state) {
  switch (state) {
    case JobState::ready: return "ready";
    case JobState::running: return "running";
    case JobState::waiting: return "waiting";
    case JobState::done: return "done";
    case JobState::dead: return "dead";
  }
  return "?";
}

Enqueued enqueue_job(Writer& writer, Job job, std::int64_t now_ms) {
  if (job.kind.empty()) throw std::invalid_argument("a job needs a kind");
  if (job.due_ms == 0) job.due_ms = now_ms;
  if (const auto id = open_job(writer, job.kind, job.key))
    return {join(writer, load_job(writer, *id), job, now_ms), true};
  Job fresh;
  fresh.id = job_totals(writer).last_id + 1;
  fresh.kind = std::move(job.kind);
  fresh.key = std::move(job.key);
  fresh.priority = job.priority;
  fresh.due_ms = job.due_ms;
  fresh.progress = std::move(job.progress);
  fresh.created_ms = fresh.updated_ms = now_ms;
  replace_job(writer, nullptr, &fresh);
  return {std::move(fresh), false};
}

std::optional<Job> find_job(const Reader& reader, std::uint64_t id) {
  const auto key = job_key(id);
  const auto value = reader.get(Table::jobs, key);
  if (!value) return std::nullopt;
  return decode_job(key, *value);
}

std::optional<Job> find_job(const Reader& reader, std::string_view kind, std::string_view key) {
  std::optional<std::uint64_t> id;
  const auto prefix = past_prefix(kind, key);
  const auto last = [&](std::string_view row_key, std::string_view value) {
    id = job_of({Table::job_keys, std::string(row_key), std::string(value)});
    return false;
  };
  reader.scan_backwards(Table::job_keys, prefix, after_prefix(prefix), last);
  if (!id) return std::nullopt;
  return load_job(reader, *id);
}

void check_lease(const Reader& reader, std::uint64_t id, std::uint64_t fence) {
  (void)held_job(reader, id, fence);
}

void set_progress(Writer& writer, std::uint64_t id, std::uint64_t fence, const Progress& progress,
                  std::int64_t now_ms) {
  const auto before = held_job(writer, id, fence);
  auto job = before;
  job.progress = progress;
  job.updated_ms = now_ms;
  replace_job(writer, &before, &job);
}

void suspend_job(Writer& writer, std::uint64_t id, std::uint64_t fence, std::int64_t until_ms,
                 std::string_view reason, std::int64_t now_ms) {
  const auto before = held_job(writer, id, fence);
  auto job = before;
  job.state = JobState::waiting;
  job.due_ms = until_ms;
  job.wait_reason = clipped(reason);
  // A run that came as far as a wait worked: failures of a long sync do not add up over weeks.
  job.attempts = 0;
  ++job.suspensions;
  job.updated_ms = now_ms;
  replace_job(writer, &before, &job);
}

void finish_job(Writer& writer, std::uint64_t id, std::uint64_t fence, std::int64_t now_ms) {
  const auto before = held_job(writer, id, fence);
  auto job = before;
  job.attempts = 0;
  job.last_error.clear();
  job.updated_ms = now_ms;
  if (job.again) {
    job.again = false;
    job.progress = {};
    make_ready(job, now_ms);
  } else {
    job.state = JobState::done;
    job.finished_ms = now_ms;
  }
  replace_job(writer, &before, &job);
}

void fail_job(Writer& writer, std::uint64_t id, std::uint64_t fence, std::string_view error,
              std::optional<std::int64_t> retry_ms, std::int64_t now_ms) {
  const auto before = held_job(writer, id, fence);
  auto job = before;
  ++job.attempts;
  job.last_error = clipped(error);
  job.updated_ms = now_ms;
  if (retry_ms) {
    job.state = JobState::waiting;
    job.due_ms = *retry_ms;
    job.wait_reason = clipped("to be tried again after an error: " + job.last_error);
  } else {
    job.state = JobState::dead;
    job.again = false;
    job.finished_ms = now_ms;
  }
  replace_job(writer, &before, &job);
}

std::size_t reclaim_jobs(Writer& writer, std::int64_t now_ms) {
  std::vector<std::uint64_t> ids;
  const auto prefix = state_prefix(JobState::running);
  const auto each = [&](std::string_view key, std::string_view value) {
    ids.push_back(job_of({Table::job_queue, std::string(key), std::string(value)}));
    return true;
  };
  writer.scan(Table::job_queue, prefix, after_prefix(prefix), each);
  for (const auto id : ids) {
    const auto before = load_job(writer, id);
    auto job = before;
    make_ready(job, now_ms);
    replace_job(writer, &before, &job);
  }
  return ids.size();
}

bool requeue_job(Writer& writer, std::uint64_t id, std::int64_t now_ms) {
  const auto before = find_job(writer, id);
  if (!before || before->state == JobState::running || before->state == JobState::done)
    return false;
  const auto open = open_job(writer, before->kind, before->key);
  if (open && *open != id) return false;
  auto job = *before;
  make_ready(job, now_ms);
  if (before->state == JobState::dead) {
    job.attempts = 0;
    job.finished_ms = 0;
  }
  replace_job(writer, &*before, &job);
  return true;
}

bool drop_job(Writer& writer, std::uint64_t id) {
  const auto job = find_job(writer, id);
  if (!job || job->state == JobState::running) return false;
  replace_job(writer, &*job, nullptr);
  return true;
}

void cancel_jobs(Writer& writer, std::string_view kind, std::string_view key) {
  const auto id = open_job(writer, kind, key);
  if (!id) return;
  const auto job = load_job(writer, *id);
  replace_job(writer, &job, nullptr);
}

}  // namespace tidemark::storage
