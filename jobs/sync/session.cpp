#include "jobs/sync/session.hpp"

#include <fmt/format.h>

#include "storage/members.hpp"
#include "storage/secrets.hpp"

namespace tidemark::jobs::sync {

using http::openhumans::Outcome;

namespace {

constexpr std::int64_t client_wait_ms = 600'000;

}  // namespace

async::Task<RunResult> Session::sign_in_needed(std::string reason, std::string of,
                                               std::string used) {
  const std::int64_t now_ms = wall_ms(services_.clock);
  bool superseded = false;
  auto mark = [&](storage::Writer& writer) {
    auto member = storage::find_member(writer, member_);
    if (!member || member->state != storage::MemberState::active) return;
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
  return Failed{fmt::format("{}: {}", what, message), true, outcome == Outcome::transient};
}

async::Task<std::variant<std::string, RunResult>> Session::token(std::string provider,
                                                                 std::string refused) {
  using Result = std::variant<std::string, RunResult>;
  FreshToken fresh = co_await services_.tokens.fresh(member_, provider, std::move(refused));
  if (auto* token = std::get_if<std::string>(&fresh)) co_return Result(std::move(*token));
  TokenTrouble trouble = std::get<TokenTrouble>(std::move(fresh));
  switch (trouble.kind) {
    case TokenTrouble::Kind::absent:
    case TokenTrouble::Kind::refused: {
      RunResult end = co_await sign_in_needed(std::move(trouble.message), std::move(provider),
                                              std::move(trouble.used));
      co_return Result(std::move(end));
    }
    case TokenTrouble::Kind::client_refused:
      co_return Result(RunResult(
          Suspended{wall_ms(services_.clock) + client_wait_ms, std::move(trouble.message)}));
    case TokenTrouble::Kind::outage:
      co_return Result(RunResult(Failed{std::move(trouble.message), true, true}));
    case TokenTrouble::Kind::rejected: break;
  }
  co_return Result(RunResult(Failed{std::move(trouble.message), true}));
}

}  // namespace tidemark::jobs::sync
