#include "jobs/sync/take.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "jobs/sync/plan.hpp"
#include "jobs/sync/planner.hpp"
#include "jobs/sync/query.hpp"
#include "jobs/sync/take_history.hpp"
#include "jobs/sync/take_window.hpp"
#include "jobs/sync/weeks.hpp"

namespace tidemark::jobs::sync {
namespace {

namespace json = boost::json;

constexpr std::uint32_t absurd_answers_most = 2;

void take_identity(State& state, const Identity& identity) {
  storage::Member& member = state.member;
  if (!member.github_node_id.empty() && member.github_node_id != identity.node_id) {
    throw AnotherAccount("the GitHub token belongs to " + identity.login +
                         ", but this member's weeks are of " + member.login + ": sign in as " +
                         member.login + ", or remove the member first");
  }
  member.github_node_id = identity.node_id;
  member.github_id = identity.id;
  member.login = identity.login;
  member.github_created_s = identity.created_s;
  state.cursor.years.insert(identity.years.begin(), identity.years.end());
}

std::vector<Part> take_year_total(const State& state, const Part& part, std::uint64_t total) {
  const auto known = state.memory.year_totals.find(part.year);
  if (known != state.memory.year_totals.end() && known->second == total) return {};
  Part calendar;
  calendar.kind = PartKind::calendar;
  calendar.year = part.year;
  return {calendar};
}

// Gives the parts that follow from one part's answer.
std::vector<Part> take_part(storage::Writer& writer, State& state, const Part& part,
                            const json::value& value, const std::string& trouble) {
  switch (part.kind) {
    case PartKind::identity: take_identity(state, read_identity(value)); return {};
    case PartKind::year_total: return take_year_total(state, part, read_year_total(value));
    case PartKind::calendar: take_calendar(writer, state, part, read_calendar(value)); return {};
    case PartKind::window: return take_window(writer, state, part, read_window(value));
    case PartKind::window_page:
      return take_window_page(writer, state, part, read_window_page(value, part.connection));
    case PartKind::history:
      return take_history(writer, state, part, read_history(value, part), trouble);
    case PartKind::count: return take_count(writer, state, part, read_history(value, part));
  }
  return {};
}

std::string describe(const Part& part) {
  switch (part.kind) {
    case PartKind::window:
    case PartKind::window_page:
      return fmt::format("{} to {}", storage::Week{part.first_week}.text(),
                         storage::Week{part.first_week + part.weeks - 1}.text());
    case PartKind::history:
    case PartKind::count: return "repository " + part.repository;
    case PartKind::identity: return "the account";
    default: return "the year " + std::to_string(part.year);
  }
}

// The part is not asked again in this run: its weeks stay partial, with the reason.
void give_up(State& state, const Part& part, const std::string& reason) {
  const storage::Week now = now_week(state.cursor);
  const auto until = [&](storage::Week week) { return std::min(week, now).index; };
  const std::string words =
      fmt::format("GitHub's answer for {} is missing: {}", describe(part), reason);
  switch (part.kind) {
    case PartKind::window:
    case PartKind::window_page:
      set_trouble(
          state, window_cause(window_of(storage::Week{part.first_week})),
          Trouble{words, part.first_week, until(storage::Week{part.first_week + part.weeks})});
      break;
    case PartKind::history:
    case PartKind::count: give_up_history(state, part, words); break;
    case PartKind::calendar:
      state.memory.year_totals.erase(part.year);  // the next run reads it, whatever its total is
      give_up_calendar(state, part, words);
      break;
    case PartKind::identity: throw AccountUnknown(words);
    case PartKind::year_total: break;  // not a gap in the data: the next run asks again
  }
}

const json::value& answer_of(const json::value& root, const std::string& alias) {
  static const json::value nothing;
  const json::object* object = root.if_object();
  const json::value* data = object == nullptr ? nullptr : object->if_contains("data");
  if (data == nullptr || !data->is_object()) return nothing;
  const json::value* found = data->get_object().if_contains(alias);
  return found == nullptr ? nothing : *found;
}

std::string trouble_of(const http::github::Answer& answer, const std::string& alias) {
  for (const auto& error : answer.errors) {
    if (error.alias == alias) return error.message.empty() ? error.type : error.message;
  }
  return {};
}

std::vector<Part> cut_pending(State& state, std::size_t parts) {
  std::vector<Part>& pending = state.cursor.pending;
  const auto end = pending.begin() + static_cast<std::ptrdiff_t>(std::min(parts, pending.size()));
  std::vector<Part> asked(pending.begin(), end);
  pending.erase(pending.begin(), end);
  return asked;
}

void put_in_front(State& state, std::vector<Part> follow) {
  std::vector<Part>& pending = state.cursor.pending;
  pending.insert(pending.begin(), std::make_move_iterator(follow.begin()),
                 std::make_move_iterator(follow.end()));
}

// GitHub's clock decides which weeks are over; ours may be minutes off. When they are a day apart
// one of them is absurd, and a week must not be called over too early.
std::int64_t now_by(const http::github::Answer& answer) {
  constexpr std::int64_t day_s = 86'400;
  using std::chrono::duration_cast;
  const std::int64_t ours =
      duration_cast<std::chrono::seconds>(answer.rate.received.time_since_epoch()).count();
  const std::int64_t theirs = answer.rate.date_s.value_or(ours);
  const bool near = theirs > ours - day_s && theirs < ours + day_s;
  return near ? theirs : std::min(ours, theirs);
}

// The run's time is fixed. A week that an earlier run took for over may not be, by this clock.
void begin_at(State& state, std::int64_t now_s) {
  state.cursor.now_s = now_s;
  const storage::Week now = now_week(state.cursor);
  std::optional<storage::Week>& known = state.member.known_until;
  if (!known || *known <= now) return;
  known = now;
  state.cursor.known_before = now.index;
}

}  // namespace

void take_answer(storage::Writer& writer, State& state, std::size_t parts,
                 const http::github::Answer& answer) {
  if (state.cursor.now_s == 0) begin_at(state, now_by(answer));
  std::vector<Part> asked = cut_pending(state, parts);
  std::vector<Part> follow;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    Part& part = asked[i];
    const std::string alias = alias_of(i);
    try {
      std::vector<Part> more =
          take_part(writer, state, part, answer_of(answer.json, alias), trouble_of(answer, alias));
      follow.insert(follow.end(), more.begin(), more.end());
    } catch (const AbsurdAnswer& absurd) {
      if (++part.tries < absurd_answers_most) {
        follow.push_back(part);
      } else {
        give_up(state, part, absurd.what());
      }
    }
  }
  put_in_front(state, std::move(follow));
  for (const Part& part : asked) {
    const bool of_window = part.kind == PartKind::window || part.kind == PartKind::window_page;
    if (of_window) drop_unlisted(writer, state, part);
  }
  drop_unreadable(state);
  plan_next_stage(writer, state);
  judge_weeks(writer, state);
}

void take_refusal(storage::Writer& writer, State& state, std::size_t parts,
                  const std::string& message) {
  std::vector<Part> asked = cut_pending(state, parts);
  if (asked.size() > 1) {  // fewer parts at once may do
    put_in_front(state, std::move(asked));
    return;
  }
  std::vector<Part> pieces = smaller(asked.front());
  if (pieces.empty()) give_up(state, asked.front(), message);
  put_in_front(state, std::move(pieces));
  plan_next_stage(writer, state);
  judge_weeks(writer, state);
}

bool all_taken(const State& state) {
  return state.cursor.pending.empty() && state.cursor.windows_planned &&
         state.cursor.histories_planned;
}

}  // namespace tidemark::jobs::sync
