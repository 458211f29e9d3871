#pragma once

#include <cstdint>

namespace tidemark::daemon::graph {

// What may be asked for at once: the routes refuse what is beyond it, the API's description names
// it, and the command line does not ask for more.
inline constexpr std::uint64_t list_rows_most = 100;    // of a list
inline constexpr std::uint64_t near_rows_most = 1'000;  // of those near somebody: names alone
inline constexpr std::uint64_t near_steps_most = 6;

}  // namespace tidemark::daemon::graph
