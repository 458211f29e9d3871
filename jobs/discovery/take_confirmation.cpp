#include <algorithm>

#include "jobs/discovery/batches.hpp"
#include "jobs/discovery/depths.hpp"
#include "jobs/discovery/edge_lists.hpp"
#include "jobs/discovery/rest_values.hpp"
#include "jobs/discovery/settle.hpp"
#include "jobs/discovery/short_lists.hpp"
#include "jobs/discovery/staleness.hpp"
#include "jobs/discovery/take.hpp"
#include "storage/graph/etags.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::all_lists;
using storage::graph::ListState;
using storage::graph::Place;
using storage::graph::Presence;
using storage::graph::User;

namespace {

// Of a transaction; what is left is ended by the next reading.
constexpr std::size_t ended_most = 20'000;
// Servers answer from copies that lag behind each other, and lists are cut short without a word:
// what the other end showed so recently is not ended.
constexpr std::int64_t contradiction_ms = 3'600'000;

std::optional<List> other_end(List list) {
  if (list == List::followers) return List::following;
  if (list == List::following) return List::followers;
  return std::nullopt;
}

// Everything that the reading of this list did not show; nothing when it was not to be compared.
std::vector<std::uint64_t> missing_in(const storage::Reader& reader, UserId user, List list) {
  std::vector<std::uint64_t> missing;
  if (!was_seen(reader, user, list, compares_mark)) return missing;
  const auto each = [&](std::uint64_t id) {
    if (!was_seen(reader, user, list, id)) missing.push_back(id);
    return missing.size() < ended_most;
  };
  scan_list(reader, user, list, each);
  return missing;
}

// The other end's list was read in the same hour, and showed it. Who says the same when asked again
// (and alone, see `contradicted`) is believed.
bool is_shown_elsewhere(const storage::Reader& reader, const User& user, List list,
                        std::uint64_t other_id) {
  const auto opposite = other_end(list);
  if (!opposite || user.fruitless > 0) return false;
  const auto other = storage::graph::find_user(reader, other_id);
  if (!other || other->presence == Presence::gone) return false;
  const auto& record = other->list(*opposite);
  if (record.state == ListState::unread) return false;
  const std::int64_t shown_ms = std::max(other->read_ms, record.read_ms);
  if (shown_ms + contradiction_ms < user.read_ms) return false;
  const bool lacks_it_too = was_seen(reader, other_id, *opposite, compares_mark) &&
                            !was_seen(reader, other_id, *opposite, user.id);
  return !lacks_it_too;
}

void end_one(storage::Writer& writer, const Taking& taking, UserId user, List list,
             std::uint64_t id) {
  if (const auto edges = edge_list(list)) {
    end_edge(writer, edges->kind, edges->edge(user, id), taking.now_ms);
    return;
  }
  auto repository = storage::graph::find_repository(writer, id);
  if (!repository) return;
  repository->gone_ms = taking.now_ms;
  put_repository(writer, *repository);
}

// How many of them the other ends showed of late, and which stay therefore. `compared`: somebody
// else counted no more either.
std::uint64_t end_missing(storage::Writer& writer, Taking& taking, const User& user, List list,
                          bool compared) {
  std::uint64_t shown = 0;
  for (const std::uint64_t id : missing_in(writer, user.id, list)) {
    if (!compared && is_shown_elsewhere(writer, user, list, id)) {
      ++shown;
      continue;
    }
    end_one(writer, taking, user.id, list, id);
    ++taking.ended;
  }
  erase_seen(writer, user.id, list);
  return shown;
}

bool is_marked(std::uint8_t marks, List list) { return (marks & mark_of(list)) != 0; }

void confirm(storage::Writer& writer, Taking& taking, User& user, const ListMarks& marks) {
  bool contradicted = false, lacks = false, grew = true;
  for (const List list : all_lists) {
    auto& record = user.list(list);
    if (record.state != ListState::unconfirmed || !is_marked(marks.ended, list)) continue;
    const std::uint64_t shown = end_missing(writer, taking, user, list, marks.compared);
    const std::uint64_t missing = shown != 0 ? shown : held_beyond(writer, user, list);
    contradicted = contradicted || shown != 0;
    if (missing != 0) {
      lacks = true;
      grew = grew && shown == 0 && growth_explains(record.reported, record.reported + missing);
      doubt_list(writer, user, list, missing);  // read again when it is due
      continue;
    }
    record.state = ListState::complete;
    record.read_ms = taking.now_ms;
    record.missing = 0;
    if (record.reported == 0) set_counted(user.profile, list, 0);
  }
  if (contradicted) taking.contradicted.push_back(user.id);
  const std::optional<Place> before = user.place;
  settle(writer, taking, user);
  // What may have come since makes nobody hurry.
  if (lacks && grew && before && user.place) user.place->due_ms = before->due_ms;
}

// What is known stays, nothing is ended, and the account is read again after a while.
void leave_unproven(storage::Writer& writer, Taking& taking, User& user, const ListMarks& marks) {
  for (const List list : all_lists) {
    const auto& record = user.list(list);
    if (record.state != ListState::unconfirmed || !is_marked(marks.ended, list)) continue;
    doubt_list(writer, user, list, record.missing);
  }
  settle(writer, taking, user);
}

void start_over(storage::Writer& writer, const Taking& taking, User& user, const ListMarks& marks) {
  bool any = false;
  for (const List list : all_lists) {
    ListState& state = user.list(list).state;
    const bool waits = state == ListState::unconfirmed || state == ListState::reading;
    if (!waits || !is_marked(marks.touched, list)) continue;
    state = ListState::unread;
    erase_traces(writer, user.id, list);
    // "Not changed since" must not stand for a reading that nobody confirmed.
    storage::graph::erase_etag(writer, list_target(user.id, list));
    any = true;
  }
  if (!any || user.presence == Presence::gone) return;
  // Before those that only grew old, behind nobody whom a person waits for.
  user.place = first_place(user, taking);
  if (!user.place) user.place = Place{storage::graph::rank_stale, 0, taking.now_ms};
}

}  // namespace

bool must_be_compared(const storage::Reader& reader, const User& user, List list, bool doubted) {
  if (user.list(list).state != ListState::unconfirmed) return false;
  // A long one notes all of its entries, so that to look is work.
  const bool looks = doubted || user.list(list).reported <= entries_at_once;
  if (!looks || !was_seen(reader, user.id, list, compares_mark)) return false;
  const std::vector<std::uint64_t> missing = missing_in(reader, user.id, list);
  return std::any_of(missing.begin(), missing.end(), [&](std::uint64_t id) {
    return doubted || is_shown_elsewhere(reader, user, list, id);
  });
}

void take_confirmation(storage::Writer& writer, Taking& taking, const std::vector<UserId>& batch,
                       bool agrees) {
  take_verdict(writer, taking, batch, {}, agrees ? Verdict::complete : Verdict::again);
}

void take_verdict(storage::Writer& writer, Taking& taking, const std::vector<UserId>& batch,
                  const BatchLists& lists, Verdict verdict) {
  for (const UserId id : batch) {
    auto user = storage::graph::find_user(writer, id);
    if (!user) continue;
    const ListMarks marks = marks_of(lists, id);
    switch (verdict) {
      case Verdict::complete: confirm(writer, taking, *user, marks); break;
      case Verdict::again: start_over(writer, taking, *user, marks); break;
      case Verdict::unproven: leave_unproven(writer, taking, *user, marks); break;
    }
    put_user(writer, *user);
  }
}

}  // namespace tidemark::jobs::discovery
