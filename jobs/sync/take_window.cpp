#include "jobs/sync/take_window.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "jobs/sync/planner.hpp"
#include "jobs/sync/take_history.hpp"
#include "storage/repositories.hpp"

namespace tidemark::jobs::sync {
namespace {

using storage::Fact;
using storage::FactKind;
using storage::Week;

bool belongs_to_a_window(FactKind kind) {
  return kind == FactKind::issue || kind == FactKind::pull_request || kind == FactKind::review ||
         kind == FactKind::repository;
}

void keep_repository(storage::Writer& writer, State& state, const WindowRepository& seen,
                     std::int32_t window) {
  storage::Repository repository = seen.repository;
  if (is_hidden(state, repository)) return hide_repository(writer, state, repository.id);
  if (const auto known = storage::find_repository(writer, state.member.id, repository.id)) {
    repository.commits = known->commits;
    repository.trouble = known->trouble;
  }
  storage::put_repository(writer, state.member.id, repository);
  state.cursor.expected[repository.id][window] += seen.commits;
}

// What was read while its repository was public stays as it was then.
void keep_private(storage::Writer& writer, State& state, const Fact& fact) {
  if (state.member.wants_private) {
    keep_fact(writer, state, fact);
  } else if (const auto known = storage::find_fact(writer, state.member.id, fact)) {
    keep_fact(writer, state, *known);
  }
}

std::int32_t day_at(std::int32_t year, std::string_view month_day) {
  return storage::parse_day(fmt::format("{:04}-{}", year, month_day)).value();
}

std::string calendar_cause(std::int32_t year) { return fmt::format("calendar {}", year); }

Week week_of_day(std::int32_t day) { return Week::of(std::int64_t{day} * 86'400); }

}  // namespace

std::string window_cause(std::int32_t window) { return fmt::format("window {}", window); }

void take_calendar(storage::Writer& writer, State& state, const Part& part,
                   const Calendar& calendar) {
  const std::int32_t first = day_at(part.year, "01-01");
  const std::int32_t last = day_at(part.year, "12-31");
  for (const auto& [day, count] : calendar.days) {
    if (day < first - 1 || day > last + 1) {
      throw AbsurdAnswer("a day of the calendar is of another year");
    }
  }
  for (const auto& [day, count] : calendar.days) {
    if (day < first || day > last) {
      // We ask by UTC, the days are of the account's zone: at New Year a day may come with both
      // years. It is the other year's, but its windows must not look empty.
      state.cursor.edge_days[day] = count;
      continue;
    }
    Fact fact;
    fact.kind = FactKind::day;
    fact.week = week_of_day(day);
    fact.time_s = std::int64_t{day} * 86'400;
    fact.id = storage::format_day(day);
    fact.json = std::to_string(count);
    keep_fact(writer, state, std::move(fact));
  }
  const auto in_year = [&](const Fact& fact) {
    return fact.time_s >= std::int64_t{first} * 86'400 &&
           fact.time_s <= std::int64_t{last} * 86'400;
  };
  drop_facts(writer, state, week_of_day(first), week_of_day(last) + 1, [&](const Fact& fact) {
    return fact.kind == FactKind::day && in_year(fact) && fact.generation < state.cursor.generation;
  });
  clear_trouble(state, calendar_cause(part.year));
  state.memory.year_totals[part.year] = calendar.total;
  state.cursor.calendar_years.insert(part.year);
}

std::vector<Part> take_window(storage::Writer& writer, State& state, const Part& part,
                              const Window& window) {
  const Week first{part.first_week};
  const bool cut_short = window.repositories_in_all > window.repositories.size();
  if (cut_short && part.weeks > 1) return smaller(part);
  clear_trouble(state, window_cause(window_of(first)), part.first_week,
                part.first_week + part.weeks);
  if (cut_short) {
    set_trouble(
        state, window_cause(window_of(first)),
        Trouble{fmt::format("GitHub lists only {} of the {} repositories of {}",
                            window.repositories.size(), window.repositories_in_all, first.text()),
                part.first_week, part.first_week + part.weeks});
  }
  for (const WindowRepository& seen : window.repositories) {
    keep_repository(writer, state, seen, window_of(first));
  }
  std::vector<Part> follow;
  for (const auto& [connection, page] : window.connections) {
    Part next = part;
    next.kind = PartKind::window_page;
    next.connection = connection;
    next.tries = 0;
    std::vector<Part> more = take_window_page(writer, state, next, page);
    follow.insert(follow.end(), more.begin(), more.end());
  }
  state.cursor.windows_asked.insert(window_of(first));
  return follow;
}

std::vector<Part> take_window_page(storage::Writer& writer, State& state, const Part& part,
                                   const ConnectionPage& page) {
  for (const Fact& fact : page.facts) keep_fact(writer, state, fact);
  for (const Fact& fact : page.private_facts) keep_private(writer, state, fact);
  if (!page.next.empty()) {
    Part next = part;
    next.after = page.next;
    next.tries = 0;
    return {next};
  }
  return {};
}

void drop_unlisted(storage::Writer& writer, State& state, const Part& part) {
  const Week first{part.first_week}, until = first + part.weeks;
  const bool unanswered =
      std::any_of(state.cursor.pending.begin(), state.cursor.pending.end(), [&](const Part& other) {
        return (other.kind == PartKind::window || other.kind == PartKind::window_page) &&
               other.first_week < until.index && first.index < other.first_week + other.weeks;
      });
  const auto troubles = state.memory.troubles.find(window_cause(window_of(first)));
  const bool in_trouble =
      troubles != state.memory.troubles.end() &&
      std::any_of(troubles->second.begin(), troubles->second.end(), [&](const Trouble& trouble) {
        return trouble.from_week < until.index && first.index < trouble.until_week;
      });
  if (unanswered || in_trouble) return;
  drop_facts(writer, state, first, until, [&](const Fact& fact) {
    return belongs_to_a_window(fact.kind) && fact.generation < state.cursor.generation;
  });
}

void give_up_calendar(State& state, const Part& part, const std::string& reason) {
  const Week first = week_of_day(day_at(part.year, "01-01"));
  const Week last = std::min(week_of_day(day_at(part.year, "12-31")), now_week(state.cursor));
  set_trouble(state, calendar_cause(part.year), Trouble{reason, first.index, last.index + 1});
  for (std::int32_t window = window_of(first); window <= window_of(last); ++window) {
    if (!state.cursor.windows_asked.insert(window).second) continue;
    Part ask;
    ask.kind = PartKind::window;
    ask.first_week = window * weeks_per_window;
    ask.weeks = weeks_per_window;
    state.cursor.pending.push_back(ask);
  }
}

}  // namespace tidemark::jobs::sync
