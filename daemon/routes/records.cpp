#include <fmt/format.h>

#include <algorithm>

#include "daemon/routes/answers.hpp"
#include "daemon/time_text.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

bool unfinished(const storage::Job& job) {
  return job.state != storage::JobState::done && job.state != storage::JobState::dead;
}

json::value wait_json(const storage::Job& job, std::int64_t now_ms, const Clean& clean) {
  if (job.state != storage::JobState::waiting) return nullptr;
  json::object wait;
  wait["reason"] = clean(job.wait_reason);
  wait["text"] = clean(wait_text(job.wait_reason, job.due_ms, now_ms));
  add_time(wait, "until", job.due_ms);
  return wait;
}

json::value progress_json(std::uint64_t done, std::uint64_t total, std::string_view unit) {
  if (total == 0) return nullptr;
  json::object progress;
  progress["done"] = done;
  progress["total"] = total;
  progress["unit"] = unit;
  const double share = static_cast<double>(std::min(done, total)) / static_cast<double>(total);
  // 100 only when all is done.
  progress["percent"] = static_cast<std::uint64_t>(share * 100);
  return progress;
}

// From the first week known to the present one.
std::uint64_t weeks_known(const storage::Member& member, std::int64_t now_ms) {
  if (!member.first_week) return 0;
  const auto weeks = storage::Week::of(now_ms / 1000) - *member.first_week + 1;
  return weeks > 0 ? static_cast<std::uint64_t>(weeks) : 0;
}

// Between runs: how many of the weeks that are over are known, as the sync counts them.
json::value known_json(const storage::Member& member, std::int64_t now_ms) {
  if (!member.first_week || !member.known_until) return nullptr;
  const auto over = std::max(0, storage::Week::of(now_ms / 1000) - *member.first_week);
  const auto known = std::clamp(*member.known_until - *member.first_week, 0, over);
  return progress_json(static_cast<std::uint64_t>(known), static_cast<std::uint64_t>(over),
                       "weeks");
}

json::object week_counts_json(const storage::WeekCounts& weeks, std::uint64_t total) {
  const std::uint64_t rows = weeks.partial + weeks.complete + weeks.uploaded;
  json::object counts;
  counts["unknown"] = total > rows ? total - rows : 0;
  counts["partial"] = weeks.partial;
  counts["complete"] = weeks.complete;
  counts["uploaded"] = weeks.uploaded;
  return counts;
}

}  // namespace

json::object job_json(const storage::Job& job, std::int64_t now_ms, const Clean& clean) {
  json::object object;
  object["id"] = job.id;
  object["kind"] = job.kind;
  object["key"] = job.key;
  object["state"] = storage::name_of(job.state);
  object["priority"] = job.priority;
  object["progress"] = progress_json(job.progress.done, job.progress.total, job.progress.unit);
  object["wait"] = wait_json(job, now_ms, clean);
  object["attempts"] = job.attempts;
  object["suspensions"] = job.suspensions;
  object["last_error"] = text_or_null(clean(job.last_error));
  add_time(object, "created", job.created_ms);
  add_time(object, "updated", job.updated_ms);
  add_time(object, "started", job.started_ms);
  add_time(object, "finished", job.finished_ms);
  return object;
}

json::object member_json(const storage::Member& member, const storage::WeekCounts& weeks,
                         const std::optional<storage::Job>& job, std::int64_t now_ms,
                         const Clean& clean) {
  const std::uint64_t total = weeks_known(member, now_ms);
  json::object object;
  object["id"] = member.id;
  object["state"] = storage::name_of(member.state);
  object["state_reason"] = text_or_null(clean(member.state_reason));
  object["login"] = text_or_null(member.login);
  if (member.github_id == 0) {
    object["github_id"] = nullptr;
  } else {
    object["github_id"] = member.github_id;
  }
  object["weeks"] = week_counts_json(weeks, total);
  object["commits"] = weeks.commits;
  object["additions"] = weeks.additions;
  object["deletions"] = weeks.deletions;
  object["first_week"] = text_or_null(member.first_week ? member.first_week->text() : "");
  object["progress"] = known_json(member, now_ms);
  object["job"] = nullptr;
  object["wait"] = nullptr;
  if (job) {
    object["job"] = {{"id", job->id}, {"state", storage::name_of(job->state)}};
    object["wait"] = wait_json(*job, now_ms, clean);
    if (unfinished(*job) && job->progress.total > 0) {
      object["progress"] =
          progress_json(job->progress.done, job->progress.total, job->progress.unit);
    }
  }
  object["last_error"] = text_or_null(clean(member.last_error));
  add_time(object, "last_error_at", member.last_error_ms);
  add_time(object, "added", member.added_ms);
  add_time(object, "last_synced", member.last_synced_ms);
  return object;
}

}  // namespace tidemark::daemon
