#include "jobs/sync/plan.hpp"

#include <algorithm>

#include "jobs/sync/planner.hpp"
#include "jobs/sync/take_history.hpp"
#include "jobs/sync/take_window.hpp"
#include "storage/repositories.hpp"
#include "storage/weeks.hpp"
#include "storage/windows.hpp"

namespace tidemark::jobs::sync {
namespace {

using storage::Fact;
using storage::Repository;
using storage::Week;

// More of them are not asked on suspicion: the calendar tells first.
constexpr std::int32_t windows_at_once = 3;
constexpr std::size_t repositories_at_once = 50;

bool pending_any(const State& state, std::initializer_list<PartKind> kinds) {
  return std::any_of(state.cursor.pending.begin(), state.cursor.pending.end(),
                     [&](const Part& part) {
                       return std::find(kinds.begin(), kinds.end(), part.kind) != kinds.end();
                     });
}

void append(State& state, std::vector<Part> parts) {
  for (Part& part : parts) {
    if (part.kind == PartKind::window) {
      state.cursor.windows_asked.insert(window_of(Week{part.first_week}));
    }
    if (part.kind == PartKind::history) state.cursor.histories_asked.insert(part.repository);
    state.cursor.pending.push_back(std::move(part));
  }
}

// The days of the calendars read in this run, with a margin for windows across their borders.
Days read_days(const storage::Reader& reader, const State& state) {
  Days days;
  const auto keep = [&](const Fact& fact) {
    if (fact.kind == storage::FactKind::day) {
      days[static_cast<std::int32_t>(fact.time_s / 86'400)] = std::stoull(fact.json);
    }
    return true;
  };
  for (const std::int32_t year : state.cursor.calendar_years) {
    storage::scan_facts(reader, state.member.id, Week::first_of(year) - 6, Week::last_of(year) + 6,
                        keep);
  }
  for (const auto& [day, count] : state.cursor.edge_days) days[day] += count;
  return days;
}

bool inside_calendars(const State& state, std::int32_t window) {
  const Week first{window * weeks_per_window};
  const std::set<std::int32_t>& years = state.cursor.calendar_years;
  return years.contains(first.year()) || years.contains((first + 3).year());
}

void plan_windows(const storage::Reader& reader, State& state) {
  auto fresh = digest_windows(read_days(reader, state));
  auto stored = storage::list_windows(reader, state.member.id);
  for (const auto& [window, digest] : stored) fresh.try_emplace(window, 0);  // emptied since
  std::erase_if(fresh, [&](const auto& row) { return !inside_calendars(state, row.first); });
  state.cursor.digests = fresh;
  // What an earlier run could not get is tried again, whatever the calendar says.
  for (const auto& [cause, troubles] : state.memory.troubles) {
    for (const Trouble& trouble : troubles) {
      const std::int32_t window = window_of(Week{trouble.from_week});
      if (cause == window_cause(window)) {
        stored.erase(window);
        fresh.try_emplace(window, 0);
      }
    }
  }
  std::erase_if(fresh,
                [&](const auto& row) { return state.cursor.windows_asked.contains(row.first); });
  append(state, window_parts(fresh, stored, now_week(state.cursor)));
  state.cursor.windows_planned = true;
}

// The windows of past weeks that the calendar made us ask again, and who committed there.
std::map<std::string, std::set<std::int32_t>> changed_windows(const storage::Reader& reader,
                                                              const State& state) {
  std::map<std::string, std::set<std::int32_t>> changed;
  if (!state.cursor.known_before) return changed;
  const auto stored = storage::list_windows(reader, state.member.id);
  for (const std::int32_t window : state.cursor.windows_asked) {
    const Week first{window * weeks_per_window}, until = first + weeks_per_window;
    if (until.index > *state.cursor.known_before || !stored.contains(window)) continue;
    for (const auto& [repository, by_window] : state.cursor.expected) {
      if (by_window.contains(window)) changed[repository].insert(window);
    }
    storage::scan_facts(reader, state.member.id, first, until, [&](const Fact& fact) {
      if (fact.kind == storage::FactKind::commit) {
        changed[fact.id.substr(0, fact.id.find(' '))].insert(window);
      }
      return true;
    });
  }
  return changed;
}

// These weeks are read again even if the number of all commits is right: one may have gone and
// another come.
void plan_changed(const storage::Reader& reader, State& state) {
  for (const auto& [id, windows] : changed_windows(reader, state)) {
    const auto repository = storage::find_repository(reader, state.member.id, id);
    if (!repository || repository->commits == 0 || state.cursor.unreadable.contains(id)) continue;
    if (is_hidden(state, *repository)) continue;
    append(state, window_histories(id, windows));
  }
}

void plan_histories(const storage::Reader& reader, State& state) {
  HistoryQuestions about;
  about.expected = state.cursor.expected;
  about.known_until = state.member.known_until;
  // After a lost store nothing tells which weeks changed at GitHub meanwhile: all is read again.
  const bool adopted =
      state.cursor.known_before && storage::list_windows(reader, state.member.id).empty();
  if (adopted) about.known_until.reset();
  for (const Repository& repository : storage::list_repositories(reader, state.member.id)) {
    if (state.cursor.histories_asked.contains(repository.id)) continue;
    if (is_hidden(state, repository)) continue;
    about.repositories.push_back({repository.id, repository.commits});
  }
  append(state, history_parts(about));
  plan_changed(reader, state);
  state.cursor.histories_planned = true;
  mark_unreadable(reader, state);
}

std::uint64_t stored_commits(const storage::Reader& reader, const State& state,
                             const std::string& repository) {
  std::uint64_t stored = 0;
  storage::scan_facts(reader, state.member.id, Week::of(open_since_s), Week::of(open_until_s) + 1,
                      [&](const Fact& fact) {
                        stored += is_commit_of(fact, repository) ? 1 : 0;
                        return true;
                      });
  return stored;
}

std::int32_t first_year(const storage::Reader& reader, const State& state) {
  std::int32_t year = now_week(state.cursor).year();
  storage::scan_facts(reader, state.member.id, Week::of(open_since_s), Week::of(open_until_s) + 1,
                      [&](const Fact& fact) {
                        year = std::min(year, fact.week.year());
                        return false;
                      });
  return year;
}

// A repository whose commits over all time are not as many as ours was pushed to late, rewritten,
// or cut short on the way: count year by year, and read again the years that differ. Once more
// counted after that, what still differs is reported.
void plan_recounts(storage::Writer& writer, State& state) {
  for (Repository& repository : storage::list_repositories(writer, state.member.id)) {
    const auto total = state.cursor.audits.find(repository.id);
    if (total == state.cursor.audits.end()) continue;
    if (total->second != repository.commits) {
      repository.commits = stored_commits(writer, state, repository.id);
      storage::put_repository(writer, state.member.id, repository);
    }
    if (total->second == repository.commits) {
      clear_trouble(state, miscounted(repository.id));
      continue;
    }
    std::uint32_t& rounds = state.cursor.audit_rounds[repository.id];
    if (rounds >= 2) continue;
    if (++rounds == 1) clear_trouble(state, miscounted(repository.id));
    append(state,
           count_parts(repository.id, first_year(writer, state), now_week(state.cursor).year()));
  }
}

// Weeks that are partial without a trouble that would bring them back, as those of a lost store,
// are judged again at the end of the run.
void touch_partial_weeks(const storage::Reader& reader, State& state) {
  const Week until = *state.member.known_until;
  storage::scan_weeks(reader, state.member.id, state.member.first_week.value_or(until), until,
                      [&](Week week, const storage::WeekRecord& record) {
                        if (record.state == storage::WeekState::partial) {
                          state.cursor.touched.insert(week.index);
                        }
                        return true;
                      });
}

}  // namespace

void plan_run(const storage::Reader& reader, State& state, std::int64_t our_now_s) {
  state.cursor = Cursor{};
  state.cursor.generation = state.member.generation + 1;
  const Week now = Week::of(our_now_s);
  if (state.member.known_until && *state.member.known_until > now) {
    state.member.known_until = now;  // an earlier run was told a wrong time
  }
  if (state.member.known_until) {
    state.cursor.known_before = state.member.known_until->index;
    touch_partial_weeks(reader, state);
  }
  FirstQuestions about;
  about.this_year = now.year();
  about.year_totals = state.memory.year_totals;
  append(state, first_parts(about));
  if (about.year_totals.empty() || !state.member.known_until) return;
  const std::int32_t from = window_of(*state.member.known_until - 1);
  const std::int32_t until = window_of(now);
  if (until - from >= windows_at_once) return;
  std::map<std::int32_t, std::uint64_t> running;
  for (std::int32_t window = from; window <= until; ++window) running[window] = 0;
  append(state, window_parts(running, {}, now));
  HistoryQuestions histories;
  histories.known_until = state.member.known_until;
  for (const Repository& repository : storage::list_repositories(reader, state.member.id)) {
    if (repository.commits == 0 || is_hidden(state, repository)) continue;
    histories.repositories.push_back({repository.id, repository.commits});
  }
  if (histories.repositories.size() <= repositories_at_once) {
    append(state, history_parts(histories));
  }
}

void plan_next_stage(storage::Writer& writer, State& state) {
  Cursor& cursor = state.cursor;
  if (!cursor.years.empty()) {
    append(state, calendar_parts(cursor.years, state.memory.year_totals));
    cursor.years.clear();
  }
  if (!cursor.windows_planned &&
      !pending_any(state, {PartKind::identity, PartKind::year_total, PartKind::calendar})) {
    plan_windows(writer, state);
  }
  if (cursor.windows_planned && !cursor.histories_planned &&
      !pending_any(state, {PartKind::window, PartKind::window_page})) {
    plan_histories(writer, state);
  }
  if (cursor.histories_planned && cursor.pending.empty()) plan_recounts(writer, state);
}

}  // namespace tidemark::jobs::sync
