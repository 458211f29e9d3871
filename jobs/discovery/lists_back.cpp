#include "jobs/discovery/lists_back.hpp"

#include <charconv>
#include <string>

#include "jobs/discovery/capabilities.hpp"
#include "jobs/discovery/crawl.hpp"
#include "storage/cursors.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::ListState;
using storage::graph::Place;
using storage::graph::Presence;
using storage::graph::User;

namespace {

// A cursor each: since when the list had been gone.
std::string name_of_cursor(List list) {
  return "back " + std::string(storage::graph::name_of(list));
}

std::optional<std::int64_t> gone_since(const storage::Reader& reader, List list) {
  const auto text = storage::find_cursor(reader, cursor_owner, name_of_cursor(list));
  if (!text) return std::nullopt;
  std::int64_t gone_ms = 0;
  std::from_chars(text->data(), text->data() + text->size(), gone_ms);
  return gone_ms;
}

// It was read after `gone_ms`, but not this list of it.
bool lacks(const User& user, List list, std::int64_t gone_ms) {
  const auto& record = user.list(list);
  const bool under_way =
      record.state == ListState::reading || record.state == ListState::unconfirmed;
  return user.read_ms >= gone_ms && user.read_ms != 0 && record.read_ms < user.read_ms &&
         !under_way;
}

}  // namespace

void note_list_back(storage::Writer& writer, List list, std::int64_t gone_ms) {
  storage::put_cursor(writer, cursor_owner, name_of_cursor(list), std::to_string(gone_ms));
}

bool ask_for_lists_back(storage::Writer& writer, const Taking& taking, UserId& after,
                        std::size_t most) {
  std::array<std::optional<std::int64_t>, 4> gone_ms;
  bool any = false;
  for (const List list : storage::graph::all_lists) {
    auto& since = gone_ms[static_cast<std::size_t>(list) - 1];
    since = gone_since(writer, list);
    any = any || since.has_value();
  }
  if (!any) return true;
  std::vector<User> due;
  std::size_t rows = 0;
  storage::graph::UserPosition begin;
  begin.id = after;
  const auto each = [&](const User& user, const storage::graph::UserPosition&) {
    const auto wanted = wanted_lists(writer, user.kind, taking.settings);
    const bool later = user.place && user.place->due_ms > taking.now_ms;
    bool lacks_one = false;
    for (const List list : storage::graph::all_lists) {
      const std::size_t place = static_cast<std::size_t>(list) - 1;
      const bool asks = wanted[place] && gone_ms[place].has_value();
      lacks_one = lacks_one || (asks && lacks(user, list, *gone_ms[place]));
    }
    if (later && lacks_one && user.presence == Presence::here) due.push_back(user);
    after = user.id;
    return ++rows < most;
  };
  storage::graph::scan_users(writer, storage::graph::UserOrder::id, begin, "", each);
  for (User& user : due) {
    user.place = Place{storage::graph::rank_stale, 0, taking.now_ms};
    put_user(writer, user);
  }
  if (rows >= most) return false;
  after = 0;
  for (const List list : storage::graph::all_lists) {
    if (!gone_ms[static_cast<std::size_t>(list) - 1]) continue;
    storage::erase_cursor(writer, cursor_owner, name_of_cursor(list));
  }
  return true;
}

}  // namespace tidemark::jobs::discovery
