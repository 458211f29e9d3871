#pragma once

#include <cstdint>

#include "http/async/random.hpp"

namespace tidemark::test {

// True with the given probability. A probability of 0 draws nothing, so that faults switched off do
// not change the sequence of a seed.
inline bool happens(async::Random& random, double probability) {
  constexpr std::uint64_t steps = 1'000'000;
  if (probability <= 0) return false;
  return random.below(steps) < static_cast<std::uint64_t>(probability * double{steps});
}

}  // namespace tidemark::test
