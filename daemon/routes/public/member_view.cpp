#include "daemon/routes/public/member_view.hpp"

#include <algorithm>

#include "jobs/sync/sync_job.hpp"

namespace tidemark::daemon {

using pages::Cell;
using pages::CellState;
using pages::MemberView;
using storage::JobState;
using storage::MemberState;
using storage::Week;
using storage::WeekState;

namespace {

constexpr std::int32_t years_most = 60;  // Git's own dates begin in 1970

bool is_unfinished(const std::optional<storage::Job>& job) {
  return job && job->state != JobState::done && job->state != JobState::dead;
}

// A year without any activity makes no file: its weeks are never uploaded, nor do they wait for it.
bool is_quiet(const storage::WeekRecord& record) {
  return record.state == WeekState::complete && record.commits + record.others == 0;
}

CellState state_of(const storage::WeekRecord& record, bool is_now) {
  switch (record.state) {
    case WeekState::partial: return is_now ? CellState::current : CellState::partial;
    case WeekState::uploaded: return CellState::uploaded;
    case WeekState::complete: return is_quiet(record) ? CellState::quiet : CellState::known;
  }
  return CellState::unknown;
}

Cell cell_of(const MemberReading& reading, Week week, Week now, bool unfinished,
             const std::function<std::string(std::string_view)>& clean) {
  Cell cell;
  const auto row = reading.weeks.find(week);
  if (row != reading.weeks.end()) {
    cell.state = state_of(row->second, week == now);
    cell.commits = row->second.commits;
    cell.others = row->second.others;
    cell.reason = clean(row->second.reason);
  } else if (week > now) {
    cell.state = CellState::future;
  } else if (reading.member.first_week && week < *reading.member.first_week) {
    cell.state = CellState::before;
  } else if (week == now && !unfinished) {
    cell.state = CellState::current;  // nothing has happened in it yet
  } else if (unfinished && reading.member.first_week) {
    cell.state = CellState::waiting;
  }
  return cell;
}

void add_years(MemberView& view, const MemberReading& reading, Week now,
               const std::function<std::string(std::string_view)>& clean) {
  if (!reading.member.first_week) return;
  const bool unfinished = is_unfinished(reading.job);
  const int newest = now.year();
  const int oldest = std::max(reading.member.first_week->year(), newest - years_most);
  for (int year = newest; year >= oldest; --year) {
    pages::Year row;
    row.year = year;
    for (Week week = Week::first_of(year); week <= Week::last_of(year); ++week) {
      row.weeks.push_back(cell_of(reading, week, now, unfinished, clean));
    }
    view.years.push_back(std::move(row));
  }
}

void add_counts(MemberView& view, const MemberReading& reading, Week now) {
  view.weeks_uploaded = reading.counts.uploaded;
  view.weeks_known = reading.counts.complete;
  view.weeks_partial = reading.counts.partial;
  for (const auto& [week, record] : reading.weeks) {
    if (is_quiet(record)) --view.weeks_known;
    if (week == now && record.state == WeekState::partial) --view.weeks_partial;
  }
  view.commits = reading.counts.commits;
  view.additions = reading.counts.additions;
  view.deletions = reading.counts.deletions;
}

// Of several things that are true at once, the one that a person must know.
void add_activity(MemberView& view, const MemberReading& reading,
                  const std::function<std::string(std::string_view)>& clean) {
  using Activity = MemberView::Activity;
  const auto& member = reading.member;
  if (member.state == MemberState::not_connected) {
    view.activity = Activity::not_connected;
    return;
  }
  if (member.state == MemberState::needs_sign_in) {
    view.activity = Activity::needs_sign_in;
    view.sentence = clean(member.state_reason);
    view.sign_in_is_github = !needs_openhumans(member);
    return;
  }
  if (!reading.job) return;
  const storage::Job& job = *reading.job;
  view.weeks_done = job.progress.done;
  view.weeks_total = job.progress.total;
  switch (job.state) {
    case JobState::ready: view.activity = Activity::queued; return;
    case JobState::running: view.activity = Activity::running; return;
    case JobState::waiting:
      view.activity = Activity::waiting;
      view.sentence = clean(job.wait_reason.empty() ? job.last_error : job.wait_reason);
      view.until_ms = job.due_ms;
      return;
    case JobState::done: view.activity = Activity::idle; return;
    case JobState::dead:
      view.activity = Activity::failed;
      view.sentence = clean(job.last_error);
      return;
  }
}

void add_update(MemberView& view, const MemberReading& reading, std::int64_t cooldown_ms) {
  const auto& member = reading.member;
  view.cooldown_minutes = cooldown_ms / 60'000;
  view.update_again_ms = update_again_ms(member, view.now_ms, cooldown_ms);
  view.may_update = member.state == MemberState::active && view.update_again_ms == 0 &&
                    !is_unfinished(reading.job);
}

}  // namespace

bool needs_openhumans(const storage::Member& member) {
  return member.state == MemberState::needs_sign_in &&
         member.state_reason.find("GitHub") == std::string::npos;
}

// A last time that is still to come was told by a clock that has been set back since.
std::int64_t update_again_ms(const storage::Member& member, std::int64_t now_ms,
                             std::int64_t cooldown_ms) {
  const std::int64_t asked_ms = member.update_asked_ms;
  const bool cools = asked_ms != 0 && asked_ms <= now_ms && now_ms < asked_ms + cooldown_ms;
  return cools ? asked_ms + cooldown_ms : 0;
}

std::optional<MemberReading> read_member_page(const storage::Reader& reader,
                                              const std::string& member, std::int64_t now_ms) {
  auto found = storage::find_member(reader, member);
  if (!found) return std::nullopt;
  MemberReading reading;
  reading.counts = storage::week_counts(reader, member);
  reading.job = storage::find_job(reader, jobs::sync::sync_kind, member);
  if (found->first_week) {
    const Week now = Week::of(now_ms / 1'000);
    const Week from = std::max(*found->first_week, Week::first_of(now.year() - years_most));
    auto each = [&](Week week, const storage::WeekRecord& record) {
      reading.weeks.emplace(week, record);
      return true;
    };
    storage::scan_weeks(reader, member, from, Week::last_of(now.year()) + 1, each);
  }
  reading.member = std::move(*found);
  return reading;
}

MemberView member_view(const MemberReading& reading, std::int64_t now_ms, std::int64_t cooldown_ms,
                       const std::function<std::string(std::string_view)>& clean) {
  MemberView view;
  const auto& member = reading.member;
  view.now_ms = now_ms;
  view.id = member.id;
  view.github_connected = member.state != MemberState::not_connected;
  view.login = member.login;
  view.wants_private = member.wants_private;
  view.last_synced_ms = member.last_synced_ms;
  view.last_error = clean(member.last_error);
  view.last_error_ms = member.last_error_ms;
  if (member.last_error_ms < member.last_synced_ms) view.last_error.clear();  // it is over
  add_counts(view, reading, Week::of(now_ms / 1'000));
  add_activity(view, reading, clean);
  add_update(view, reading, cooldown_ms);
  add_years(view, reading, Week::of(now_ms / 1'000), clean);
  return view;
}

}  // namespace tidemark::daemon
