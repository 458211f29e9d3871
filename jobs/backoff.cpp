#include <algorithm>

#include "jobs/runner.hpp"

namespace tidemark::jobs {

std::int64_t backoff_ms(std::uint32_t attempt, const RunnerSettings& settings,
                        async::Random& random) {
  const std::int64_t most_ms = std::max<std::int64_t>(settings.backoff_max_ms.count(), 1);
  std::int64_t base_ms = std::clamp<std::int64_t>(settings.backoff_min_ms.count(), 1, most_ms);
  for (std::uint32_t times = 1; times < attempt && base_ms < most_ms; ++times) {
    base_ms = base_ms > most_ms / 2 ? most_ms : base_ms * 2;
  }
  const std::int64_t half_ms = base_ms / 2;
  const auto jitter_ms = random.below(static_cast<std::uint64_t>(half_ms) + 1);
  return base_ms - half_ms + static_cast<std::int64_t>(jitter_ms);
}

}  // namespace tidemark::jobs
