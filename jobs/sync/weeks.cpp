#include "jobs/sync/weeks.hpp"

#include <algorithm>

#include "jobs/sync/planner.hpp"
#include "storage/weeks.hpp"

namespace tidemark::jobs::sync {
namespace {

using storage::Fact;
using storage::FactKind;
using storage::Week;
using storage::WeekRecord;
using storage::WeekState;

// "additions" and "deletions" of a commit's stored text. The text is ours (harvest.cpp), so a plain
// search is enough and ten times cheaper than parsing 17,000 of them.
std::uint64_t number_after(std::string_view json, std::string_view name) {
  const std::size_t at = json.rfind(name);
  std::uint64_t value = 0;
  for (std::size_t i = at + name.size(); at != json.npos && i < json.size(); ++i) {
    if (json[i] < '0' || json[i] > '9') break;
    value = value * 10 + static_cast<std::uint64_t>(json[i] - '0');
  }
  return value;
}

std::string reason_of(const State& state, Week week) {
  if (week == now_week(state.cursor)) return "this week is not over yet";
  if (week > now_week(state.cursor)) return "dated in the future";
  for (const auto& [cause, list] : state.memory.troubles) {
    for (const Trouble& trouble : list) {
      if (week.index >= trouble.from_week && week.index < trouble.until_week) return trouble.reason;
    }
  }
  return {};
}

void judge(storage::Writer& writer, const State& state, Week week, bool touched) {
  const std::string& member = state.member.id;
  WeekRecord record = recount_week(writer, member, week);
  record.reason = reason_of(state, week);
  record.state = record.reason.empty() ? WeekState::complete : WeekState::partial;
  const auto known = storage::find_week(writer, member, week);
  if (known && !touched) {
    // What is at Open Humans already stays marked so as long as nothing of it changed.
    WeekRecord same = *known;
    same.file.clear();
    if (same.state == WeekState::uploaded) same.state = WeekState::complete;
    if (same == record) return;
  }
  storage::put_week(writer, member, week, record);
}

std::optional<Week> first_fact(const storage::Reader& reader, const std::string& member) {
  std::optional<Week> first;
  storage::scan_facts(reader, member, Week::of(open_since_s), Week::of(open_until_s) + 1,
                      [&](const Fact& fact) {
                        first = fact.week;
                        return false;
                      });
  return first;
}

// Touched weeks that pending parts may still change are shown as being read again.
void judge_touched(storage::Writer& writer, State& state, Week settled_until) {
  std::set<std::int32_t> later;
  for (const std::int32_t index : state.cursor.touched) {
    const Week week{index};
    if (week < settled_until) {
      judge(writer, state, week, true);
      continue;
    }
    later.insert(index);
    auto record = storage::find_week(writer, state.member.id, week);
    if (record && record->state != WeekState::partial) {
      record->state = WeekState::partial;
      record->reason = "it changed at GitHub and is being read again";
      record->file.clear();
      storage::put_week(writer, state.member.id, week, *record);
    }
  }
  state.cursor.touched = std::move(later);
}

void judge_unfinished(storage::Writer& writer, const State& state) {
  std::set<Week> weeks;
  storage::scan_facts(writer, state.member.id, now_week(state.cursor), Week::of(open_until_s) + 1,
                      [&](const Fact& fact) {
                        weeks.insert(fact.week);
                        return true;
                      });
  for (const Week week : weeks) judge(writer, state, week, false);
}

}  // namespace

WeekRecord recount_week(const storage::Reader& reader, const std::string& member, Week week) {
  WeekRecord record;
  storage::scan_facts(reader, member, week, week + 1, [&](const Fact& fact) {
    if (fact.kind == FactKind::commit) {
      ++record.commits;
      record.additions += number_after(fact.json, "\"additions\":");
      record.deletions += number_after(fact.json, "\"deletions\":");
    } else if (fact.kind == FactKind::day) {
      ++record.days;
    } else {
      ++record.others;
    }
    return true;
  });
  return record;
}

void judge_weeks(storage::Writer& writer, State& state) {
  if (!state.cursor.histories_planned) {
    judge_touched(writer, state, Week::of(open_since_s));
    return;
  }
  const Week now = now_week(state.cursor);
  const auto settled = frontier(state.cursor.pending, now);
  if (!settled) {
    judge_touched(writer, state, Week::of(open_since_s));
    return;
  }
  storage::Member& member = state.member;
  const Week first = std::min(first_fact(writer, member.id).value_or(now), now);
  const Week start = std::min(member.first_week.value_or(first), first);
  // Weeks before the first one known until now, when older facts turned up.
  const Week old_first = member.first_week.value_or(start);
  for (Week week = start; week < std::min(old_first, *settled); ++week) {
    judge(writer, state, week, false);
  }
  const Week from = member.known_until.value_or(start);
  for (Week week = from; week < *settled; ++week) judge(writer, state, week, false);
  member.first_week = start;
  if (!member.known_until || *member.known_until < *settled) {
    member.known_until = std::max(*settled, start);
  }
  judge_touched(writer, state, *settled);
  if (state.cursor.pending.empty()) judge_unfinished(writer, state);
}

storage::Progress progress_of(const State& state) {
  storage::Progress progress;
  progress.unit = "weeks";
  if (state.member.first_week && state.cursor.now_s != 0) {
    const Week first = *state.member.first_week;
    const Week now = now_week(state.cursor);
    const Week known =
        std::clamp(state.member.known_until.value_or(first), first, std::max(first, now));
    progress.done = static_cast<std::uint64_t>(std::max(0, known - first));
    progress.total = static_cast<std::uint64_t>(std::max(0, now - first));
  }
  return progress;
}

}  // namespace tidemark::jobs::sync
