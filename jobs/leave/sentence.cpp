#include "jobs/leave/sentence.hpp"

#include <fmt/format.h>

#include "jobs/sign_in/held_tokens.hpp"

namespace tidemark::jobs::leave {

using sign_in::wall_ms;
using storage::Durability;
using Verdict = TokenAnswer::Verdict;

namespace {

constexpr std::int64_t expiry_margin_ms = 60'000;

// GitHub takes an expired token for one that is not there, and its refresh token would live on.
async::Task<TokenAnswer> revive(sign_in::SignInServices& services, Sentence& sentence) {
  TokenEndpoints endpoints = sign_in::endpoints_of(services);
  TokenAnswer answer =
      co_await endpoints.refresh(sentence.doomed.provider, sentence.token->refresh);
  if (answer.verdict != Verdict::ok) co_return answer;
  sentence.token = answer.token;
  auto keep = [&](storage::Writer& writer) {
    storage::put_token(writer, services.sealer, sentence.doomed.owner, sentence.doomed.provider,
                       answer.token);
  };
  // The lease is not asked: a pair must not be lost with it.
  co_await services.store.write(Durability::now, std::move(keep));
  co_return answer;
}

async::Task<TokenAnswer> ask(sign_in::SignInServices& services, Sentence& sentence) {
  const storage::Token& token = *sentence.token;
  const bool expired =
      token.expires_ms != 0 && token.expires_ms < wall_ms(services.clock) + expiry_margin_ms;
  const bool revivable = sentence.doomed.provider == github_provider && !token.refresh.empty() &&
                         services.github_oauth.configured();
  if (expired && revivable) {
    TokenAnswer revived = co_await revive(services, sentence);
    if (revived.verdict != Verdict::ok) co_return revived;
  }
  TokenEndpoints endpoints = sign_in::endpoints_of(services);
  if (sentence.whole_grant)
    co_return co_await endpoints.revoke_github_grant(sentence.token->access);
  co_return co_await endpoints.revoke(sentence.doomed.provider, *sentence.token);
}

}  // namespace

async::Task<TokenAnswer> execute(sign_in::SignInServices& services, Sentence& sentence) {
  if (!sentence.token) co_return TokenAnswer{};
  TokenAnswer answer = co_await ask(services, sentence);
  services.tokens.learn(sentence.doomed.provider, answer);
  co_return answer;
}

bool is_over(const TokenAnswer& answer) {
  return answer.verdict == Verdict::ok || answer.verdict == Verdict::dead;
}

bool is_hopeless(const TokenAnswer& answer, std::int64_t since_ms, std::int64_t now_ms) {
  const bool refused = answer.verdict == Verdict::rejected;
  return now_ms >= since_ms + (refused ? refusal_most_ms : outage_most_ms);
}

std::string words_of(const DoomedToken& doomed, const TokenAnswer& answer) {
  return fmt::format("ending a token at {}: {}", title_of(doomed.provider), answer.message);
}

bool is_current(const storage::Reader& reader, const storage::Sealer& sealer,
                const Sentence& sentence) {
  const auto stored =
      storage::find_token(reader, sealer, sentence.doomed.owner, sentence.doomed.provider);
  return !stored || (sentence.token && stored->access == sentence.token->access);
}

}  // namespace tidemark::jobs::leave
