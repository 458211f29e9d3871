#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "jobs/discovery/services.hpp"
#include "storage/engine.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::jobs::discovery {

// What the limit of size counts: organisations too.
[[nodiscard]] std::uint64_t accounts_in(const storage::graph::Totals& totals);
// How many accounts the store may hold, as a person said last (`tidemark discover --limit`).
void put_users_limit(storage::Writer& writer, std::uint64_t users_most);
// That, or what the settings say if it is less.
[[nodiscard]] std::uint64_t users_limit(const storage::Reader& reader,
                                        const DiscoverySettings& settings);
// For people: which limits keep the graph from growing, and how to raise them.
[[nodiscard]] std::vector<std::string> limits_reached(const storage::Reader& reader,
                                                      const DiscoverySettings& settings);

}  // namespace tidemark::jobs::discovery
