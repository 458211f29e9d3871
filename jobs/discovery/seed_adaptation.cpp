#include "jobs/discovery/seed_adaptation.hpp"

#include <algorithm>

namespace tidemark::jobs::discovery {
namespace {

constexpr std::uint32_t failures_most = 12, telling_weight = 4;

}  // namespace

bool note_seeds_refused(SeedAdaptation& seeds, std::size_t asked, bool with_others, bool telling) {
  seeds.apart = seeds.others_first = true;
  if (with_others) return false;  // it may have been they
  if (asked > 1) {
    seeds.at_once = std::min(seeds.at_once, asked) / 2;
    seeds.failures = 0;
    return false;
  }
  seeds.at_once = 1;
  seeds.failures += telling ? telling_weight : 1;
  if (seeds.failures < failures_most) return false;
  seeds.failures = 0;
  return true;
}

void note_seeds_told(SeedAdaptation& seeds, std::size_t asked) {
  seeds.others_first = false;
  if (asked == 0 || !seeds.apart) return;
  seeds.failures = 0;
  seeds.at_once = std::min(seeds_at_once_most, seeds.at_once * 2);
  seeds.apart = seeds.at_once < seeds_at_once_most;
}

}  // namespace tidemark::jobs::discovery
