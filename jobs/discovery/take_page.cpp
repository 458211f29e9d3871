#include <algorithm>

#include "jobs/discovery/capabilities.hpp"
#include "jobs/discovery/depths.hpp"
#include "jobs/discovery/edge_lists.hpp"
#include "jobs/discovery/settle.hpp"
#include "jobs/discovery/staleness.hpp"
#include "jobs/discovery/take.hpp"
#include "jobs/discovery/take_repositories.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::Edge;
using storage::graph::ListReading;
using storage::graph::ListRecord;
using storage::graph::ListState;
using storage::graph::User;

namespace {

// Longer lists are not compared with what was known: each entry would be written down once more.
constexpr std::uint64_t compared_most = 100'000;
// Of a worklist, beside each page.
constexpr std::size_t depths_at_once = 200;

// What of a page counts as read: distinct, and not for want of room left out.
using Ids = std::vector<std::uint64_t>;

void sort_unique(Ids& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

Ids take_entries(storage::Writer& writer, Taking& taking, const User& user, const ListPage& page) {
  using storage::graph::depth_unknown;
  const std::uint32_t depth = user.depth == depth_unknown ? depth_unknown : user.depth + 1;
  const auto list = edge_list(page.list);
  Ids ids;
  std::vector<Edge> edges;
  for (const Entry& entry : page.entries) {
    // Somebody who is not to be known counts, and leaves no trace.
    const bool denied = is_denied(writer, taking, entry);
    // The account's own row is in our caller's hands.
    const bool known = entry.id == user.id || (!denied && take_entry(writer, taking, entry, depth));
    if (known || denied) ids.push_back(denied ? taking.denied.stand_in(entry.id) : entry.id);
    if (known) edges.push_back(list->edge(user.id, entry.id));
  }
  put_edges(writer, list->kind, edges);
  taking.edges += edges.size();
  sort_unique(ids);
  return ids;
}

Ids take_contents(storage::Writer& writer, Taking& taking, const User& user, const ListPage& page) {
  Ids ids;
  if (page.list == List::repositories) {
    ids = take_repositories(writer, taking, user, page.repositories);
  } else if (page.list == List::stars) {
    ids = take_stars(writer, taking, user, page);
  } else {
    return take_entries(writer, taking, user, page);
  }
  sort_unique(ids);
  return ids;
}

// The store has something in this list that the page, which is all of it, does not show.
bool lacks_something(const storage::Reader& reader, UserId user, List list, const Ids& ids) {
  bool lacks = false;
  const auto each = [&](std::uint64_t id) {
    lacks = !std::binary_search(ids.begin(), ids.end(), id);
    return !lacks;
  };
  scan_list(reader, user, list, each);
  return lacks;
}

ListReading begin_reading(const Taking& taking, const User& user, const ListPage& page,
                          std::uint64_t counted) {
  ListReading reading;
  reading.user = user.id;
  reading.list = page.list;
  reading.rest = page.rest;
  reading.total = counted;
  reading.started_ms = taking.now_ms;
  const bool was_complete = user.list(page.list).read_ms != 0;
  // Pages of REST are numbered, and shift when somebody follows meanwhile: entries may come twice.
  reading.compares = !page.next.empty() && (was_complete || page.rest) && counted <= compared_most;
  return reading;
}

void note_page(storage::Writer& writer, ListReading& reading, Ids ids) {
  const auto seen_before = [&](std::uint64_t id) {
    return was_seen(writer, reading.user, reading.list, id);
  };
  if (reading.compares) {
    ids.erase(std::remove_if(ids.begin(), ids.end(), seen_before), ids.end());
    note_seen(writer, reading.user, reading.list, ids);
    note_seen(writer, reading.user, reading.list, {compares_mark});
  }
  reading.taken += ids.size();
}

// All pages came. Whether they are all there is, somebody else is asked.
void end_list(storage::Writer& writer, User& user, ListRecord& record, const ListReading& reading,
              const ListPage& page, bool short_of_known) {
  if (find_list_reading(writer, user.id, page.list)) erase_list_reading(writer, user.id, page.list);
  if (page.list == List::stars && !page.total) record.reported = reading.taken;  // REST: no count
  const bool whole = reading.taken == record.reported && page.unreadable == 0 && !short_of_known;
  record.state = whole ? ListState::unconfirmed : ListState::cut;
  if (whole) return;  // what it lacked before is forgotten when it is confirmed
  note_shortfall(user, record, reading.taken);
  erase_seen(writer, user.id, page.list);
}

void take_list(storage::Writer& writer, Taking& taking, User& user, const ListPage& page) {
  ListRecord& record = user.list(page.list);
  if (page.first) erase_traces(writer, user.id, page.list);
  auto found = find_list_reading(writer, user.id, page.list);
  if (page.total) {
    record.reported = *page.total;
  } else if (page.first) {
    record.reported = counted_in(user.profile, page.list);
  }
  const Ids ids = take_contents(writer, taking, user, page);
  if (!page.first && !found) return;  // of a reading that was given up
  ListReading reading =
      found ? std::move(*found) : begin_reading(taking, user, page, record.reported);
  bool short_of_known = false;
  if (page.first && page.next.empty()) {
    // What is missing is ended when the list is confirmed; until then what was seen is kept.
    const bool lacks = lacks_something(writer, user.id, page.list, ids);
    short_of_known = lacks && ids.empty();
    reading.compares = lacks && !ids.empty();
  }
  note_page(writer, reading, ids);
  if (page.next.empty()) return end_list(writer, user, record, reading, page, short_of_known);
  reading.next = page.next;
  reading.rest = page.rest;
  reading.failures = 0;
  put_list_reading(writer, reading);
  record.state = ListState::reading;
}

void note_sign(storage::Writer& writer, const Taking& taking, const User& user,
               const ListPage& page) {
  const auto& known = user.list(page.list);
  const std::uint64_t had = known.read_ms == 0 ? 0 : known.reported;
  const auto seen = observe(page, user.id, counted_in(user.profile, page.list), had);
  if (!seen) return;
  const auto before = storage::graph::find_capability(writer, page.list);
  put_capability(writer, judge(before, *seen, taking.now_ms));
}

}  // namespace

void take_page(storage::Writer& writer, Taking& taking, User& user, const ListPage& page) {
  if (taking.denied.denies(user.id, user.login)) return;
  note_sign(writer, taking, user, page);
  if (page.refused) {
    if (page.total) user.list(page.list).reported = *page.total;
    user.list(page.list).state = ListState::cut;
    erase_traces(writer, user.id, page.list);
  } else {
    take_list(writer, taking, user, page);
  }
  settle(writer, taking, user);
  put_user(writer, user);
  (void)lower_depths(writer, taking, depths_at_once);
  if (const auto now = storage::graph::find_user(writer, user.id)) user = *now;
}

void take_unchanged(storage::Writer& writer, Taking& taking, User& user, List list) {
  ListRecord& record = user.list(list);
  erase_traces(writer, user.id, list);
  const bool was_complete = record.read_ms != 0;
  record.state = was_complete ? ListState::complete : ListState::cut;
  if (was_complete) {
    record.read_ms = taking.now_ms;
    record.missing = 0;
  }
  settle(writer, taking, user);
  put_user(writer, user);
}

}  // namespace tidemark::jobs::discovery
