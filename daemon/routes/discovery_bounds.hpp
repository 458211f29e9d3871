#pragma once

#include <cstddef>
#include <cstdint>

namespace tidemark::daemon {

// What may be asked of discovery: the routes refuse what is beyond it, the API's description names
// it, and the command line does not send it.
inline constexpr std::size_t logins_most_a_request = 1'000;
inline constexpr std::uint64_t seed_depth_most = 1'000;           // steps from a seed
inline constexpr std::uint64_t users_limit_most = 1'000'000'000;  // accounts in the graph

}  // namespace tidemark::daemon
