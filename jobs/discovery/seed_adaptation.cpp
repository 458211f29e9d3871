#include "jobs/discovery/seed_adaptation.hpp"

#include <algorithm>

namespace tidemark::jobs::discovery {
namespace {

constexpr std::uint32_t failures_most = 12;

std::uint32_t weight_of(SeedRefusal how) {
  if (how == SeedRefusal::definite) return failures_most;
  return how == SeedRefusal::telling ? 4 : 1;
}

}  // namespace

bool note_seeds_refused(SeedAdaptation& seeds, std::size_t asked, bool with_others,
                        SeedRefusal how) {
  seeds.apart = seeds.others_first = true;
  if (with_others) return false;  // it may have been they
  if (asked > 1) {
    seeds.at_once = std::min(seeds.at_once, asked) / 2;
    seeds.failures = 0;
    return false;
  }
  seeds.at_once = 1;
  seeds.failures += weight_of(how);
  if (seeds.failures < failures_most) return false;
  seeds.failures = 0;
  return true;
}

void note_seed_untold(SeedAdaptation& seeds, std::size_t asked) {
  seeds.apart = true;
  seeds.at_once = std::min(seeds.at_once, std::max<std::size_t>(1, asked / 2));
}

void note_seeds_told(SeedAdaptation& seeds, std::size_t asked) {
  seeds.others_first = false;
  if (asked == 0 || !seeds.apart) return;
  seeds.failures = 0;
  seeds.at_once = std::min(seeds_at_once_most, seeds.at_once * 2);
  seeds.apart = seeds.at_once < seeds_at_once_most;
}

}  // namespace tidemark::jobs::discovery
