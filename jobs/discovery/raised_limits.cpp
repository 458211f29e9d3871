#include "jobs/discovery/raised_limits.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

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

struct Limits {
  std::uint64_t depth = 0, users = 0;
  friend bool operator==(const Limits&, const Limits&) = default;
};

// What every account has a place for, what it is to be, and how far the walk there has come.
struct Walk {
  Limits now, goal;
  bool had_no_room = false;
  UserId after = 0;
  friend bool operator==(const Walk&, const Walk&) = default;
};

Walk read_walk(const storage::Reader& reader) {
  const auto text = storage::find_cursor(reader, cursor_owner, limits_name);
  if (!text) return {};
  boost::system::error_code error;
  const json::value root = json::parse(*text, error);
  if (error || !root.is_array() || root.get_array().size() != 6) {
    throw storage::CorruptRecord(
        "cursors \"discovery\", \"limits\": not a list of six numbers; restore a backup");
  }
  std::array<std::uint64_t, 6> number{};
  std::ranges::transform(root.get_array(), number.begin(),
                         [](const json::value& each) { return each.to_number<std::uint64_t>(); });
  return {{number[0], number[1]}, {number[2], number[3]}, number[4] != 0, number[5]};
}

void write_walk(storage::Writer& writer, const Walk& walk) {
  const json::array numbers{walk.now.depth,
                            walk.now.users,
                            walk.goal.depth,
                            walk.goal.users,
                            walk.had_no_room ? std::uint64_t{1} : std::uint64_t{0},
                            walk.after};
  storage::put_cursor(writer, cursor_owner, limits_name, json::serialize(numbers));
}

Limits limits_of(const storage::Reader& reader, const DiscoverySettings& settings) {
  return {settings.depth_most, users_limit(reader, settings)};
}

// The walk that today's limits ask for: the one under way, a new one, or none.
Walk towards(const storage::Reader& reader, const Limits& limits) {
  Walk walk = read_walk(reader);
  // A smaller limit holds at once, for whoever is seen from now on.
  walk.now.depth = std::min(walk.now.depth, limits.depth);
  walk.now.users = std::min(walk.now.users, limits.users);
  if (walk.goal != limits) {
    // Accounts without people may be some more than the limit.
    walk.had_no_room =
        limits.users > walk.now.users && storage::graph::totals(reader).users >= walk.now.users;
    walk.goal = limits;
    walk.after = 0;
  }
  return walk;
}

bool is_over(const Walk& walk) { return walk.now == walk.goal; }

bool has_cut_list(const User& user) {
  const auto is_cut = [&](List list) {
    return user.list(list).state == storage::graph::ListState::cut;
  };
  return is_cut(List::followers) || is_cut(List::following) || is_cut(List::stars);
}

void place(storage::Writer& writer, const Taking& taking, User user, bool had_no_room) {
  const bool here = user.presence == Presence::here;
  if (!user.place && user.read_ms == 0) {
    user.place = first_place(user, taking);
  } else if (had_no_room && here && user.place && has_cut_list(user)) {
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
      place(writer, taking, std::move(user), walk.had_no_room);
    }
    if (users.size() < most) walk = Walk{walk.goal, walk.goal};
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
