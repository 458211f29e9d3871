#include "jobs/sync/state.hpp"

#include <algorithm>
#include <limits>

#include "jobs/sync/take_window.hpp"
#include "storage/cursors.hpp"
#include "storage/windows.hpp"

namespace tidemark::jobs::sync {

using storage::Fact;
using storage::Week;

namespace {

constexpr std::string_view cursor_name = "sync";
constexpr std::string_view memory_name = "sync-memory";

void touch(State& state, Week week) {
  if (state.member.known_until && week < *state.member.known_until) {
    state.cursor.touched.insert(week.index);
  }
}

}  // namespace

std::optional<State> load_state(const storage::Reader& reader, std::string_view id) {
  auto member = storage::find_member(reader, id);
  if (!member) return std::nullopt;
  State state;
  state.member = std::move(*member);
  if (const auto stored = storage::find_cursor(reader, id, memory_name)) {
    state.memory = decode_memory(*stored);
  }
  if (const auto stored = storage::find_cursor(reader, id, cursor_name)) {
    state.cursor = decode_cursor(*stored);
    state.under_way = true;
  }
  return state;
}

void store_state(storage::Writer& writer, const State& state) {
  storage::put_member(writer, state.member);
  storage::put_cursor(writer, state.member.id, cursor_name, encode_cursor(state.cursor));
  storage::put_cursor(writer, state.member.id, memory_name, encode_memory(state.memory));
}

void finish_state(storage::Writer& writer, State& state) {
  for (const auto& [window, digest] : state.cursor.digests) {
    // A window in trouble is asked again by the next run.
    if (state.memory.troubles.contains(window_cause(window))) continue;
    storage::put_window(writer, state.member.id, window, digest);
  }
  // When it began to ask: a run may have waited for quota for days.
  state.member.last_synced_ms = state.cursor.now_s * 1'000;
  state.member.last_error.clear();
  state.member.last_error_ms = 0;
  state.member.generation = state.cursor.generation;
  storage::put_member(writer, state.member);
  storage::put_cursor(writer, state.member.id, memory_name, encode_memory(state.memory));
  storage::erase_cursor(writer, state.member.id, cursor_name);
}

void erase_state(storage::Writer& writer, std::string_view member) {
  storage::erase_cursor(writer, member, cursor_name);
  storage::erase_cursor(writer, member, memory_name);
}

bool is_hidden(const State& state, const storage::Repository& repository) {
  return repository.is_private && !state.member.wants_private;
}

Week now_week(const Cursor& cursor) { return Week::of(cursor.now_s); }

bool keep_fact(storage::Writer& writer, State& state, Fact fact) {
  fact.generation = state.cursor.generation;
  const auto known = storage::find_fact(writer, state.member.id, fact);
  if (!known || known->json != fact.json) touch(state, fact.week);
  storage::put_fact(writer, state.member.id, fact);
  return !known.has_value();
}

std::uint64_t drop_facts(storage::Writer& writer, State& state, Week from, Week until,
                         const std::function<bool(const Fact&)>& stale) {
  std::vector<Fact> gone;
  storage::scan_facts(writer, state.member.id, from, until, [&](const Fact& fact) {
    if (stale(fact)) gone.push_back(fact);
    return true;
  });
  for (const Fact& fact : gone) {
    storage::erase_fact(writer, state.member.id, fact);
    touch(state, fact.week);
  }
  return gone.size();
}

void set_trouble(State& state, const std::string& cause, Trouble trouble) {
  std::vector<Trouble>& list = state.memory.troubles[cause];
  for (const Trouble& known : list) {
    if (known == trouble) return;
  }
  for (std::int32_t week = trouble.from_week; week < trouble.until_week; ++week) {
    touch(state, Week{week});
  }
  list.push_back(std::move(trouble));
}

void clear_trouble(State& state, const std::string& cause) {
  clear_trouble(state, cause, std::numeric_limits<std::int32_t>::min(),
                std::numeric_limits<std::int32_t>::max());
}

void clear_trouble(State& state, const std::string& cause, std::int32_t from, std::int32_t until) {
  const auto found = state.memory.troubles.find(cause);
  if (found == state.memory.troubles.end()) return;
  std::vector<Trouble> left;
  for (const Trouble& trouble : found->second) {
    const std::int32_t begin = std::max(trouble.from_week, from);
    const std::int32_t end = std::min(trouble.until_week, until);
    for (std::int32_t week = begin; week < end; ++week) touch(state, Week{week});
    if (begin >= end) {
      left.push_back(trouble);
      continue;
    }
    if (trouble.from_week < begin) left.push_back({trouble.reason, trouble.from_week, begin});
    if (end < trouble.until_week) left.push_back({trouble.reason, end, trouble.until_week});
  }
  if (left.empty()) {
    state.memory.troubles.erase(found);
  } else {
    found->second = std::move(left);
  }
}

}  // namespace tidemark::jobs::sync
