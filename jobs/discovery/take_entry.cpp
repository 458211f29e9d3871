#include "jobs/discovery/deny.hpp"
#include "jobs/discovery/depths.hpp"
#include "jobs/discovery/staleness.hpp"
#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::Presence;
using storage::graph::User;

namespace {

// How often it is written down that a known account was seen in somebody's list.
constexpr std::int64_t sighting_ms = day_ms;

bool makes_sense(const Entry& entry) {
  return entry.id != 0 && entry.id <= storage::graph::user_id_most && !entry.login.empty() &&
         entry.login.find('\0') == std::string::npos &&
         entry.node_id.find('\0') == std::string::npos;
}

bool add(storage::Writer& writer, Taking& taking, const Entry& entry, std::uint32_t depth) {
  if (taking.room == 0) return false;
  --taking.room;
  User user;
  user.id = entry.id;
  user.node_id = entry.node_id;
  user.login = entry.login;
  user.kind = entry.kind;
  user.depth = depth;
  user.first_seen_ms = user.last_seen_ms = taking.now_ms;
  user.place = first_place(user, taking);
  put_user(writer, user);
  ++taking.users_found;
  return true;
}

// GitHub's list of a moment ago is no proof that an account is back: it is looked at again.
void doubt_that_it_is_gone(User& user, std::int64_t now_ms) {
  if (user.presence != Presence::gone || user.place) return;
  user.place = storage::graph::Place{storage::graph::rank_stale, 0, now_ms + gone_look_ms};
}

void see_again(storage::Writer& writer, const Taking& taking, User user, const Entry& entry,
               std::uint32_t depth) {
  const User before = user;
  user.login = entry.login;
  if (!entry.node_id.empty()) user.node_id = entry.node_id;
  user.kind = entry.kind;
  doubt_that_it_is_gone(user, taking.now_ms);
  if (depth < user.depth) shorten(writer, taking, user, depth);
  if (user == before && taking.now_ms < user.last_seen_ms + sighting_ms) return;
  user.last_seen_ms = std::max(user.last_seen_ms, taking.now_ms);
  put_user(writer, user);
}

}  // namespace

bool is_denied(storage::Writer& writer, const Taking& taking, const Entry& entry) {
  if (!taking.denied.denies(entry.id, entry.login)) return false;
  const bool by_number = taking.denied.denies(entry.id, "");
  if (by_number || entry.id == 0 || entry.id > storage::graph::user_id_most) return true;
  if (const auto user = storage::graph::find_user(writer, entry.id)) {
    (void)deny_and_forget(writer, *user, taking.now_ms);
  }
  storage::graph::deny_user(writer, entry.id, entry.login, taking.now_ms);
  return true;
}

bool take_entry(storage::Writer& writer, Taking& taking, const Entry& entry, std::uint32_t depth) {
  if (!makes_sense(entry) || is_denied(writer, taking, entry)) return false;
  if (taking.familiar.knows(entry.id, entry.login, depth)) return true;
  auto user = storage::graph::find_user(writer, entry.id);
  if (user) {
    see_again(writer, taking, std::move(*user), entry, depth);
  } else if (!add(writer, taking, entry, depth)) {
    return false;
  }
  taking.learnt.emplace_back(entry, depth);
  return true;
}

}  // namespace tidemark::jobs::discovery
