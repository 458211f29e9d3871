#include <fmt/format.h>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include "jobs/leave/doomed.hpp"
#include "jobs/token_keeper_state.hpp"
#include "storage/members.hpp"
#include "storage/pool.hpp"

namespace tidemark::jobs {

namespace asio = boost::asio;
using Kind = TokenTrouble::Kind;
using Verdict = TokenAnswer::Verdict;

namespace {

constexpr std::chrono::seconds lost_race_wait{1};
constexpr std::chrono::seconds room_wait{5};

TokenTrouble trouble_of(const TokenAnswer& answer, const std::string& provider, std::string used) {
  const std::string title = title_of(provider);
  switch (answer.verdict) {
    case Verdict::dead:
      return {Kind::refused,
              fmt::format("{} no longer accepts the sign-in: it was taken back there, or the token "
                          "was lost",
                          title),
              std::move(used)};
    case Verdict::client_refused: return {Kind::client_refused, answer.message, std::move(used)};
    case Verdict::outage:
      return {Kind::outage, fmt::format("renewing the {} token: {}", title, answer.message),
              std::move(used)};
    default:
      return {Kind::rejected, fmt::format("renewing the {} token: {}", title, answer.message),
              std::move(used)};
  }
}

}  // namespace

void TokenKeeper::State::leave(const TokenRenewal& renewal) {
  const auto found = under_way.find({renewal.member, renewal.provider});
  if (found != under_way.end() && found->second.get() == &renewal) under_way.erase(found);
  ended.set();
}

async::Task<void> TokenKeeper::State::work(Renewal renewal) {
  // Says last of all that it is over, however it ended: nobody may wait in vain.
  struct Over {
    State& state;
    TokenRenewal& renewal;
    ~Over() {
      renewal.end(stopping_trouble());
      state.leave(renewal);
    }
  };
  Over over{*this, *renewal};
  try {
    co_await renew(renewal);
  } catch (...) {
    // Told to those who asked. When it was we who were cancelled, they hear that we stop.
    if (!given_up) renewal->end(std::current_exception());
  }
}

async::Task<void> TokenKeeper::State::renew(const Renewal& renewal) {
  // Since the asker looked, another renewal may have begun and ended.
  Look looked = co_await look(renewal->member, renewal->provider, renewal->refused);
  if (looked.need == Need::none) co_return renewal->end(std::move(looked.answer));
  const storage::Token used = looked.used;
  renewal->used = used.access;
  const std::string why_held = held(renewal->provider);
  if (!why_held.empty()) {
    co_return renewal->end(TokenTrouble{Kind::client_refused, why_held, used.access});
  }
  TokenAnswer answer = co_await ask(renewal, used);
  learn(renewal, used, answer);
  if (answer.verdict == Verdict::ok) {
    co_return co_await keep(renewal, used, std::move(answer.token));
  }
  if (answer.verdict == Verdict::dead) {
    // A sign-in may have come meanwhile.
    Look again = co_await look(renewal->member, renewal->provider, used.access);
    if (again.need == Need::none) co_return renewal->end(std::move(again.answer));
  }
  renewal->end(trouble_of(answer, renewal->provider, used.access));
}

// Open Humans gives the same new pair to two who ask at the same time, or calls the second one's
// token invalid; and a proxy may cut off an answer that its server still works on. Asking once more
// with the same token harms nothing and may bring the pair.
async::Task<TokenAnswer> TokenKeeper::State::ask(const Renewal& renewal,
                                                 const storage::Token& used) {
  TokenAnswer answer = co_await endpoints.refresh(renewal->provider, used.refresh);
  const bool in_doubt = answer.verdict == Verdict::dead || answer.verdict == Verdict::outage;
  if (!in_doubt || renewal->provider != openhumans_provider) co_return answer;
  Look looked = co_await look(renewal->member, renewal->provider, used.access);
  if (looked.need == Need::none) co_return answer;
  co_await clock.sleep_for(lost_race_wait);
  TokenAnswer second = co_await endpoints.refresh(renewal->provider, used.refresh);
  co_return second;
}

// From here on nothing may keep the pair from the disk but the end of the process.
async::Task<void> TokenKeeper::State::keep(const Renewal& renewal, storage::Token used,
                                           storage::Token next) {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  std::optional<storage::Token> instead;
  bool stored = false, doomed = false;
  auto put = [&](storage::Writer& writer) {
    const std::string& provider = renewal->provider;
    const std::string out_of_use = leave::doomed_owner(used);
    instead = storage::find_token(writer, sealer, renewal->member, provider);
    stored = instead && instead->refresh == used.refresh;
    doomed = !stored && storage::find_token(writer, sealer, out_of_use, provider).has_value();
    if (stored) {
      storage::put_token(writer, sealer, renewal->member, provider, next);
    } else if (doomed) {
      // Whoever is to end the old pair, and the grant with it, can only do so with the new one.
      storage::put_token(writer, sealer, out_of_use, provider, next);
    } else {
      (void)storage::put_doomed_token(writer, sealer, provider, next);
    }
  };
  while (true) {
    std::exception_ptr failure;
    bool passes = false;
    try {
      co_await store.write(storage::Durability::now, put);
    } catch (const storage::DiskFull&) {
      failure = std::current_exception();
      passes = true;
    } catch (const storage::PoolFull&) {
      failure = std::current_exception();
      passes = true;
    } catch (...) {
      failure = std::current_exception();
    }
    if (!failure) break;
    // The daemon is about to end of it; the pair may still find its way to the disk before.
    if (!passes) renewal->end(failure);
    if (given_up) co_return;
    co_await renewal->again.wait_until(clock, clock.steady_now() + room_wait);
  }
  if (stored) co_return renewal->end(next.access);
  // A newer sign-in won, or the member is gone: the pair that nobody needs must not stay alive.
  Look looked = judge(instead, renewal->provider, used.access);
  const bool usable = looked.need == Need::none;
  if (usable) renewal->end(std::move(looked.answer));
  if (!usable) renewal->end(TokenTrouble{Kind::outage, "new tokens came meanwhile", used.access});
  leave(*renewal);
  if (doomed || given_up) co_return;
  co_await end_unneeded(renewal, std::move(next));
}

// Should it not work now, the job `tidy` finds the pair among those to be ended.
async::Task<void> TokenKeeper::State::end_unneeded(const Renewal& renewal, storage::Token next) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  const std::string& provider = renewal->provider;
  const TokenAnswer answer = co_await endpoints.revoke(provider, next);
  if (answer.verdict != Verdict::ok && answer.verdict != Verdict::dead) co_return;
  auto drop = [&](storage::Writer& writer) {
    storage::erase_token(writer, leave::doomed_owner(next), provider);
  };
  co_await store.write(storage::Durability::soon, std::move(drop));
}

}  // namespace tidemark::jobs
