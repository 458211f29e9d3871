#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"
#include "storage/week.hpp"

namespace tidemark::storage {

enum class MemberState : std::uint8_t {
  active = 1,
  // A token is dead; `state_reason` says whose. Nothing is tried until a new one.
  needs_sign_in = 2,
  leaving = 3,  // being deleted; no new work
  // Signed in with Open Humans; GitHub is not connected, or not any more. Nothing is synced.
  not_connected = 4,
};
[[nodiscard]] std::string_view name_of(MemberState state);

// Weeks by state, kept equal to a recount of the weeks table by put_week and erase_week.
struct WeekCounts {
  std::uint64_t partial = 0, complete = 0, uploaded = 0;
  std::uint64_t commits = 0, additions = 0, deletions = 0;
  friend bool operator==(const WeekCounts&, const WeekCounts&) = default;
};

struct Member {
  std::string id;  // Open Humans' project_member_id: digits, may begin with 0
  MemberState state = MemberState::active;
  std::string state_reason;
  std::string github_node_id;   // opaque; empty until GitHub told us
  std::uint64_t github_id = 0;  // the quota owner; 0 until known
  std::string login;            // may change
  std::int64_t github_created_s = 0;
  bool adopted = false;             // the files already at Open Humans were looked at
  std::int64_t added_ms = 0;        // our clock, Unix
  std::int64_t last_synced_ms = 0;  // end of the last run that reached the present; 0 never
  std::string last_error;
  std::int64_t last_error_ms = 0;
  std::optional<Week> first_week;    // of the oldest fact or week known
  std::optional<Week> known_until;   // weeks before this one are partial, complete or uploaded
  std::uint64_t commit_budget = 0;   // commits asked per query that worked last; 0: the default
  std::uint32_t generation = 0;      // of the run that wrote the newest facts
  std::int64_t update_asked_ms = 0;  // the member's last "update now"; 0 never
  bool wants_private = false;        // chose to share what is private at GitHub as well
};

[[nodiscard]] std::optional<Member> find_member(const Reader& reader, std::string_view id);
// Moves the member's account as well (accounts.hpp).
void put_member(Writer& writer, const Member& member);
// Members in order of id after `after` (exclusive), at most `most`.
[[nodiscard]] std::vector<Member> list_members(const Reader& reader, std::string_view after,
                                               std::size_t most);
// The same for those who must get past a row that cannot be read: `damaged` is told whose it is
// (empty: not even that can be read), and what is wrong.
using DamagedMember = std::function<void(const std::string& id, const std::string& what)>;
[[nodiscard]] std::vector<Member> list_members(const Reader& reader, std::string_view after,
                                               std::size_t most, const DamagedMember& damaged);
[[nodiscard]] WeekCounts week_counts(const Reader& reader, std::string_view id);
// Removes the member with every row of every table that belongs to them, sessions and unfinished
// sign-ins included, and with the quota of their GitHub account unless it is another member's as
// well. Doomed tokens (secrets.hpp) are nobody's, and stay until they are revoked.
void erase_member(Writer& writer, std::string_view id);

}  // namespace tidemark::storage
