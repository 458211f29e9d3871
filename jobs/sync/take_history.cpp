#include "jobs/sync/take_history.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "jobs/sync/windows.hpp"
#include "storage/repositories.hpp"

namespace tidemark::jobs::sync {
namespace {

using storage::Fact;
using storage::FactKind;
using storage::Repository;
using storage::Week;

std::string unreadable(const std::string& repository) { return "unreadable " + repository; }

bool in_range(const Fact& fact, const Part& part) {
  return fact.time_s >= part.since_s && fact.time_s <= part.until_s &&
         is_commit_of(fact, part.repository);
}

Repository known_repository(storage::Writer& writer, const State& state, const Part& part) {
  auto known = storage::find_repository(writer, state.member.id, part.repository);
  if (known) return *known;
  Repository repository;
  repository.id = part.repository;
  repository.name = part.repository;
  return repository;
}

// The weeks in which the member is known to have committed there cannot be complete without it.
void mark_weeks(State& state, const Repository& repository) {
  const std::string reason =
      fmt::format("{} cannot be read: {}", repository.name, repository.trouble);
  const auto expected = state.cursor.expected.find(repository.id);
  if (expected == state.cursor.expected.end()) return;
  for (const auto& [window, commits] : expected->second) {
    if (commits == 0) continue;
    set_trouble(state, unreadable(repository.id),
                Trouble{reason, window * weeks_per_window,
                        std::min((window + 1) * weeks_per_window, now_week(state.cursor).index)});
  }
}

void take_unreadable(storage::Writer& writer, State& state, const Part& part,
                     const std::string& why) {
  Repository repository = known_repository(writer, state, part);
  repository.trouble = why.empty() ? "GitHub does not show it" : why;
  storage::put_repository(writer, state.member.id, repository);
  state.cursor.unreadable.insert(part.repository);
  mark_weeks(state, repository);
}

// All pages are here and their number is right: what was not among them is gone at GitHub too.
std::uint64_t drop_rewritten(storage::Writer& writer, State& state, const Part& part) {
  if (!state.cursor.known_before) return 0;  // a first run: nothing was there before
  return drop_facts(writer, state, Week::of(part.since_s), Week::of(part.until_s) + 1,
                    [&](const Fact& fact) {
                      return in_range(fact, part) && fact.generation < state.cursor.generation;
                    });
}

Part from_the_start(const Part& part) {
  Part again = part;
  again.after.clear();
  again.got = 0;
  ++again.tries;
  return again;
}

std::vector<Part> take_end(storage::Writer& writer, State& state, const Part& part,
                           std::uint64_t got, const History& history, Repository& repository) {
  if (got < history.total) {
    if (part.tries == 0) return {from_the_start(part)};
    give_up_history(state, part,
                    fmt::format("GitHub counts {} commits in {}, but delivers {}", history.total,
                                repository.name, got));
    return {};
  }
  repository.commits -= std::min(repository.commits, drop_rewritten(writer, state, part));
  if (part.since_s == open_since_s && part.until_s == open_until_s) {
    state.cursor.audits[part.repository] = history.total;
  }
  return {};
}

}  // namespace

bool is_commit_of(const Fact& fact, std::string_view repository) {
  return fact.kind == FactKind::commit && fact.id.size() > repository.size() &&
         fact.id.starts_with(repository) && fact.id[repository.size()] == ' ';
}

void mark_unreadable(const storage::Reader& reader, State& state) {
  for (const std::string& id : state.cursor.unreadable) {
    const auto repository = storage::find_repository(reader, state.member.id, id);
    if (repository) mark_weeks(state, *repository);
  }
}

std::string miscounted(const std::string& repository) { return "repository " + repository; }

std::vector<Part> take_history(storage::Writer& writer, State& state, const Part& part,
                               const History& history, const std::string& trouble) {
  if (!history.readable) {
    take_unreadable(writer, state, part, trouble);
    return {};
  }
  for (const Fact& commit : history.commits) {
    if (commit.time_s < part.since_s || commit.time_s > part.until_s) {
      throw AbsurdAnswer("a commit is outside the range asked");
    }
  }
  if (!history.next.empty() && history.commits.empty()) {
    throw AbsurdAnswer("a page in the middle is empty");
  }
  if (is_hidden(state, history.repository)) {
    hide_repository(writer, state, part.repository);
    return {};
  }
  clear_trouble(state, unreadable(part.repository));
  Repository repository = history.repository;
  repository.commits = known_repository(writer, state, part).commits;
  for (const Fact& commit : history.commits) {
    if (keep_fact(writer, state, commit)) ++repository.commits;
  }
  if (history.over_all_time) state.cursor.audits[part.repository] = *history.over_all_time;
  const std::uint64_t got = part.got + history.commits.size();
  std::vector<Part> follow;
  if (!history.next.empty()) {
    Part next = part;
    next.after = history.next;
    next.got = got;
    next.expected = history.total;
    next.audit = false;
    follow.push_back(next);
  } else {
    follow = take_end(writer, state, part, got, history, repository);
  }
  storage::put_repository(writer, state.member.id, repository);
  return follow;
}

std::vector<Part> take_count(storage::Writer& writer, State& state, const Part& part,
                             const History& history) {
  if (!history.readable) return {};
  if (is_hidden(state, history.repository)) {
    hide_repository(writer, state, part.repository);
    return {};
  }
  std::uint64_t stored = 0;
  storage::scan_facts(writer, state.member.id, Week::of(part.since_s), Week::of(part.until_s) + 1,
                      [&](const Fact& fact) {
                        stored += in_range(fact, part) ? 1 : 0;
                        return true;
                      });
  if (stored == history.total) return {};
  if (state.cursor.audit_rounds[part.repository] > 1) {
    give_up_history(state, part,
                    fmt::format("GitHub counts {} commits in {}, but delivers {}", history.total,
                                history.repository.name, stored));
    return {};
  }
  Part again = part;
  again.kind = PartKind::history;
  again.expected = history.total;
  return {again};
}

void hide_repository(storage::Writer& writer, State& state, const std::string& id) {
  auto known = storage::find_repository(writer, state.member.id, id);
  if (known) {
    known->is_private = true;
    known->trouble.clear();
    storage::put_repository(writer, state.member.id, *known);
  }
  state.cursor.expected.erase(id);
  state.cursor.audits.erase(id);
  state.cursor.unreadable.insert(id);
  clear_trouble(state, unreadable(id));
  clear_trouble(state, miscounted(id));
}

void give_up_history(State& state, const Part& part, const std::string& reason) {
  const Week now = now_week(state.cursor);
  const Week first = std::max(Week::of(part.since_s), state.member.first_week.value_or(now));
  const Week until = std::min(Week::of(part.until_s) + 1, now);
  set_trouble(state, miscounted(part.repository),
              Trouble{reason, first.index, std::max(first, until).index});
}

void drop_unreadable(State& state) {
  const std::set<std::string>& unreadable_now = state.cursor.unreadable;
  std::erase_if(state.cursor.pending, [&](const Part& part) {
    return (part.kind == PartKind::history || part.kind == PartKind::count) &&
           unreadable_now.contains(part.repository);
  });
}

}  // namespace tidemark::jobs::sync
