#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"

namespace tidemark::storage::graph {

// GitHub's number of an account (`databaseId` in GraphQL, `id` in REST), of people and of
// organisations alike. It never changes; logins do, and are given to others.
using UserId = std::uint64_t;
inline constexpr UserId user_id_most = (UserId{1} << 40) - 1;  // five bytes in an edge's key

// On disk: never change a number.
enum class UserKind : std::uint8_t { user = 1, organization = 2, bot = 3 };
enum class Presence : std::uint8_t {
  here = 1,
  gone = 2,  // GitHub does not find it any more: deleted, suspended, or hidden
};
// The lists of an account, each a capability that GitHub may take away.
enum class List : std::uint8_t { followers = 1, following = 2, repositories = 3, stars = 4 };
inline constexpr std::array<List, 4> all_lists = {List::followers, List::following,
                                                  List::repositories, List::stars};
[[nodiscard]] std::string_view name_of(List list);  // "followers"

enum class ListState : std::uint8_t {
  unread = 0,
  reading = 1,      // pages are missing
  unconfirmed = 2,  // all pages came; nobody has compared them with an independent count yet
  complete = 3,
  cut = 4,  // GitHub gave less than it counts elsewhere, or refused: what is known stays
};
struct ListRecord {
  ListState state = ListState::unread;
  std::int64_t read_ms = 0;    // when the last complete reading of it ended; 0: never
  std::uint64_t reported = 0;  // how long GitHub said it is, at the last answer that told
  std::uint64_t missing = 0;   // how many entries fewer (or more) the last reading of it brought
  friend bool operator==(const ListRecord&, const ListRecord&) = default;
};

// What GitHub tells of an account; an empty text: nothing.
struct Profile {
  std::string name, location, bio, company, email;
  std::int64_t created_s = 0, updated_s = 0;
  std::uint64_t followers = 0, following = 0, public_repos = 0;
  std::optional<std::uint64_t> public_gists;  // costs a connection: asked where it is free
  friend bool operator==(const Profile&, const Profile&) = default;
};

// Where an account stands in the frontier (storage/graph/frontier.hpp); kept in both rows.
struct Place {
  std::uint8_t rank = 0;
  std::uint32_t depth = 0;
  std::int64_t due_ms = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

inline constexpr std::uint32_t depth_unknown = 0xffff'ffff;

struct User {
  UserId id = 0;
  std::string node_id, login;  // either may be empty: not known
  UserKind kind = UserKind::user;
  Presence presence = Presence::here;
  std::uint32_t depth = depth_unknown;  // steps from the nearest seed; 0: a seed
  std::int64_t first_seen_ms = 0, last_seen_ms = 0;
  std::int64_t read_ms = 0;  // when the profile was read; 0: known by name only
  std::int64_t gone_ms = 0;  // since when it is gone
  Profile profile;
  std::array<ListRecord, 4> lists;  // by List, less one
  // Readings in a row, made because a list was short, that found it as short: the guard against
  // reading an account for ever.
  std::uint32_t fruitless = 0;
  std::optional<Place> place;

  [[nodiscard]] ListRecord& list(List which) { return lists[static_cast<std::size_t>(which) - 1]; }
  [[nodiscard]] const ListRecord& list(List which) const {
    return lists[static_cast<std::size_t>(which) - 1];
  }
  friend bool operator==(const User&, const User&) = default;
};

// `put_user` is the only one that touches rows of users, and moves with them, in the same
// transaction: the names, the orders, the frontier and the totals (P5). A login or node id that
// another account has is taken from it: that one's is empty until it is read again. What an account
// gives up leads to it still (storage/graph/names.hpp).
[[nodiscard]] std::optional<User> find_user(const Reader& reader, UserId id);
void put_user(Writer& writer, const User& user);
// The row, its names, orders and place. Edges and repositories are erased by `forget_user`.
void erase_user(Writer& writer, const User& user);

// Who has this login now (without regard to case), else who had it last.
struct NameHolder {
  UserId id = 0;
  bool former = false;  // has another login now
};
[[nodiscard]] std::optional<NameHolder> find_login(const Reader& reader, std::string_view login);
[[nodiscard]] std::optional<UserId> find_node_id(const Reader& reader, std::string_view node_id);

// Ways to walk through all accounts. `last_name`, `last_number`: where the page before ended.
enum class UserOrder : std::uint8_t {
  id = 0,         // ascending
  login = 1,      // ascending, in lower case
  created = 2,    // accounts that were read, newest first
  followers = 3,  // accounts that were read, most first
};
struct UserPosition {
  std::string login;        // of UserOrder::login, lower case
  std::int64_t number = 0;  // of created and followers
  UserId id = 0;
  friend bool operator==(const UserPosition&, const UserPosition&) = default;
};
// After `after` (from the start without one), ascending or as said above; `prefix` only for
// UserOrder::login. Until `visit` returns false.
using VisitUser = std::function<bool(const User& user, const UserPosition& position)>;
void scan_users(const Reader& reader, UserOrder order, const std::optional<UserPosition>& after,
                std::string_view prefix, const VisitUser& visit);
// The same backwards, from before `before` (from the end without one).
void scan_users_backwards(const Reader& reader, UserOrder order,
                          const std::optional<UserPosition>& before, std::string_view prefix,
                          const VisitUser& visit);

struct Totals {
  std::uint64_t users = 0;  // all accounts but organisations, known by name at least
  std::uint64_t read = 0;   // of those, whose profile was read
  std::uint64_t gone = 0;   // accounts of every kind
  std::uint64_t organizations = 0, repositories = 0;
  std::uint64_t waiting = 0;  // places in the frontier
  std::uint64_t unread = 0;   // of those, never read, or asked for by a person
  friend bool operator==(const Totals&, const Totals&) = default;
};
[[nodiscard]] Totals totals(const Reader& reader);

// Logins compare and sort in lower case; GitHub's hold ASCII only.
[[nodiscard]] std::string lower_case(std::string_view login);

}  // namespace tidemark::storage::graph
