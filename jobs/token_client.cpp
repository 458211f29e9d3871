#include "jobs/token_keeper_state.hpp"
#include "storage/pool.hpp"

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

// Jobs that would ask may be held because of the refusal, so the keeper asks by itself: until the
// provider takes us again, whatever becomes of the member whose renewal found out.
async::Task<void> TokenKeeper::State::probe(std::string provider) {
  while (refusals.contains(provider) && !stopping) {
    const async::SteadyTime at = refusals.at(provider).probe_at;
    if (clock.steady_now() < at) {
      co_await clock.sleep_until(at);
      continue;
    }
    try {
      co_await probe_once(provider);
    } catch (const storage::PoolFull&) {
      // The store is busy; the pause below is long enough.
    }
    co_await clock.sleep_for(probe_pause);
  }
}

async::Task<void> TokenKeeper::State::probe_once(std::string provider) {
  Refusal& refusal = refusals.at(provider);
  const std::string member = refusal.member, used = refusal.used;
  if (!member.empty()) {
    const Look looked = co_await look(member, provider, used);
    if (looked.need == Need::renewal) {
      (void)co_await fresh(member, provider, used);
      co_return;
    }
    // They are gone, or have other tokens: of them there is nothing to ask with any more.
    const auto still = refusals.find(provider);
    if (still == refusals.end() || still->second.member != member) co_return;
    still->second.member.clear();
  }
  refusals.at(provider).probe_at = clock.steady_now() + probe_every;
  const TokenAnswer answer = co_await endpoints.refresh(provider, std::string(no_token));
  const bool told = answer.verdict != Verdict::outage;
  if (told && answer.verdict != Verdict::client_refused) accepted(provider);
}

}  // namespace tidemark::jobs
