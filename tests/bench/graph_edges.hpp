#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <unordered_set>
#include <vector>

#include "storage/graph/edges.hpp"

namespace tidemark::bench {

// What a crawl brings, batch by batch: accounts in no order of their numbers, as a crawl meets
// them, each with up to a hundred followings, few for most; followed are mostly the popular ones.
// No edge comes twice. The same every time.
class CrawledEdges {
 public:
  static constexpr int accounts_per_batch = 40;

  explicit CrawledEdges(std::uint64_t edges) : left_(edges), accounts_(edges / 8 + 200) {}

  // Empty when all have come.
  [[nodiscard]] std::vector<storage::graph::Edge> next_batch() {
    std::vector<storage::graph::Edge> batch;
    for (int account = 0; account < accounts_per_batch && left_ > 0; ++account) {
      const std::uint64_t from = number_of(next_account_++);
      for (const std::uint64_t to : followings()) {
        if (left_ == 0) break;
        batch.push_back({from, to});
        --left_;
      }
    }
    return batch;
  }

 private:
  // GitHub has given some two hundred million numbers, and a crawl sees a few of them. One to one:
  // an odd factor and a power of two.
  static std::uint64_t number_of(std::uint64_t account) {
    return (account * 0x9e3779b1 + 12'345) % (std::uint64_t{1} << 28) + 1;
  }

  std::unordered_set<std::uint64_t> followings() {
    std::unordered_set<std::uint64_t> targets;
    // Pareto of exponent 1, cut off: ten on average or so.
    const auto count = static_cast<std::size_t>(3.0 / (0.03 + 0.97 * chance_(random_)));
    while (targets.size() < count) {
      // The density of popularity falls with the rank.
      const double rank = static_cast<double>(accounts_) * std::pow(chance_(random_), 3.0);
      targets.insert(number_of(static_cast<std::uint64_t>(rank)));
    }
    return targets;
  }

  std::uint64_t left_, accounts_, next_account_ = 0;
  std::mt19937_64 random_{1};
  std::uniform_real_distribution<double> chance_;
};

}  // namespace tidemark::bench
