#include "jobs/sign_in/held_tokens.hpp"

#include <exception>

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
    if (storage::find_sign_in(writer, sign_in.digest)) {
      held = Held::taken_before;
    } else {
      storage::begin_sign_in(writer, services.sealer, sign_in, token);
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
    if (turn + 1 < turns_most) held = Held::held;
  }
  if (held == Held::held && !failure) co_return held;
  // They may be stored or not; if they are, `tidy` finds them.
  if (failure) std::rethrow_exception(failure);
  (void)co_await end_upstream(services, sign_in.provider, std::move(token));
  co_return held;
}

async::Task<void> discard(SignInServices& services, storage::SignIn sign_in) {
  auto find = [&](const storage::Reader& reader) {
    return storage::find_sign_in_token(reader, services.sealer, sign_in);
  };
  std::optional<storage::Token> token = co_await services.store.read(std::move(find));
  if (token) {
    const TokenAnswer answer = co_await end_upstream(services, sign_in.provider, std::move(*token));
    const bool over =
        answer.verdict == TokenAnswer::Verdict::ok || answer.verdict == TokenAnswer::Verdict::dead;
    if (!over) co_return;
  }
  auto end = [&](storage::Writer& writer) { storage::end_sign_in(writer, sign_in.digest); };
  co_await services.store.write(Durability::now, std::move(end));
}

}  // namespace tidemark::jobs::sign_in
