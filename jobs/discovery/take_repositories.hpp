#pragma once

#include <cstdint>
#include <vector>

#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

// Stores an account's own repositories, or those that it has starred; the numbers of all that
// count as read, which a private one does without being stored.
std::vector<std::uint64_t> take_repositories(
    storage::Writer& writer, Taking& taking, const storage::graph::User& user,
    const std::vector<storage::graph::Repository>& repositories);
std::vector<std::uint64_t> take_stars(storage::Writer& writer, Taking& taking,
                                      const storage::graph::User& user, const ListPage& page);

}  // namespace tidemark::jobs::discovery
