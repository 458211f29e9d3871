#include "jobs/discovery/staleness.hpp"

#include <algorithm>

#include "jobs/discovery/batches.hpp"
#include "storage/graph/frontier.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::List;
using storage::graph::ListRecord;
using storage::graph::ListState;
using storage::graph::Place;
using storage::graph::Presence;
using storage::graph::User;

namespace {

struct Shortage {
  bool any = false;
  bool hurries = false;  // more is missing than may have come while it was read
};

// Its pages came one after the other, and somebody followed meanwhile.
bool may_have_grown(const ListRecord& record) {
  const std::uint64_t taken = record.reported - std::min(record.reported, record.missing);
  return record.missing != 0 && record.reported > entries_at_once &&
         growth_explains(taken, record.reported);
}

Shortage shortage_of(const User& user, const Standing& standing) {
  Shortage found;
  if (standing.full) return found;
  for (const List list : storage::graph::all_lists) {
    const bool of_repositories = list == List::repositories || list == List::stars;
    const bool wanted = standing.wanted[static_cast<std::size_t>(list) - 1] &&
                        !(of_repositories && standing.repositories_full);
    if (!wanted || user.list(list).state != ListState::cut) continue;
    found.any = true;
    found.hurries = found.hurries || !may_have_grown(user.list(list));
  }
  return found;
}

// A page of it comes with each question at most: whoever begins last is asked about alone in the
// end, a point a page.
bool has_long_list(const User& user) {
  return std::any_of(user.lists.begin(), user.lists.end(),
                     [](const auto& list) { return list.reported > entries_at_once; });
}

}  // namespace

bool counting_suffices(const User& user, std::int64_t now_ms, const DiscoverySettings& settings,
                       const std::array<bool, 4>& wanted) {
  const bool known = user.read_ms != 0 && user.presence == Presence::here && user.place &&
                     user.place->rank == storage::graph::rank_stale;
  const auto may_stay = [&](List list) {
    if (!wanted[static_cast<std::size_t>(list) - 1]) return true;
    const auto& record = user.list(list);
    return record.state == ListState::complete &&
           now_ms < record.read_ms + counted_waits * settings.refresh_ms;
  };
  return known &&
         std::all_of(storage::graph::all_lists.begin(), storage::graph::all_lists.end(), may_stay);
}

bool is_like_before(std::uint64_t missing, std::uint64_t before) {
  // Of a thousand hidden followers some come and go.
  const std::uint64_t moved = std::max(missing, before) - std::min(missing, before);
  return missing != 0 && moved <= before / 10;
}

void note_shortfall(User& user, storage::graph::ListRecord& record, std::uint64_t taken) {
  const std::uint64_t missing = std::max(record.reported, taken) - std::min(record.reported, taken);
  if (missing != 0 && !is_like_before(missing, record.missing)) user.fruitless = 0;
  record.missing = missing;
}

std::optional<Place> next_place(const User& user, std::int64_t now_ms,
                                const DiscoverySettings& settings, const Standing& standing) {
  Place place;
  place.rank = storage::graph::rank_stale;
  if (user.presence == Presence::gone) {
    if (user.fruitless >= gone_looks_most) return std::nullopt;
    place.due_ms = now_ms + gone_look_ms;
    return place;
  }
  if (!has_long_list(user)) place.depth = std::min(settings.depth_most, turn_of_short_lists);
  // Not from when its last list came: long ones would begin later each time.
  const std::int64_t usual_ms =
      std::max(user.read_ms + settings.refresh_ms, now_ms + settings.refresh_ms / 2);
  const Shortage shortage = shortage_of(user, standing);
  const std::int64_t first_ms = std::min(short_list_ms, settings.refresh_ms);
  const std::int64_t soon_ms = now_ms + (first_ms << std::min(user.fruitless, doublings_most));
  place.due_ms = usual_ms;
  if (shortage.any) place.due_ms = shortage.hurries ? soon_ms : std::max(soon_ms, usual_ms);
  return place;
}

}  // namespace tidemark::jobs::discovery
