#include "jobs/discovery/raised_limits.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <limits>

#include "jobs/discovery/depths.hpp"
#include "jobs/discovery/limits.hpp"
#include "storage/cursors.hpp"

namespace tidemark::jobs::discovery {

namespace json = boost::json;
using storage::graph::Presence;
using storage::graph::User;

namespace {

constexpr std::string_view limits_name = "limits";
constexpr std::size_t accounts_at_once = 2'000;
constexpr std::size_t without_repositories = 6, with_repositories = 8;  // numbers in the cursor
constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

struct Limits {
  std::uint64_t depth = 0, users = 0, repositories = 0;
  friend bool operator==(const Limits&, const Limits&) = default;
};

// What every account has a place for, what it is to be, and how far the walk there has come.
struct Walk {
  Limits now, goal;
  bool had_no_room = false, had_no_repositories = false;
  UserId after = 0;
  friend bool operator==(const Walk&, const Walk&) = default;
};

Walk read_walk(const storage::Reader& reader) {
  const auto text = storage::find_cursor(reader, cursor_owner, limits_name);
  if (!text) return {};
  boost::system::error_code error;
  const json::value root = json::parse(*text, error);
  const std::size_t size = !error && root.is_array() ? root.get_array().size() : 0;
  if (size != without_repositories && size != with_repositories) {
    throw storage::CorruptRecord(
        "cursors \"discovery\", \"limits\": not a list of eight numbers; restore a backup");
  }
  // Before there was a limit of repositories, there was room for all.
  std::array<std::uint64_t, with_repositories> number{0, 0, 0, 0, 0, 0, no_limit, no_limit};
  std::ranges::transform(root.get_array(), number.begin(),
                         [](const json::value& each) { return each.to_number<std::uint64_t>(); });
  return {.now = {number[0], number[1], number[6]},
          .goal = {number[2], number[3], number[7]},
          .had_no_room = (number[4] & 1) != 0,
          .had_no_repositories = (number[4] & 2) != 0,
          .after = number[5]};
}

void write_walk(storage::Writer& writer, const Walk& walk) {
  const json::array numbers{walk.now.depth,
                            walk.now.users,
                            walk.goal.depth,
                            walk.goal.users,
                            (walk.had_no_room ? std::uint64_t{1} : std::uint64_t{0}) |
                                (walk.had_no_repositories ? std::uint64_t{2} : std::uint64_t{0}),
                            walk.after,
                            walk.now.repositories,
                            walk.goal.repositories};
  storage::put_cursor(writer, cursor_owner, limits_name, json::serialize(numbers));
}

Limits limits_of(const storage::Reader& reader, const DiscoverySettings& settings) {
  return {settings.depth_most, users_limit(reader, settings), settings.repositories_most};
}

// The walk that today's limits ask for: the one under way, a new one, or none.
Walk towards(const storage::Reader& reader, const Limits& limits) {
  Walk walk = read_walk(reader);
  // A smaller limit holds at once, for whoever is seen from now on.
  walk.now.depth = std::min(walk.now.depth, limits.depth);
  walk.now.users = std::min(walk.now.users, limits.users);
  walk.now.repositories = std::min(walk.now.repositories, limits.repositories);
  if (walk.goal != limits) {
    const storage::graph::Totals totals = storage::graph::totals(reader);
    walk.had_no_room = limits.users > walk.now.users && accounts_in(totals) >= walk.now.users;
    walk.had_no_repositories =
        limits.repositories > walk.now.repositories && totals.repositories >= walk.now.repositories;
    walk.goal = limits;
    walk.after = 0;
  }
  return walk;
}

bool is_over(const Walk& walk) { return walk.now == walk.goal; }

bool had_no_room_for(const User& user, const Walk& walk) {
  const auto is_cut = [&](List list) {
    return user.list(list).state == storage::graph::ListState::cut;
  };
  if (is_cut(List::stars)) return walk.had_no_room || walk.had_no_repositories;
  if (walk.had_no_repositories && is_cut(List::repositories)) return true;
  return walk.had_no_room && (is_cut(List::followers) || is_cut(List::following));
}

void place(storage::Writer& writer, const Taking& taking, User user, const Walk& walk) {
  const bool here = user.presence == Presence::here;
  if (!user.place && user.read_ms == 0) {
    user.place = first_place(user, taking);
  } else if (here && user.place && had_no_room_for(user, walk)) {
    if (user.place->rank != storage::graph::rank_stale) return;
    user.place->due_ms = std::min(user.place->due_ms, taking.now_ms);
  } else {
    return;
  }
  put_user(writer, user);
}

}  // namespace

bool raise_limits(storage::Writer& writer, Taking& taking, std::size_t most) {
  Walk walk = towards(writer, limits_of(writer, taking.settings));
  if (!is_over(walk)) {
    std::vector<User> users;
    const auto each = [&](const User& user, const storage::graph::UserPosition&) {
      users.push_back(user);
      return users.size() < most;
    };
    storage::graph::UserPosition after;
    after.id = walk.after;
    scan_users(writer, storage::graph::UserOrder::id, after, "", each);
    for (User& user : users) {
      walk.after = user.id;
      place(writer, taking, std::move(user), walk);
    }
    if (users.size() < most) walk = Walk{.now = walk.goal, .goal = walk.goal};
  }
  if (walk != read_walk(writer)) write_walk(writer, walk);
  return is_over(walk);
}

void leave_out_limits(storage::Writer& writer, UserId id) {
  Walk walk = read_walk(writer);
  if (walk.after != id) return;
  walk.after = id - 1;  // only a place in the order of numbers
  write_walk(writer, walk);
}

async::Task<void> look_at_limits(CrawlContext& context) {
  DiscoveryServices& services = context.services;
  bool over = false;
  auto look = [&](const storage::Reader& reader) {
    const Limits limits = limits_of(reader, services.settings);
    over = towards(reader, limits) == read_walk(reader) && read_walk(reader).now == limits;
  };
  co_await services.store.read(std::move(look));
  while (!over && !context.run.stopping()) {
    auto walk = [&](storage::Writer& writer) {
      Taking taking{.now_ms = wall_ms(context),
                    .settings = services.settings,
                    .denied = context.denied,
                    .familiar = context.familiar};
      over = raise_limits(writer, taking, accounts_at_once);
    };
    co_await context.run.commit(storage::Durability::soon, std::move(walk));
  }
}

}  // namespace tidemark::jobs::discovery
