#include "jobs/sign_in/identity.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "jobs/sign_in/held_tokens.hpp"

namespace tidemark::jobs::sign_in {

using http::github::Answer;
using http::github::Outcome;

namespace {

constexpr std::string_view resource = "core";
// A person waits: no longer than this for a place in the quota.
constexpr std::int64_t short_wait_ms = 1'000;
constexpr int waits_most = 20;

std::string words_of(const QuotaWait& wait) {
  const auto until_s = static_cast<std::time_t>((wait.until_ms + 999) / 1'000);
  return fmt::format("{}, until {:%H:%M:%S} UTC", wait.reason, fmt::gmtime(until_s));
}

QuotaVerdict verdict_of(Outcome outcome) {
  if (outcome == Outcome::primary_limit) return QuotaVerdict::primary_limit;
  if (outcome == Outcome::secondary_limit) return QuotaVerdict::secondary_limit;
  return QuotaVerdict::answered;
}

async::Task<std::variant<QuotaPermit, QuotaWait>> reserve(SignInServices& services, QuotaAsk ask) {
  for (int turn = 0;; ++turn) {
    auto reserved = services.ledger.reserve(ask);
    const auto* wait = std::get_if<QuotaWait>(&reserved);
    if (wait == nullptr) co_return reserved;
    const std::int64_t left_ms = wait->until_ms - wall_ms(services.clock);
    if (left_ms > short_wait_ms || turn == waits_most) co_return reserved;
    co_await services.clock.sleep_for(async::Milliseconds(std::max<std::int64_t>(left_ms, 1)));
  }
}

// The quota belongs to the account, which only this answer names.
std::optional<storage::QuotaWindow> settle_as(SignInServices& services, const QuotaPermit& permit,
                                              std::uint64_t account, const Answer& answer) {
  QuotaAsk ask = permit.ask;
  ask.owner = storage::account_owner(account);
  auto reserved = services.ledger.reserve(ask);
  services.ledger.abandon(permit);
  services.ledger.forget(permit.ask.owner);
  const auto* named = std::get_if<QuotaPermit>(&reserved);
  // Another request of the account is under way, and will tell.
  if (named == nullptr) return std::nullopt;
  return services.ledger.settle(*named, QuotaVerdict::answered, answer.rate);
}

}  // namespace

async::Task<IdentityAnswer> ask_identity(SignInServices& services, std::string member,
                                         std::string access) {
  IdentityAnswer result;
  QuotaAsk ask{storage::unknown_account_owner(member), std::string(resource), 1};
  auto reserved = co_await reserve(services, std::move(ask));
  if (const auto* wait = std::get_if<QuotaWait>(&reserved)) {
    result.problem = words_of(*wait);
    co_return result;
  }
  const QuotaPermit permit = std::get<QuotaPermit>(reserved);
  std::optional<Answer> answer;
  try {
    answer = co_await services.github.get(std::move(access), "/user");
  } catch (...) {
    services.ledger.abandon(permit);
    throw;
  }
  http::github::IdentityReading reading;
  if (answer->outcome == Outcome::ok) reading = http::github::read_identity(*answer);
  if (!reading.ok) {
    result.quota = services.ledger.settle(permit, verdict_of(answer->outcome), answer->rate);
    result.problem = answer->outcome == Outcome::ok
                         ? reading.problem
                         : fmt::format("asking GitHub whose the token is: {} ({})", answer->message,
                                       http::github::name_of(answer->outcome));
    co_return result;
  }
  result.ok = true;
  result.identity = std::move(reading.identity);
  result.scopes_told = answer->exchanged.response.headers.find("X-OAuth-Scopes").has_value();
  result.quota = settle_as(services, permit, result.identity.id, *answer);
  co_return result;
}

}  // namespace tidemark::jobs::sign_in
