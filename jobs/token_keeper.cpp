#include "jobs/token_keeper.hpp"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "jobs/token_keeper_state.hpp"

namespace tidemark::jobs {

namespace asio = boost::asio;
using Kind = TokenTrouble::Kind;

namespace {

constexpr std::int64_t renew_before_ms = 60'000;
constexpr std::size_t renewals_most = 512;
// An answer may take two requests; a pair that finds no room on the disk takes longer.
constexpr async::Milliseconds wait_most{150'000};
// An answer that was meant for another asker may be the very token that this one had refused.
constexpr int rounds_most = 3;

}  // namespace

TokenRenewal::TokenRenewal(const async::Executor& executor, std::string its_member,
                           std::string its_provider, std::string its_refused)
    : member(std::move(its_member)),
      provider(std::move(its_provider)),
      refused(std::move(its_refused)),
      again(executor),
      ended_(executor, asio::steady_timer::time_point::max()) {}

async::Task<void> TokenRenewal::wait() {
  while (!ended()) {
    auto [failure] = co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (failure && !ended()) co_return;
  }
}

void TokenRenewal::end(FreshToken with) {
  if (ended()) return;
  answer = std::move(with);
  ended_.cancel();
}

void TokenRenewal::end(std::exception_ptr with) {
  if (ended()) return;
  error = std::move(with);
  ended_.cancel();
}

TokenTrouble stopping_trouble() { return {Kind::outage, "tidemark is stopping", {}}; }

TokenKeeper::State::State(async::Executor its_executor, storage::Store& its_store,
                          const storage::Sealer& its_sealer, async::Clock& its_clock,
                          http::openhumans::Api& openhumans, http::github::OAuth& github,
                          OnClientRefused its_on_client_refused)
    : executor(its_executor),
      store(its_store),
      sealer(its_sealer),
      clock(its_clock),
      endpoints(its_clock, openhumans, github),
      on_client_refused(std::move(its_on_client_refused)),
      ended(its_executor),
      group(its_executor, renewals_most, {}) {
  if (!on_client_refused) on_client_refused = [](const std::string&, const std::string&) {};
}

async::Task<FreshToken> TokenKeeper::State::fresh(std::string member, std::string provider,
                                                  std::string refused) {
  for (int round = 0; round < rounds_most; ++round) {
    const auto found = under_way.find({member, provider});
    Renewal renewal;
    if (found != under_way.end()) {
      renewal = found->second;
    } else {
      Look looked = co_await look(member, provider, refused);
      if (looked.need == Need::none) co_return std::move(looked.answer);
      renewal = begin(member, provider, refused);
    }
    if (!renewal && stopping) co_return stopping_trouble();
    if (!renewal) co_return TokenTrouble{Kind::outage, "too many tokens are being renewed", {}};
    FreshToken answer = co_await join(renewal);
    const auto* token = std::get_if<std::string>(&answer);
    if (token == nullptr || refused.empty() || *token != refused) co_return answer;
  }
  co_return TokenTrouble{
      Kind::outage, fmt::format("{}'s token could not be renewed just now", title_of(provider)),
      refused};
}

async::Task<TokenKeeper::State::Look> TokenKeeper::State::look(const std::string& member,
                                                               const std::string& provider,
                                                               const std::string& refused) {
  auto find = [&](const storage::Reader& reader) {
    return storage::find_token(reader, sealer, member, provider);
  };
  const std::optional<storage::Token> token = co_await store.read(std::move(find));
  co_return judge(token, provider, refused);
}

TokenKeeper::State::Look TokenKeeper::State::judge(const std::optional<storage::Token>& token,
                                                   const std::string& provider,
                                                   const std::string& refused) const {
  const std::string title = title_of(provider);
  const auto trouble = [](Kind kind, std::string message, std::string used) {
    return Look{Need::none, TokenTrouble{kind, std::move(message), std::move(used)}, {}};
  };
  if (!token) return trouble(Kind::absent, fmt::format("there is no {} token", title), "");
  const bool is_refused = !refused.empty() && token->access == refused;
  const std::int64_t left_ms =
      token->expires_ms == 0 ? renew_before_ms : token->expires_ms - now_ms();
  const bool renewable = !token->refresh.empty();
  if (!is_refused && (left_ms >= renew_before_ms || (!renewable && left_ms > 0))) {
    return Look{Need::none, token->access, {}};
  }
  if (renewable) return Look{Need::renewal, {}, *token};
  return trouble(
      Kind::refused,
      is_refused
          ? fmt::format("{} does not accept the token, and there is none to renew it with", title)
          : fmt::format("the {} token expired, and there is none to renew it with", title),
      token->access);
}

// Empty: no place, or the keeper stops.
TokenKeeper::State::Renewal TokenKeeper::State::begin(const std::string& member,
                                                      const std::string& provider,
                                                      const std::string& refused) {
  const auto key = std::make_pair(member, provider);
  const auto found = under_way.find(key);
  if (found != under_way.end()) return found->second;
  if (stopping) return nullptr;
  auto renewal = std::make_shared<TokenRenewal>(executor, member, provider, refused);
  if (!group.spawn("renewal", work(renewal))) return nullptr;
  under_way[key] = renewal;
  return renewal;
}

async::Task<FreshToken> TokenKeeper::State::join(Renewal renewal) {
  const auto until = async::Deadline::after(clock, wait_most);
  try {
    co_await async::with_deadline(clock, until, "renewing a token", renewal->wait());
  } catch (const async::DeadlinePassed&) {
    // Told below; the renewal goes on.
  }
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  if (cancellation.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
  if (renewal->error) std::rethrow_exception(renewal->error);
  if (renewal->answer) co_return *renewal->answer;
  co_return TokenTrouble{
      Kind::outage,
      fmt::format("renewing the {} token is still under way", title_of(renewal->provider)),
      {}};
}

async::Task<bool> TokenKeeper::State::settled(std::string provider, std::string access) {
  const auto until = async::Deadline::after(clock, wait_most);
  while (!until.passed(clock)) {
    Renewal renewal;
    for (const auto& [key, each] : under_way) {
      const bool same = each->used.empty() || each->used == access;
      if (each->provider == provider && same && !each->ended()) renewal = each;
    }
    if (!renewal) co_return true;
    try {
      co_await async::with_deadline(clock, until, "waiting for a renewal", renewal->wait());
    } catch (const async::DeadlinePassed&) {
      // Told below.
    }
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none) {
      throw boost::system::system_error(asio::error::operation_aborted);
    }
  }
  co_return false;
}

async::Task<void> TokenKeeper::State::stop(async::Deadline deadline) {
  stopping = true;
  for (const auto& [key, renewal] : under_way) renewal->again.set();
  while (!under_way.empty() && !deadline.passed(clock)) {
    co_await ended.wait_until(clock, deadline.at);
  }
  given_up = true;
  for (const auto& [key, renewal] : under_way) renewal->again.set();
  group.cancel();
  co_await group.join();
}

TokenKeeper::TokenKeeper(async::Executor executor, storage::Store& store,
                         const storage::Sealer& sealer, async::Clock& clock,
                         http::openhumans::Api& openhumans, http::github::OAuth& github_oauth,
                         OnClientRefused on_client_refused)
    : state_(std::make_shared<State>(std::move(executor), store, sealer, clock, openhumans,
                                     github_oauth, std::move(on_client_refused))) {}

TokenKeeper::~TokenKeeper() = default;

async::Task<FreshToken> TokenKeeper::fresh(std::string member, std::string provider,
                                           std::string refused) {
  return state_->fresh(std::move(member), std::move(provider), std::move(refused));
}

async::Task<bool> TokenKeeper::settled(std::string provider, std::string access) {
  return state_->settled(std::move(provider), std::move(access));
}

void TokenKeeper::learn(const std::string& provider, const TokenAnswer& answer) {
  state_->learn(provider, answer);
}

void TokenKeeper::client_accepted(const std::string& provider) { state_->accepted(provider); }

async::Task<void> TokenKeeper::stop(async::Deadline deadline) { return state_->stop(deadline); }

}  // namespace tidemark::jobs
