#pragma once

#include <string>
#include <vector>

#include "tests/bench/report.hpp"

namespace tidemark::bench {

// Each measures the real programs as processes, and throws when what was uploaded is not exactly
// what the file says.

// Points of a whole sync against 2 per active year and 1 per 100 commits.
[[nodiscard]] std::vector<Measure> measure_points(const std::string& commits);
// All commits of the file are one member's, and a window of 5 s has so few points: time, refused
// calls, calls while blocked.
[[nodiscard]] std::vector<Measure> measure_quota(const std::string& commits, int a_window);
// Idle, and while all commits of the file are one member's.
[[nodiscard]] std::vector<Measure> measure_memory(const std::string& commits);
// From the spawn to the first answer on the control socket.
[[nodiscard]] Measure measure_start();

}  // namespace tidemark::bench
