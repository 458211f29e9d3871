#include "jobs/token_keeper_state.hpp"

namespace tidemark::jobs {

using Verdict = TokenAnswer::Verdict;

namespace {

constexpr std::chrono::minutes probe_every{10};
constexpr std::chrono::seconds probe_pause{1};  // also when there is no place for a renewal

}  // namespace

std::string TokenKeeper::State::held(const std::string& provider) {
  const auto refusal = refusals.find(provider);
  if (refusal == refusals.end()) return {};
  if (clock.steady_now() < refusal->second.probe_at) return refusal->second.why;
  refusal->second.probe_at = clock.steady_now() + probe_every;
  return {};
}

void TokenKeeper::State::learn(const Renewal& renewal, const storage::Token& used,
                               const TokenAnswer& answer) {
  const std::string& provider = renewal->provider;
  const auto known = refusals.find(provider);
  if (answer.verdict == Verdict::client_refused) {
    const auto probe_at = clock.steady_now() + probe_every;
    const bool fresh = known == refusals.end();
    refusals[provider] = Refusal{answer.message, probe_at, renewal->member, used.access};
    if (!fresh) return;
    (void)group.spawn("probe", probe(provider));
    on_client_refused(provider, answer.message);
    return;
  }
  // Any other judgement of a token shows that our client was accepted; an outage shows nothing.
  if (known == refusals.end() || answer.verdict == Verdict::outage) return;
  refusals.erase(known);
  on_client_refused(provider, {});
}

// Jobs that would ask may be held because of the refusal, so the keeper asks by itself.
async::Task<void> TokenKeeper::State::probe(std::string provider) {
  while (true) {
    const auto refusal = refusals.find(provider);
    if (refusal == refusals.end() || stopping) co_return;
    const async::SteadyTime at = refusal->second.probe_at;
    if (clock.steady_now() < at) {
      co_await clock.sleep_until(at);
      continue;
    }
    std::string member = refusal->second.member, used = refusal->second.used;
    const Look looked = co_await look(member, provider, used);
    if (looked.need == Need::renewal) (void)co_await fresh(std::move(member), provider, used);
    // With that member's token there is nothing to probe with any more: the next who asks does it.
    if (looked.need == Need::none) co_return;
    co_await clock.sleep_for(probe_pause);
  }
}

}  // namespace tidemark::jobs
