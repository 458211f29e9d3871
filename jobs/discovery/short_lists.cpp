#include "jobs/discovery/short_lists.hpp"

#include <algorithm>

#include "jobs/discovery/batches.hpp"
#include "jobs/discovery/edge_lists.hpp"
#include "jobs/discovery/rest_values.hpp"
#include "jobs/discovery/settle.hpp"
#include "jobs/discovery/staleness.hpp"
#include "storage/graph/etags.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::ListState;
using storage::graph::Presence;
using storage::graph::User;

namespace {

void look_at(storage::Writer& writer, const Taking& taking, User& user) {
  const bool is_read = user.presence == Presence::here && user.read_ms != 0 && user.place &&
                       user.place->rank == storage::graph::rank_stale;
  if (!is_read) return;
  bool short_one = false, soon = false;
  for (const List list : storage::graph::all_lists) {
    const auto& record = user.list(list);
    const bool complete = record.state == ListState::complete;
    const std::uint64_t beyond = complete ? held_beyond(writer, user, list) : 0;
    if (beyond == 0) continue;
    const std::uint64_t reported = record.reported;
    doubt_list(writer, user, list, beyond);
    short_one = true;
    soon = soon || !growth_explains(reported, reported + beyond);
  }
  if (soon) {
    const auto wait_ms = short_list_ms << std::min(user.fruitless, doublings_most);
    user.place->due_ms = std::min(user.place->due_ms, taking.now_ms + wait_ms);
  }
  if (short_one) put_user(writer, user);
}

}  // namespace

std::uint64_t held_beyond(const storage::Reader& reader, const User& user, List list) {
  const auto edges = edge_list(list);
  if (!edges) return 0;
  const std::uint64_t reported = user.list(list).reported;
  const std::uint64_t held =
      count_neighbours(reader, edges->kind, edges->direction, user.id, 2 * reported + 10);
  return held > reported ? held - reported : 0;
}

void doubt_list(storage::Writer& writer, User& user, List list, std::uint64_t missing) {
  auto& record = user.list(list);
  record.state = ListState::cut;
  record.missing = missing;
  erase_traces(writer, user.id, list);
  // "Not changed since" must not stand for a reading that is doubted.
  storage::graph::erase_etag(writer, list_target(user.id, list));
}

bool doubt_short_lists(storage::Writer& writer, const Taking& taking, Sweep& sweep,
                       std::size_t most) {
  if (!sweep.began_after) sweep.began_after = sweep.after;
  std::vector<User> users;
  const auto each = [&](const User& user, const storage::graph::UserPosition&) {
    const bool was_there = sweep.wrapped && user.id > *sweep.began_after;
    if (!was_there) users.push_back(user);
    return !was_there && users.size() < most;
  };
  storage::graph::UserPosition after;
  after.id = sweep.after;
  scan_users(writer, storage::graph::UserOrder::id, after, "", each);
  for (User& user : users) {
    sweep.after = user.id;
    ++sweep.looked;
    look_at(writer, taking, user);
  }
  if (users.size() == most) return false;
  const bool round = sweep.wrapped || *sweep.began_after == 0;
  if (!sweep.wrapped) sweep.after = 0;
  sweep.wrapped = true;
  return round;
}

}  // namespace tidemark::jobs::discovery
