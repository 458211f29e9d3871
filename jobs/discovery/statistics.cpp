#include "jobs/discovery/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "jobs/discovery/context.hpp"

namespace tidemark::jobs::discovery {
namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t minutes_shown = 5;

void add_speed(Status& status, const Crawl& crawl, std::int64_t now_ms) {
  const std::int64_t now_minute = now_ms / minute_ms;
  std::uint64_t found = 0, read = 0, edges = 0;
  for (const Minute& each : crawl.minutes) {
    if (each.minute <= now_minute - minutes_shown || each.minute > now_minute) continue;
    found += each.found;
    read += each.read;
    edges += each.edges;
  }
  // The first minutes are not five yet; a first answer alone says little of a whole minute.
  const std::int64_t whole_ms = (minutes_shown - 1) * minute_ms + now_ms % minute_ms;
  const std::int64_t span_ms = std::clamp(now_ms - crawl.started_ms, minute_ms / 6, whole_ms + 1);
  const double minutes = static_cast<double>(span_ms) / static_cast<double>(minute_ms);
  status.found_per_minute = static_cast<double>(found) / minutes;
  status.read_per_minute = static_cast<double>(read) / minutes;
  status.edges_per_minute = static_cast<double>(edges) / minutes;
}

std::string why_fewer(const Adaptation& adaptation, std::size_t allowed, std::size_t most,
                      std::int64_t now_ms) {
  if (allowed >= most) return {};
  const bool by_lists = allowed < parents_allowed(adaptation, most, now_ms);
  if (adaptation.truncates_at != 0 && allowed < adaptation.parents && !by_lists) {
    return fmt::format("lists came short when {} accounts were asked for at once",
                       adaptation.truncates_at);
  }
  return "larger questions were too heavy or too slow for GitHub";
}

}  // namespace

Minute& minute_of(Crawl& crawl, std::int64_t now_ms) {
  const std::int64_t now_minute = now_ms / minute_ms;
  const auto same = std::find_if(crawl.minutes.begin(), crawl.minutes.end(),
                                 [&](const Minute& each) { return each.minute == now_minute; });
  if (same != crawl.minutes.end()) return *same;
  auto& oldest = *std::min_element(
      crawl.minutes.begin(), crawl.minutes.end(),
      [](const Minute& left, const Minute& right) { return left.minute < right.minute; });
  oldest = Minute{};
  oldest.minute = now_minute;
  return oldest;
}

void begin_counting(Crawl& crawl, std::int64_t now_ms) {
  crawl.started_ms = now_ms;
  crawl.found = crawl.read = crawl.edges = crawl.repositories = crawl.ended = 0;
  crawl.points = crawl.requests = 0;
  crawl.minutes = {};
}

storage::Progress progress_of(const storage::graph::Totals& totals) {
  return storage::Progress{totals.read, totals.read + totals.unread, "users"};
}

Status read_status(const storage::Reader& reader, std::size_t parents_most, std::int64_t now_ms) {
  const Crawl crawl = load_crawl(reader);
  Status status;
  status.totals = storage::graph::totals(reader);
  status.job = storage::find_job(reader, discovery_kind, job_key);
  status.anonymous = crawl.anonymous;
  status.viewer_login = crawl.viewer_login;
  status.quota_owner = quota_owner(crawl);
  status.started_ms = crawl.started_ms;
  status.found = crawl.found;
  status.read = crawl.read;
  status.edges = crawl.edges;
  status.repositories = crawl.repositories;
  status.ended = crawl.ended;
  status.points = crawl.points;
  status.requests = crawl.requests;
  if (crawl.points > 0) {
    status.read_per_point = static_cast<double>(crawl.read) / static_cast<double>(crawl.points);
  }
  add_speed(status, crawl, now_ms);
  status.unread = status.totals.unread;
  status.parents = whole_parents_allowed(crawl.adaptation, parents_most, now_ms);
  status.points_needed = (status.unread + status.parents - 1) / status.parents;
  status.parents_reason = why_fewer(crawl.adaptation, status.parents, parents_most, now_ms);
  for (const Batch& batch : crawl.batches) status.unconfirmed += batch.accounts.size();
  status.by_rest = crawl.by_rest;
  for (const List list : storage::graph::all_lists) {
    status.capabilities[static_cast<std::size_t>(list) - 1] = find_capability(reader, list);
  }
  return status;
}

}  // namespace tidemark::jobs::discovery
