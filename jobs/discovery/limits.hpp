#pragma once

#include <cstdint>

#include "jobs/discovery/services.hpp"
#include "storage/engine.hpp"

namespace tidemark::jobs::discovery {

// How many accounts the store may hold, as a person said last (`tidemark discover --limit`).
void put_users_limit(storage::Writer& writer, std::uint64_t users_most);
// That, or what the settings say if it is less.
[[nodiscard]] std::uint64_t users_limit(const storage::Reader& reader,
                                        const DiscoverySettings& settings);

}  // namespace tidemark::jobs::discovery
