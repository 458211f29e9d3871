#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/report.hpp"

namespace tidemark::bench {

// Files for the simulator, whom to begin with, and how many there are; empty: 40,000 users and
// 300,000 follows are made up.
struct CrawlFiles {
  std::string edges, logins, seed;
  std::uint64_t users = 0;
};
// The real daemon reads a whole graph from the simulator under a quota that is used up again and
// again: what it found, what it spent, how long it took, how large it grew.
[[nodiscard]] std::vector<Measure> measure_crawl(const CrawlFiles& files);

}  // namespace tidemark::bench
