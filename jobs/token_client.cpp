#include "jobs/token_keeper_state.hpp"

namespace tidemark::jobs {

using Verdict = TokenAnswer::Verdict;

namespace {

constexpr std::chrono::minutes probe_every{10};
constexpr std::string_view no_token = "tidemark-asks-whether-its-client-is-known";
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
  if (answer.verdict == Verdict::client_refused) {
    const auto probe_at = clock.steady_now() + probe_every;
    return refused(Refusal{answer.message, probe_at, renewal->member, used.access}, provider);
  }
  // Any other judgement of a token shows that our client was accepted; an outage shows nothing.
  if (answer.verdict != Verdict::outage) accepted(provider);
}

// Others ask as often as people come: they do not put off the next probe, and what they learn of a
// code or a token says nothing of our client.
void TokenKeeper::State::learn(const std::string& provider, const TokenAnswer& answer) {
  if (answer.verdict != Verdict::client_refused || !endpoints.configured(provider)) return;
  if (refusals.contains(provider)) return;
  refused(Refusal{answer.message, clock.steady_now() + probe_every, {}, {}}, provider);
}

void TokenKeeper::State::refused(Refusal refusal, const std::string& provider) {
  const std::string why = refusal.why;
  const bool fresh = !refusals.contains(provider);
  refusals[provider] = std::move(refusal);
  if (!fresh) return;
  (void)group.spawn("probe", probe(provider));
  on_client_refused(provider, why);
}

void TokenKeeper::State::accepted(const std::string& provider) {
  if (refusals.erase(provider) > 0) on_client_refused(provider, {});
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
    if (member.empty()) {
      refusal->second.probe_at = clock.steady_now() + probe_every;
      const TokenAnswer answer = co_await endpoints.refresh(provider, std::string(no_token));
      const bool told = answer.verdict != Verdict::outage;
      if (told && answer.verdict != Verdict::client_refused) accepted(provider);
      continue;
    }
    const Look looked = co_await look(member, provider, used);
    if (looked.need == Need::renewal) (void)co_await fresh(std::move(member), provider, used);
    // With that member's token there is nothing to probe with any more: the next who asks does it.
    if (looked.need == Need::none) co_return;
    co_await clock.sleep_for(probe_pause);
  }
}

}  // namespace tidemark::jobs
