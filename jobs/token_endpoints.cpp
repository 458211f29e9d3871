#include "jobs/token_endpoints.hpp"

#include <fmt/format.h>

namespace tidemark::jobs {

using Verdict = TokenAnswer::Verdict;

namespace {

std::string with_remedy(std::string_view provider, const std::string& message) {
  return fmt::format(
      "{} refuses our own client id or secret ({}): correct {}.client_id and "
      "{}.client_secret_file, and restart tidemark",
      title_of(provider), message, provider, provider);
}

std::int64_t now_ms(const async::Clock& clock) {
  return clock.wall_now().time_since_epoch().count();
}

}  // namespace

std::string title_of(std::string_view provider) {
  if (provider == github_provider) return "GitHub";
  if (provider == openhumans_provider) return "Open Humans";
  return std::string(provider);
}

TokenAnswer token_answer(http::openhumans::Outcome outcome, std::string message) {
  using http::openhumans::Outcome;
  switch (outcome) {
    case Outcome::ok: return {Verdict::ok, {}, {}};
    case Outcome::expired_token:
    case Outcome::invalid_token:
    case Outcome::invalid_grant: return {Verdict::dead, std::move(message), {}};
    case Outcome::invalid_client:
      return {Verdict::client_refused, with_remedy(openhumans_provider, message), {}};
    case Outcome::transient: return {Verdict::outage, std::move(message), {}};
    case Outcome::rejected:
    case Outcome::not_present:
    case Outcome::forbidden: break;
  }
  return {Verdict::rejected, std::move(message), {}};
}

TokenAnswer token_answer(http::github::OAuthOutcome outcome, std::string message) {
  using http::github::OAuthOutcome;
  switch (outcome) {
    case OAuthOutcome::ok: return {Verdict::ok, {}, {}};
    case OAuthOutcome::bad_code:
    case OAuthOutcome::bad_refresh:
    case OAuthOutcome::expired:
    case OAuthOutcome::denied: return {Verdict::dead, std::move(message), {}};
    case OAuthOutcome::bad_client:
      return {Verdict::client_refused, with_remedy(github_provider, message), {}};
    case OAuthOutcome::transient: return {Verdict::outage, std::move(message), {}};
    default: break;
  }
  return {Verdict::rejected, std::move(message), {}};
}

storage::Token token_of(const http::openhumans::Grant& grant, std::int64_t asked_ms) {
  const std::int64_t expires_ms =
      grant.expires_in_s == 0 ? 0 : asked_ms + grant.expires_in_s * 1'000;
  return {grant.access, grant.refresh, expires_ms, grant.scope};
}

storage::Token token_of(const http::github::OAuthGrant& grant, std::int64_t asked_ms) {
  const std::int64_t expires_ms =
      grant.expires_in_s == 0 ? 0 : asked_ms + grant.expires_in_s * 1'000;
  return {grant.access, grant.refresh, expires_ms, grant.scope};
}

bool TokenEndpoints::configured(std::string_view provider) const {
  return provider == openhumans_provider ? openhumans_.configured() : github_.configured();
}

async::Task<TokenAnswer> TokenEndpoints::refresh(std::string provider, std::string refresh_token) {
  const std::int64_t asked_ms = now_ms(clock_);
  if (provider == openhumans_provider) {
    auto result = co_await openhumans_.refresh(std::move(refresh_token));
    TokenAnswer answer = token_answer(result.outcome, std::move(result.message));
    if (result.ok()) answer.token = token_of(result.value, asked_ms);
    co_return answer;
  }
  if (!github_.configured()) {
    co_return token_answer(http::github::OAuthOutcome::bad_client, "github.client_id is empty");
  }
  auto result = co_await github_.refresh(std::move(refresh_token));
  TokenAnswer answer = token_answer(result.outcome, std::move(result.message));
  if (result.ok()) answer.token = token_of(result.value, asked_ms);
  co_return answer;
}

async::Task<TokenAnswer> TokenEndpoints::revoke(std::string provider, storage::Token token) {
  if (provider == openhumans_provider) {
    std::string either = token.refresh.empty() ? token.access : token.refresh;
    auto result = co_await openhumans_.revoke(std::move(either));
    co_return token_answer(result.outcome, std::move(result.message));
  }
  // A token that an operator brought is not of our app; nobody but its owner can end it.
  if (!github_.configured()) co_return TokenAnswer{};
  auto result = co_await github_.revoke_token(std::move(token.access));
  co_return token_answer(result.outcome, std::move(result.message));
}

async::Task<TokenAnswer> TokenEndpoints::revoke_github_grant(std::string access) {
  if (!github_.configured()) co_return TokenAnswer{};
  auto result = co_await github_.revoke_grant(std::move(access));
  co_return token_answer(result.outcome, std::move(result.message));
}

}  // namespace tidemark::jobs
