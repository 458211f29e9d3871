#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "jobs/discovery/take.hpp"
#include "storage/graph/capability.hpp"

namespace tidemark::jobs::discovery {

// What one answer says of whether a list can be read at all.
enum class Sign {
  good,       // entries came
  refused,    // an error in its place
  withdrawn,  // the provider's word: 403, 410
  nothing,    // the entries were null or unreadable
  empty,      // no entries, where GitHub counts some
  emptied,    // none, and none counted, where there were some when it was read last
};
struct Observation {
  Sign sign = Sign::good;
  UserId user = 0;
  std::uint64_t counted = 0;  // how many entries there should be, or were
  std::string words;          // GitHub's, of a refusal
};

// Below it an answer decides nothing: a few accounts may be odd. Of different accounts.
inline constexpr std::uint64_t signs_least = 20;
// Three accounts' worth of a provider's word is as good as twenty odd answers.
inline constexpr std::uint64_t withdrawn_weight = 7;
inline constexpr std::uint64_t signs_most = 1'000;  // then both counts are halved
inline constexpr std::int64_t probe_ms = 86'400'000;

// Who had fewer may well have none now.
inline constexpr std::uint64_t emptied_least = 3;

// Nothing: the answer tells neither way, as an empty list of an account that has none. `before`:
// how many entries the list had when it was last read to its end.
[[nodiscard]] std::optional<Observation> observe(const ListPage& page, UserId user,
                                                 std::uint64_t counted, std::uint64_t before = 0);
// What is to be thought of a list after this observation.
[[nodiscard]] storage::graph::Capability judge(storage::graph::Capability before,
                                               const Observation& observation, std::int64_t now_ms);
// Lists that are gone are not asked for, but of one account a day.
[[nodiscard]] bool may_ask(const storage::graph::Capability& capability, std::int64_t now_ms);

// Lists that an account of this kind is read for; gone ones are not among them.
[[nodiscard]] std::array<bool, 4> wanted_lists(const storage::Reader& reader,
                                               storage::graph::UserKind kind,
                                               const DiscoverySettings& settings);

}  // namespace tidemark::jobs::discovery
