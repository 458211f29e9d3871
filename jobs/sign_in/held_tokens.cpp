#include "jobs/sign_in/held_tokens.hpp"

#include <exception>

#include "jobs/leave/doomed.hpp"
#include "storage/members.hpp"
#include "storage/pool.hpp"

namespace tidemark::jobs::sign_in {

using storage::Durability;

namespace {

constexpr int turns_most = 20;
constexpr std::chrono::milliseconds pool_wait{250};

async::Task<TokenAnswer> end_upstream(SignInServices& services, std::string provider,
                                      storage::Token token) {
  TokenEndpoints endpoints = endpoints_of(services);
  TokenAnswer answer = co_await endpoints.revoke(provider, std::move(token));
  services.tokens.learn(provider, answer);
  co_return answer;
}

[[nodiscard]] bool is_over(const TokenAnswer& answer) {
  return answer.verdict == TokenAnswer::Verdict::ok || answer.verdict == TokenAnswer::Verdict::dead;
}

// Who connects GitHub is a member already, and may have gone since they set out.
Held place_for(const storage::Reader& reader, const storage::SignIn& sign_in) {
  if (storage::find_sign_in(reader, sign_in.digest)) return Held::taken_before;
  if (sign_in.member.empty()) return Held::held;
  const auto member = storage::find_member(reader, sign_in.member);
  if (!member) return Held::no_member;
  return member->state == storage::MemberState::leaving ? Held::leaving : Held::held;
}

// Nobody's, and on disk until their provider has confirmed: should it not do so now, the job `tidy`
// finds them among those to be ended.
async::Task<void> end_unwanted(SignInServices& services, std::string provider,
                               storage::Token token) {
  const std::string owner = leave::doomed_owner(token);
  const TokenAnswer answer = co_await end_upstream(services, provider, std::move(token));
  if (!is_over(answer)) co_return;
  auto drop = [&](storage::Writer& writer) { storage::erase_token(writer, owner, provider); };
  co_await services.store.write(Durability::soon, std::move(drop));
}

}  // namespace

async::Task<bool> taken_before(SignInServices& services, std::string digest) {
  auto find = [&](const storage::Reader& reader) {
    return storage::find_sign_in(reader, digest).has_value();
  };
  co_return co_await services.store.read(std::move(find));
}

async::Task<Held> hold(SignInServices& services, storage::SignIn sign_in, storage::Token token) {
  Held held = Held::held;
  auto begin = [&](storage::Writer& writer) {
    held = place_for(writer, sign_in);
    if (held == Held::held) {
      storage::begin_sign_in(writer, services.sealer, sign_in, token);
    } else if (held != Held::taken_before) {
      (void)storage::put_doomed_token(writer, services.sealer, sign_in.provider, token);
    }
  };
  // Codes come in crowds: a queue that is full now has room soon.
  std::exception_ptr failure;
  for (int turn = 0; turn < turns_most; ++turn) {
    bool passes = false;
    failure = nullptr;
    try {
      co_await services.store.write(Durability::now, begin);
    } catch (const storage::PoolFull&) {
      held = Held::no_room;
      passes = true;
    } catch (const storage::DiskFull&) {
      held = Held::no_room;
    } catch (...) {
      failure = std::current_exception();
    }
    if (!passes) break;
    co_await services.clock.sleep_for(pool_wait);
  }
  // They may be stored or not; if they are, `tidy` finds them.
  if (failure) std::rethrow_exception(failure);
  if (held == Held::held) co_return held;
  if (held == Held::no_member || held == Held::leaving) {
    co_await end_unwanted(services, sign_in.provider, std::move(token));
  } else {
    (void)co_await end_upstream(services, sign_in.provider, std::move(token));
  }
  co_return held;
}

async::Task<bool> discard(SignInServices& services, storage::SignIn sign_in) {
  auto find = [&](const storage::Reader& reader) {
    return storage::find_sign_in_token(reader, services.sealer, sign_in);
  };
  std::optional<storage::Token> token = co_await services.store.read(std::move(find));
  if (token) {
    const TokenAnswer answer = co_await end_upstream(services, sign_in.provider, std::move(*token));
    if (!is_over(answer)) co_return answer.verdict == TokenAnswer::Verdict::rejected;
  }
  auto end = [&](storage::Writer& writer) { storage::end_sign_in(writer, sign_in.digest); };
  co_await services.store.write(Durability::now, std::move(end));
  co_return true;
}

}  // namespace tidemark::jobs::sign_in
