#include "storage/job_queue.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "storage/job_rows.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

KeyWriter group_prefix(JobQueueForm form, std::uint32_t priority, std::string_view kind) {
  KeyWriter key;
  key.u8(static_cast<std::uint8_t>(form)).u32(priority).text(kind);
  return key;
}

void put_group(Writer& writer, const QueueGroup& group) {
  ValueWriter out(version);
  out.i64(group.bound.due_ms).u64(group.bound.id);
  writer.put(Table::job_queue, group_key(group.priority, group.kind), out.take());
}

std::optional<QueueGroup> find_group(const Reader& reader, const Job& job) {
  const auto key = group_key(job.priority, job.kind);
  const auto value = reader.get(Table::job_queue, key);
  if (!value) return std::nullopt;
  return decode_group(key, *value);
}

std::vector<QueueGroup> list_groups(const Reader& reader) {
  std::vector<QueueGroup> groups;
  const auto prefix = KeyWriter().u8(static_cast<std::uint8_t>(JobQueueForm::group)).bytes();
  const auto each = [&](std::string_view key, std::string_view value) {
    groups.push_back(decode_group(key, value));
    return true;
  };
  reader.scan(Table::job_queue, prefix, after_prefix(prefix), each);
  return groups;
}

std::optional<QueuePlace> head_of(const Reader& reader, const QueueGroup& group) {
  std::optional<QueuePlace> head;
  const auto prefix = group_prefix(JobQueueForm::entry, group.priority, group.kind);
  const auto from = KeyWriter(prefix).i64(group.bound.due_ms).u64(group.bound.id).bytes();
  const auto first = [&](std::string_view key, std::string_view) {
    head = decoded(Table::job_queue, key, [&] {
      KeyReader place(key.substr(prefix.bytes().size()));
      const auto due_ms = place.i64();
      const auto id = place.u64();
      place.end();
      return QueuePlace{due_ms, id};
    });
    return false;
  };
  reader.scan(Table::job_queue, from, after_prefix(prefix), first);
  return head;
}

}  // namespace

std::string entry_key(const Job& job) {
  auto key = group_prefix(JobQueueForm::entry, job.priority, job.kind);
  return key.i64(job.due_ms).u64(job.id).bytes();
}

std::string group_key(std::uint32_t priority, std::string_view kind) {
  return group_prefix(JobQueueForm::group, priority, kind).bytes();
}

QueueGroup decode_group(std::string_view key, std::string_view value) {
  return decoded(Table::job_queue, key, [&] {
    KeyReader place(key);
    QueueGroup group;
    (void)enumerated(place.u8(), JobQueueForm::group, JobQueueForm::group);
    group.priority = place.u32();
    group.kind = place.text();
    place.end();
    ValueReader in(value, version, "job group");
    group.bound.due_ms = in.i64();
    group.bound.id = in.u64();
    in.end();
    return group;
  });
}

void join_queue(Writer& writer, const Job& job) {
  const QueuePlace place{job.due_ms, job.id};
  const auto group = find_group(writer, job);
  if (group && group->bound <= place) return;
  put_group(writer, {job.priority, job.kind, place});
}

void leave_queue(Writer& writer, const Job& job) {
  const QueuePlace place{job.due_ms, job.id};
  const auto group = find_group(writer, job);
  // Only the head can raise the bound: behind another one there may be more.
  if (!group || group->bound == place || head_of(writer, *group) != place) return;
  put_group(writer, {job.priority, job.kind, place});
}

std::optional<std::int64_t> next_due_ms(
    const Reader& reader, const std::function<bool(const std::string& kind)>& accepts) {
  std::optional<std::int64_t> next;
  for (const auto& group : list_groups(reader)) {
    if (accepts && !accepts(group.kind)) continue;
    const auto head = head_of(reader, group);
    if (head && (!next || head->due_ms < *next)) next = head->due_ms;
  }
  return next;
}

std::optional<Job> claim_job(Writer& writer, std::int64_t now_ms,
                             const std::function<bool(const Job&)>& accepts) {
  std::vector<std::pair<std::uint32_t, QueuePlace>> heads;
  for (const auto& group : list_groups(writer)) {
    const auto head = head_of(writer, group);
    if (head && head->due_ms <= now_ms) heads.emplace_back(group.priority, *head);
  }
  std::sort(heads.begin(), heads.end());
  for (const auto& [priority, place] : heads) {
    const auto before = load_job(writer, place.id);
    if (!accepts(before)) continue;
    auto job = before;
    job.state = JobState::running;
    job.wait_reason.clear();
    ++job.fence;
    job.started_ms = job.updated_ms = now_ms;
    replace_job(writer, &before, &job);
    return job;
  }
  return std::nullopt;
}

}  // namespace tidemark::storage
