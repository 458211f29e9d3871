#include "jobs/discovery/capabilities.hpp"
#include "jobs/discovery/settle.hpp"
#include "jobs/discovery/staleness.hpp"
#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::all_lists;
using storage::graph::ListState;
using storage::graph::Presence;
using storage::graph::Profile;
using storage::graph::User;

namespace {

bool has_short_list(const User& user) {
  for (const List list : all_lists) {
    if (user.list(list).state == ListState::cut) return true;
  }
  return false;
}

// Numbers of gists come where they are free.
void keep_gists(User& user, Profile profile) {
  if (!profile.public_gists) profile.public_gists = user.profile.public_gists;
  user.profile = std::move(profile);
}

void take_profile(storage::Writer& writer, const Taking& taking, User& user, Profile profile,
                  bool was_here) {
  // A list was short: it will most likely be short again, by as much (see note_shortfall).
  const bool again = user.read_ms != 0 && was_here && has_short_list(user);
  user.fruitless = again ? user.fruitless + 1 : 0;
  keep_gists(user, std::move(profile));
  user.read_ms = taking.now_ms;
  const auto wanted = wanted_lists(writer, user.kind, taking.settings);
  for (const List list : all_lists) {
    if (!wanted[static_cast<std::size_t>(list) - 1]) continue;
    user.list(list).state = ListState::unread;  // when it was last complete is kept
    erase_traces(writer, user.id, list);
  }
}

// False: it is not to be known, or is another one.
bool take_identity(storage::Writer& writer, const Taking& taking, User& user,
                   const Entry& account) {
  if (account.id != user.id || is_denied(writer, taking, account)) {
    user.place.reset();
    if (storage::graph::find_user(writer, user.id)) put_user(writer, user);
    return false;
  }
  if (!account.login.empty()) user.login = account.login;
  if (!account.node_id.empty()) user.node_id = account.node_id;
  user.kind = account.kind;
  user.last_seen_ms = taking.now_ms;
  if (user.first_seen_ms == 0) user.first_seen_ms = taking.now_ms;
  user.presence = Presence::here;
  user.gone_ms = 0;
  return true;
}

void begin_first_page(storage::Writer& writer, const Taking& taking, User& user,
                      const ListPage& count) {
  erase_traces(writer, user.id, count.list);
  storage::graph::ListReading reading;
  reading.user = user.id;
  reading.list = count.list;
  reading.total = count.total.value_or(0);
  reading.started_ms = taking.now_ms;
  put_list_reading(writer, reading);
  user.list(count.list).state = ListState::reading;
}

}  // namespace

void take_account(storage::Writer& writer, Taking& taking, User& user, const AccountNews& news) {
  const bool was_here = user.presence == Presence::here;
  if (!take_identity(writer, taking, user, news.account)) return;
  if (news.profile) {
    take_profile(writer, taking, user, *news.profile, was_here);
    ++taking.users_read;
  }
  settle(writer, taking, user);
  put_user(writer, user);
}

void take_counted(storage::Writer& writer, Taking& taking, User& user, const AccountNews& news,
                  const std::vector<ListPage>& counts) {
  if (!news.profile) return take_account(writer, taking, user, news);
  if (!take_identity(writer, taking, user, news.account)) return;
  keep_gists(user, *news.profile);
  user.read_ms = taking.now_ms;
  ++taking.users_read;
  const auto wanted = wanted_lists(writer, user.kind, taking.settings);
  for (const ListPage& count : counts) {
    const auto& record = user.list(count.list);
    const bool stays = record.state == ListState::complete && record.reported == count.total;
    const bool asked_for = wanted[static_cast<std::size_t>(count.list) - 1] && !count.refused;
    const bool moved = asked_for && !stays && record.state != ListState::reading;
    if (moved) begin_first_page(writer, taking, user, count);
  }
  settle(writer, taking, user);
  put_user(writer, user);
}

void take_gone(storage::Writer& writer, Taking& taking, User& user) {
  if (user.presence == Presence::here) {
    user.presence = Presence::gone;
    user.gone_ms = taking.now_ms;
    user.fruitless = 0;
  } else {
    ++user.fruitless;
  }
  for (const List list : all_lists) {
    ListState& state = user.list(list).state;
    const bool under_way = state == ListState::reading || state == ListState::unconfirmed;
    if (under_way) state = ListState::unread;
    erase_traces(writer, user.id, list);
  }
  user.place = next_place(user, taking.now_ms, taking.settings);
  put_user(writer, user);
}

}  // namespace tidemark::jobs::discovery
