#include "jobs/discovery/count_trust.hpp"

#include <algorithm>

namespace tidemark::jobs::discovery {
namespace {

constexpr std::int64_t believed_ms = 3'600'000;
constexpr std::uint32_t questions_most = 40;

}  // namespace

bool believes(const CountTrust& trust, std::size_t things, std::uint64_t gap, std::int64_t now_ms) {
  const bool fresh = trust.questions > 0 && now_ms - trust.since_ms < believed_ms;
  return fresh && gap <= trust.gap && things <= trust.things + trust.things / 4;
}

void note_borne_out(CountTrust& trust, std::size_t things, std::uint64_t gap, std::int64_t now_ms) {
  const bool fresh = trust.questions > 0 && now_ms - trust.since_ms < believed_ms;
  if (!fresh) trust = {};
  trust.things = std::max(trust.things, things);
  trust.gap = std::max(trust.gap, gap);
  trust.since_ms = now_ms;
  trust.questions = questions_most;
}

void note_believed(CountTrust& trust) {
  if (trust.questions > 0) --trust.questions;
}

}  // namespace tidemark::jobs::discovery
