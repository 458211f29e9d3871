#include "jobs/sign_in/held_tokens.hpp"

namespace tidemark::jobs::sign_in {

using storage::Durability;

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
  try {
    co_await services.store.write(Durability::now, std::move(begin));
  } catch (const storage::DiskFull&) {
    held = Held::no_room;
  }
  if (held == Held::held) co_return held;
  TokenEndpoints endpoints = endpoints_of(services);
  (void)co_await endpoints.revoke(sign_in.provider, std::move(token));
  co_return held;
}

async::Task<void> discard(SignInServices& services, storage::SignIn sign_in) {
  auto find = [&](const storage::Reader& reader) {
    return storage::find_sign_in_token(reader, services.sealer, sign_in);
  };
  std::optional<storage::Token> token = co_await services.store.read(std::move(find));
  if (token) {
    TokenEndpoints endpoints = endpoints_of(services);
    const TokenAnswer answer = co_await endpoints.revoke(sign_in.provider, std::move(*token));
    const bool over =
        answer.verdict == TokenAnswer::Verdict::ok || answer.verdict == TokenAnswer::Verdict::dead;
    if (!over) co_return;
  }
  auto end = [&](storage::Writer& writer) { storage::end_sign_in(writer, sign_in.digest); };
  co_await services.store.write(Durability::now, std::move(end));
}

}  // namespace tidemark::jobs::sign_in
