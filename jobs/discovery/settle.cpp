#include "jobs/discovery/settle.hpp"

#include "jobs/discovery/capabilities.hpp"
#include "jobs/discovery/staleness.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::all_lists;
using storage::graph::ListState;
using storage::graph::Presence;
using storage::graph::User;

namespace {

// Somebody asked for it again since it was read.
bool is_asked_again(const User& user) {
  return user.place && user.place->rank == storage::graph::rank_asked &&
         user.place->due_ms > user.read_ms;
}

}  // namespace

void settle(const storage::Reader& reader, const Taking& taking, User& user) {
  if (user.presence == Presence::gone || user.read_ms == 0 || is_asked_again(user)) return;
  Standing standing;
  standing.wanted = wanted_lists(reader, user.kind, taking.settings);
  standing.full = taking.room == 0;
  standing.repositories_full = taking.repositories_room == 0;
  bool reading = false, whole = true;
  for (const List list : all_lists) {
    const ListState state = user.list(list).state;
    // A list that is gone is read on when it is back.
    const bool wanted = standing.wanted[static_cast<std::size_t>(list) - 1];
    if (state == ListState::reading && wanted) reading = true;
    if (state == ListState::unread && wanted) return;
    if (state == ListState::cut || state == ListState::unconfirmed) whole = false;
  }
  if (reading) {
    user.place.reset();
    return;
  }
  if (whole) user.fruitless = 0;
  user.place = next_place(user, taking.now_ms, taking.settings, standing);
}

void cut_list(storage::Writer& writer, const Taking& taking, User& user, List list) {
  user.list(list).state = ListState::cut;
  erase_traces(writer, user.id, list);
  settle(writer, taking, user);
  put_user(writer, user);
}

void erase_traces(storage::Writer& writer, UserId user, List list) {
  if (find_list_reading(writer, user, list)) erase_list_reading(writer, user, list);
  erase_seen(writer, user, list);
}

}  // namespace tidemark::jobs::discovery
