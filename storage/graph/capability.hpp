#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::storage::graph {

// What a provider lets us read, edge type by edge type.
enum class Ability : std::uint8_t { ok = 1, degraded = 2, gone = 3 };
[[nodiscard]] std::string_view name_of(Ability ability);

struct Capability {
  List list = List::followers;
  Ability ability = Ability::ok;
  std::string evidence;        // "40 of 40 accounts answered an empty list where REST counts 1,204"
  std::int64_t since_ms = 0;   // of this state
  std::int64_t looked_ms = 0;  // the last answer that told
  std::uint64_t good = 0, bad = 0;  // answers of late, halved at each thousand
  std::uint64_t bad_in_a_row = 0;   // since the last good one
  // Whose answers those were, so that one account does not count twice: 16 bits of a digest of each
  // number, which name nobody.
  std::vector<std::uint16_t> bad_accounts = {};
};
[[nodiscard]] Capability find_capability(const Reader& reader, List list);
void put_capability(Writer& writer, const Capability& capability);

}  // namespace tidemark::storage::graph
