#include "jobs/discovery/gist_adaptation.hpp"

#include <algorithm>

namespace tidemark::jobs::discovery {
namespace {

constexpr std::uint32_t pause_least = 2, pause_most = 64, failures_most = 3;
// It is part of the cursor, which is rewritten with every answer.
constexpr std::size_t passed_over_most = 100;
constexpr std::int64_t passed_over_ms = 30 * 86'400'000LL;

void pass_over(GistAdaptation& gists, UserId id, std::int64_t now_ms) {
  gists.suspects = 0;
  gists.failures = 0;
  gists.passed_over[id] = now_ms;
  if (gists.passed_over.size() <= passed_over_most) return;
  const auto older = [](const auto& left, const auto& right) { return left.second < right.second; };
  gists.passed_over.erase(
      std::min_element(gists.passed_over.begin(), gists.passed_over.end(), older));
}

}  // namespace

bool gists_may_ride(const GistAdaptation& gists) { return !gists.left_out && gists.paused == 0; }

std::size_t gists_at_once(const GistAdaptation& gists, std::size_t most) {
  if (gists.suspects == 0) return most;
  return std::clamp<std::size_t>(gists.suspects / 2, 1, most);
}

std::vector<UserId> without_their_gists(const GistAdaptation& gists, std::int64_t now_ms) {
  std::vector<UserId> ids;
  for (const auto& [id, since_ms] : gists.passed_over) {
    if (now_ms - since_ms < passed_over_ms) ids.push_back(id);
  }
  return ids;
}

void note_riding_gists_refused(GistAdaptation& gists) { gists.left_out = true; }

void note_gists_refused(GistAdaptation& gists, const std::vector<UserId>& asked, bool certain,
                        std::int64_t now_ms) {
  gists.suspects = asked.size();
  if (asked.size() != 1) {
    gists.failures = 0;
    return;
  }
  gists.failures += certain ? failures_most : 1;
  if (gists.failures >= failures_most) pass_over(gists, asked.front(), now_ms);
}

void note_riding_gists_told(GistAdaptation& gists) { gists.pause = 0; }

void note_gists_told(GistAdaptation& gists, std::size_t asked) {
  gists.failures = 0;
  gists.suspects -= std::min(gists.suspects, asked);
}

void note_told_without_gists(GistAdaptation& gists) {
  if (gists.left_out) {
    gists.left_out = false;
    gists.pause = std::clamp(gists.pause * 2, pause_least, pause_most);
    gists.paused = gists.pause;
  } else if (gists.paused > 0) {
    --gists.paused;
  }
}

}  // namespace tidemark::jobs::discovery
