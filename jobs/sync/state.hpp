#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "jobs/sync/cursor.hpp"
#include "storage/facts.hpp"
#include "storage/members.hpp"
#include "storage/repositories.hpp"

namespace tidemark::jobs::sync {

// All that a run knows beside facts, weeks and files. Loaded once, stored in the transaction of
// every answer.
struct State {
  storage::Member member;
  Memory memory;
  Cursor cursor;
  bool under_way = false;  // the cursor was stored by an earlier attempt of this run
};

// Empty: there is no such member. At any await the member may go.
[[nodiscard]] std::optional<State> load_state(const storage::Reader& reader,
                                              std::string_view member);
void store_state(storage::Writer& writer, const State& state);
// The run reached the present: the cursor goes, the windows' digests stay.
void finish_state(storage::Writer& writer, State& state);

// As if the member had never been synced; facts and weeks are the caller's.
void erase_state(storage::Writer& writer, std::string_view member);

// Private, and not shared: nothing of it is asked or stored.
[[nodiscard]] bool is_hidden(const State& state, const storage::Repository& repository);

[[nodiscard]] storage::Week now_week(const Cursor& cursor);

// Stores a fact; notes its week as touched when it is already known and the fact is new or changed.
// True when it was not there before.
bool keep_fact(storage::Writer& writer, State& state, storage::Fact fact);
// Erases the facts in [from, until) that `stale` picks, and notes their weeks. Returns how many.
std::uint64_t drop_facts(storage::Writer& writer, State& state, storage::Week from,
                         storage::Week until,
                         const std::function<bool(const storage::Fact&)>& stale);

// A cause of incompleteness appears, or is gone: its weeks are judged anew.
void set_trouble(State& state, const std::string& cause, Trouble trouble);
void clear_trouble(State& state, const std::string& cause);
// The same for the weeks [from, until) alone.
void clear_trouble(State& state, const std::string& cause, std::int32_t from, std::int32_t until);

}  // namespace tidemark::jobs::sync
