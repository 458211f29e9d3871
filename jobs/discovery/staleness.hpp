#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "jobs/discovery/services.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::jobs::discovery {

inline constexpr std::int64_t day_ms = 86'400'000;
// An account of which a list came short is looked at again after a day, then after 2, 4 … 64 days
// as long as that changes nothing.
inline constexpr std::int64_t short_list_ms = day_ms;
inline constexpr std::uint32_t doublings_most = 6;
// One that GitHub does not find may come back; after so many looks nobody waits for it.
inline constexpr std::int64_t gone_look_ms = 30 * day_ms;
inline constexpr std::uint32_t gone_looks_most = 3;

// Of those that are due, accounts with a list of several pages come first: the places of the others
// are so much deeper.
inline constexpr std::uint64_t entries_at_once = 100;
inline constexpr std::uint32_t turn_of_short_lists = 1;
// What the next place of an account depends on, beside the account itself.
struct Standing {
  std::array<bool, 4> wanted = {true, true, true, false};  // lists, by List, less one
  // No account more is taken in: then a list that is short says nothing.
  bool full = false;
  bool repositories_full = false;
};

// As long as all its lists are complete and as long as they were, an account is only counted. Each
// list is read again all the same after so many times the usual wait: somebody may have left while
// another one came.
inline constexpr std::int64_t counted_waits = 4;
[[nodiscard]] bool counting_suffices(const storage::graph::User& user, std::int64_t now_ms,
                                     const DiscoverySettings& settings,
                                     const std::array<bool, 4>& wanted);

// A list lacks so many entries, and before it lacked about as many.
[[nodiscard]] bool is_like_before(std::uint64_t missing, std::uint64_t before);
// How much a list that ended lacks. As much as the last time: nothing changed, whatever else its
// account gained. Otherwise `fruitless` starts over.
void note_shortfall(storage::graph::User& user, storage::graph::ListRecord& record,
                    std::uint64_t taken);
// When an account that was just read, or just not found, is to be read again; nothing: never.
[[nodiscard]] std::optional<storage::graph::Place> next_place(const storage::graph::User& user,
                                                              std::int64_t now_ms,
                                                              const DiscoverySettings& settings,
                                                              const Standing& standing = {});

}  // namespace tidemark::jobs::discovery
