#include "jobs/sync/session.hpp"

#include <fmt/format.h>

#include "storage/members.hpp"
#include "storage/secrets.hpp"

namespace tidemark::jobs::sync {

using http::openhumans::Grant;
using http::openhumans::Outcome;
using storage::Token;

namespace {

constexpr std::string_view provider = "openhumans";
constexpr std::int64_t renew_before_ms = 60'000;

}  // namespace

async::Task<RunResult> Session::sign_in_needed(std::string reason, std::string_view of,
                                               std::string used) {
  const std::int64_t now_ms = wall_ms(services_.clock);
  bool superseded = false;
  auto mark = [&](storage::Writer& writer) {
    auto member = storage::find_member(writer, member_);
    if (!member) return;
    const auto token = storage::find_token(writer, services_.sealer, member_, of);
    superseded = (token ? token->access : std::string()) != used;
    if (superseded) return;
    member->state = storage::MemberState::needs_sign_in;
    member->state_reason = reason;
    member->last_error = reason;
    member->last_error_ms = now_ms;
    storage::put_member(writer, *member);
  };
  co_await run_.commit(storage::Durability::now, std::move(mark));
  if (superseded) co_return Suspended{now_ms, "new tokens came while the old ones were tried"};
  co_return Done{};
}

RunResult Session::failed(const std::string& what, Outcome outcome, const std::string& message) {
  const std::string words = fmt::format("{}: {}", what, message);
  if (outcome == Outcome::invalid_client) {
    return Failed{words +
                      ". The client id or secret of this tidemark is wrong: correct "
                      "openhumans.client_id and openhumans.client_secret_file, restart "
                      "tidemark, and requeue the job",
                  false};
  }
  return Failed{words, true, outcome == Outcome::transient};
}

async::Task<std::variant<std::string, RunResult>> Session::fresh_token(bool refused) {
  using Result = std::variant<std::string, RunResult>;
  auto find = [&](const storage::Reader& reader) {
    return storage::find_token(reader, services_.sealer, member_, provider);
  };
  const std::optional<Token> token = co_await services_.store.read(std::move(find));
  if (!token) {
    RunResult end = co_await sign_in_needed("there is no Open Humans token", provider, "");
    co_return Result(std::move(end));
  }
  const bool expires_soon =
      token->expires_ms != 0 && token->expires_ms < wall_ms(services_.clock) + renew_before_ms;
  if (!refused && !expires_soon) co_return Result(token->access);
  if (token->refresh.empty()) {
    RunResult end = co_await sign_in_needed(
        expires_soon ? "the Open Humans token expired, and there is none to renew it with"
                     : "Open Humans does not accept the token, and there is none to renew it with",
        provider, token->access);
    co_return Result(std::move(end));
  }
  auto renewed = co_await services_.openhumans.refresh(token->refresh);
  if (renewed.outcome == Outcome::invalid_grant) {
    RunResult end = co_await sign_in_needed(
        "Open Humans no longer accepts the sign-in: the member left, or the token was lost",
        provider, token->access);
    co_return Result(std::move(end));
  }
  if (!renewed.ok()) {
    co_return Result(failed("renewing the Open Humans token", renewed.outcome, renewed.message));
  }
  const Grant& grant = renewed.value;
  const Token next{grant.access, grant.refresh,
                   wall_ms(services_.clock) + grant.expires_in_s * 1'000, grant.scope};
  std::string valid = next.access;
  auto keep = [&](storage::Writer& writer) {
    const auto stored = storage::find_token(writer, services_.sealer, member_, provider);
    if (stored && stored->access != token->access) {
      valid = stored->access;  // a newer sign-in came meanwhile
    } else {
      storage::put_token(writer, services_.sealer, member_, provider, next);
    }
  };
  co_await run_.commit(storage::Durability::now, std::move(keep));
  co_return Result(std::move(valid));
}

}  // namespace tidemark::jobs::sync
