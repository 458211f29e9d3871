#include "daemon/routes/graph/user_sorts.hpp"

namespace tidemark::daemon::graph {

using storage::graph::Profile;
using storage::graph::User;
using storage::graph::UserOrder;

namespace {

using Number = std::optional<std::int64_t>;

// Of accounts that were read.
template <std::uint64_t Profile::* Count>
Number count_of(const User& user) {
  if (user.read_ms == 0) return std::nullopt;
  return static_cast<std::int64_t>(user.profile.*Count);
}

Number gists_of(const User& user) {
  const auto& gists = user.profile.public_gists;
  return gists ? Number(static_cast<std::int64_t>(*gists)) : std::nullopt;
}

Number known_time(std::int64_t time) { return time == 0 ? std::nullopt : Number(time); }

template <std::int64_t User::* Time>
Number time_of(const User& user) {
  return known_time(user.*Time);
}

}  // namespace

const std::vector<UserSort>& user_sorts() {
  static const std::vector<UserSort> sorts = {
      {.name = "id", .index = UserOrder::id},
      {.name = "login", .index = UserOrder::login},
      {.name = "created_at", .index = UserOrder::created, .index_way = Way::falling},
      {.name = "followers_count", .index = UserOrder::followers, .index_way = Way::falling},
      {.name = "following_count", .number = count_of<&Profile::following>},
      {.name = "public_repos", .number = count_of<&Profile::public_repos>},
      {.name = "public_gists", .number = gists_of},
      {.name = "updated_at",
       .number = [](const User& user) { return known_time(user.profile.updated_s); }},
      {.name = "first_seen", .number = time_of<&User::first_seen_ms>},
      {.name = "last_seen", .number = time_of<&User::last_seen_ms>},
      {.name = "read_at", .number = time_of<&User::read_ms>},
  };
  return sorts;
}

}  // namespace tidemark::daemon::graph
