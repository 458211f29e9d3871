#include <fmt/format.h>

#include <algorithm>

#include "jobs/leave/doomed.hpp"
#include "jobs/leave/leave_job.hpp"
#include "jobs/sign_in/arrive.hpp"
#include "jobs/sign_in/held_tokens.hpp"
#include "jobs/sign_in/identity.hpp"
#include "jobs/sync/choice.hpp"
#include "jobs/sync/sync_job.hpp"
#include "storage/accounts.hpp"
#include "storage/jobs.hpp"

namespace tidemark::jobs::sign_in {

using storage::Durability;
using storage::MemberState;

namespace {

constexpr std::uint32_t person_waits = 10;
constexpr std::string_view private_scope = "repo";

struct Before {
  std::optional<storage::Member> member;
  std::optional<storage::Token> token;
};

// An OAuth App's tokens have scopes, a GitHub App's have none: what they may is said in its
// settings and at its installation.
bool may_see_private(const IdentityAnswer& answer, const storage::Token& token) {
  const bool of_app = token.access.starts_with("ghu_") || token.expires_ms != 0;
  if (!answer.scopes_told && of_app) return true;
  const std::string& scopes = answer.scopes_told ? answer.identity.scopes : token.scope;
  return http::github::has_scope(scopes, private_scope);
}

// More than public work, although nobody asked for it now: GitHub gives what was granted before.
bool is_too_wide(const IdentityAnswer& answer, const storage::Token& token) {
  const std::string& scopes = answer.scopes_told ? answer.identity.scopes : token.scope;
  return http::github::has_scope(scopes, private_scope);
}

Arrived ended(Arrival arrival, std::string message, const Before& before, std::string login) {
  Arrived arrived;
  arrived.arrival = arrival;
  arrived.message = std::move(message);
  if (before.member) arrived.member = *before.member;
  arrived.login = std::move(login);
  return arrived;
}

// Why this account cannot be the member's; empty: it can.
std::optional<Arrived> refusal(const storage::Reader& reader, const Before& before,
                               const http::github::Identity& identity) {
  if (!before.member) {
    return ended(Arrival::no_member, "the member is gone meanwhile", before, identity.login);
  }
  const storage::Member& member = *before.member;
  if (member.state == MemberState::leaving) {
    return ended(Arrival::leaving, fmt::format("member {} is being deleted", member.id), before,
                 identity.login);
  }
  if (member.github_id != 0 && member.github_id != identity.id) {
    return ended(
        Arrival::other_account,
        fmt::format("the weeks of member {} are those of the GitHub account {} ({}), not "
                    "of {} ({})",
                    member.id, member.login, member.github_id, identity.login, identity.id),
        before, identity.login);
  }
  const auto others = storage::members_of_account(reader, identity.id);
  const bool elsewhere = std::any_of(others.begin(), others.end(),
                                     [&](const std::string& id) { return id != member.id; });
  if (!elsewhere) return std::nullopt;
  return ended(Arrival::linked_elsewhere,
               fmt::format("the GitHub account {} is another member's", identity.login), before,
               identity.login);
}

storage::Member connected(const storage::Reader& reader, const SignInServices& services,
                          storage::Member member, const http::github::Identity& identity) {
  const bool signed_in =
      storage::find_token(reader, services.sealer, member.id, openhumans_provider).has_value();
  member.github_id = identity.id;
  member.login = identity.login;
  if (identity.created_s > 0) member.github_created_s = identity.created_s;
  if (member.state == MemberState::needs_sign_in) {
    member.last_error.clear();
    member.last_error_ms = 0;
  }
  member.state = signed_in ? MemberState::active : MemberState::needs_sign_in;
  member.state_reason = signed_in ? "" : "there is no Open Humans token";
  return member;
}

void start_sync(storage::Writer& writer, const std::string& member, std::int64_t now_ms) {
  storage::Job sync;
  sync.kind = sync::sync_kind;
  sync.key = member;
  sync.priority = person_waits;
  storage::enqueue_job(writer, std::move(sync), now_ms);
}

// In the last transaction.
Arrived settle(storage::Writer& writer, SignInServices& services, const storage::SignIn& sign_in,
               const IdentityAnswer& answer, bool wants_private) {
  const std::int64_t now_ms = wall_ms(services.clock);
  const std::string& id = sign_in.member;
  storage::erase_quotas(writer, storage::unknown_account_owner(id));
  const Before now{storage::find_member(writer, id),
                   storage::find_sign_in_token(writer, services.sealer, sign_in)};
  if (std::optional<Arrived> refused = refusal(writer, now, answer.identity)) {
    return std::move(*refused);
  }
  if (!now.token) {
    return ended(Arrival::replayed, "this sign-in has ended meanwhile", now, answer.identity.login);
  }
  const auto old = storage::find_token(writer, services.sealer, id, github_provider);
  // Which of the two sign-ins had died is not asked: an end of what is dead is confirmed as well.
  if (old && old->access != now.token->access) {
    leave::doom(writer, services.sealer, id, github_provider, *old, false, now_ms);
  }
  storage::put_token(writer, services.sealer, id, github_provider, *now.token);
  storage::end_sign_in(writer, sign_in.digest);
  storage::Member member = connected(writer, services, *now.member, answer.identity);
  sync::choose_work(writer, member, wants_private, now_ms);
  storage::put_member(writer, member);
  if (answer.quota) storage::put_quota(writer, *answer.quota);
  if (member.state == MemberState::active) start_sync(writer, id, now_ms);
  return ended(Arrival::done, {}, Before{std::move(member), {}}, answer.identity.login);
}

// Nothing is stored of people who are no members: what the ledger knows of their accounts it
// forgets with the process.
async::Task<void> keep_quota(SignInServices& services, std::string member,
                             const IdentityAnswer& answer) {
  if (!answer.quota) co_return;
  auto put = [&](storage::Writer& writer) {
    const bool known = answer.ok ? !storage::members_of_account(writer, answer.identity.id).empty()
                                 : storage::find_member(writer, member).has_value();
    if (known) storage::put_quota(writer, *answer.quota);
  };
  co_await services.store.write(Durability::soon, std::move(put));
}

// The grant ends at GitHub with all its tokens, those that the member had so far included. False:
// it does not just now.
async::Task<bool> end_grant(SignInServices& services, storage::SignIn sign_in,
                            storage::Token token) {
  TokenEndpoints endpoints = endpoints_of(services);
  const TokenAnswer answer = co_await endpoints.revoke_github_grant(std::move(token.access));
  services.tokens.learn(sign_in.provider, answer);
  const bool over =
      answer.verdict == TokenAnswer::Verdict::ok || answer.verdict == TokenAnswer::Verdict::dead;
  if (!over) co_return false;
  auto end = [&](storage::Writer& writer) {
    storage::end_sign_in(writer, sign_in.digest);
    (void)leave::begin_disconnecting(writer, services.sealer, sign_in.member,
                                     wall_ms(services.clock));
    // Public work was chosen, whether they come back from GitHub a second time or not.
    auto member = storage::find_member(writer, sign_in.member);
    if (!member || member->state == storage::MemberState::leaving) return;
    sync::choose_work(writer, *member, false, wall_ms(services.clock));
    storage::put_member(writer, *member);
  };
  co_await services.store.write(Durability::now, std::move(end));
  co_return true;
}

}  // namespace

async::Task<Arrived> connect_github(SignInServices& services, storage::SignIn sign_in,
                                    bool wants_private, bool may_be_wide) {
  const auto look = [&](const storage::Reader& reader) {
    return Before{storage::find_member(reader, sign_in.member),
                  storage::find_sign_in_token(reader, services.sealer, sign_in)};
  };
  const Before before = co_await services.store.read(look);
  if (!before.token) {
    co_return ended(Arrival::replayed, "this sign-in has ended meanwhile", before, {});
  }
  IdentityAnswer answer = co_await ask_identity(services, sign_in.member, before.token->access);
  if (!answer.ok) {
    // The tokens stay held: who asks again soon, as the device flow does, finds them.
    co_await keep_quota(services, sign_in.member, answer);
    co_return ended(Arrival::outage, std::move(answer.problem), before, {});
  }
  if (wants_private && !may_see_private(answer, *before.token)) {
    co_await keep_quota(services, sign_in.member, answer);
    co_await discard(services, sign_in);
    co_return ended(Arrival::scope_missing,
                    "private work was wanted, and GitHub was not allowed to show it", before,
                    answer.identity.login);
  }
  if (!wants_private && !may_be_wide && is_too_wide(answer, *before.token)) {
    auto check = [&](const storage::Reader& reader) {
      return refusal(reader, look(reader), answer.identity).has_value();
    };
    // The grant may be another member's: theirs is not touched.
    const bool refused = co_await services.store.read(std::move(check));
    bool over = false;
    if (!refused) over = co_await end_grant(services, sign_in, *before.token);
    if (over) {
      co_await keep_quota(services, sign_in.member, answer);
      co_return ended(Arrival::too_wide,
                      "GitHub gave private work, which was granted before, and public work was "
                      "wanted: that grant is ended",
                      before, answer.identity.login);
    }
  }
  std::optional<Arrived> arrived;
  auto finish = [&](storage::Writer& writer) {
    arrived = settle(writer, services, sign_in, answer, wants_private);
  };
  co_await services.store.write(Durability::now, std::move(finish));
  if (arrived->arrival != Arrival::done) {
    co_await keep_quota(services, sign_in.member, answer);
    co_await discard(services, sign_in);
  }
  co_return std::move(*arrived);
}

}  // namespace tidemark::jobs::sign_in
