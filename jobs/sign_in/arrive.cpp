#include "jobs/sign_in/arrive.hpp"

#include <fmt/format.h>

#include "http/digest.hpp"
#include "jobs/leave/doomed.hpp"
#include "jobs/sign_in/held_tokens.hpp"
#include "jobs/sync/sync_job.hpp"
#include "storage/jobs.hpp"

namespace tidemark::jobs::sign_in {

using storage::Durability;
using storage::MemberState;
using Verdict = TokenAnswer::Verdict;

namespace {

constexpr std::uint32_t sync_priority = 50;

Arrived ended(Arrival arrival, std::string message) {
  Arrived arrived;
  arrived.arrival = arrival;
  arrived.message = std::move(message);
  return arrived;
}

storage::SignIn sign_in_of(const SignInServices& services, std::string_view provider,
                           std::string member, const Return& back) {
  storage::SignIn sign_in;
  sign_in.digest = http::sha256_hex(back.state);
  sign_in.provider = provider;
  sign_in.member = std::move(member);
  sign_in.created_ms = wall_ms(services.clock);
  sign_in.expires_ms = back.state_expires_ms;
  return sign_in;
}

Arrival arrival_of(const TokenAnswer& answer) {
  switch (answer.verdict) {
    case Verdict::ok: return Arrival::done;
    case Verdict::dead: return Arrival::bad_code;
    case Verdict::client_refused: return Arrival::client_refused;
    case Verdict::rejected:
    case Verdict::outage: break;
  }
  return Arrival::outage;
}

constexpr const char* busy_text = "too many people sign in at once";
constexpr const char* refused_text = "the code of this state was refused before";

constexpr const char* replayed_text = "this return from the provider was taken before";

// A browser that sends the same return twice at once: the code is good for one of them.
async::Task<Arrived> refused(SignInServices& services, storage::SignIn sign_in, Arrived arrived) {
  if (arrived.arrival != Arrival::bad_code) co_return arrived;
  const bool taken = co_await taken_before(services, sign_in.digest);
  if (taken) co_return ended(Arrival::replayed, replayed_text);
  services.attempts.refuse(sign_in.digest, sign_in.expires_ms);
  co_return arrived;
}

// Empty: the code is still worth a question.
async::Task<std::optional<Arrived>> spent(SignInServices& services, const std::string& digest) {
  const bool taken = co_await taken_before(services, digest);
  if (taken) co_return ended(Arrival::replayed, replayed_text);
  if (services.attempts.was_refused(digest)) co_return ended(Arrival::bad_code, refused_text);
  co_return std::nullopt;
}

struct Turn {
  std::optional<Arrived> end;
  std::optional<Attempts::Place> place;
};

// Looks before and after the wait for a place: the same return may have come many times at once.
async::Task<Turn> wait_for_turn(SignInServices& services, storage::SignIn sign_in,
                                std::string address) {
  Turn turn;
  turn.end = co_await spent(services, sign_in.digest);
  if (turn.end) co_return turn;
  auto place = co_await services.attempts.enter(sign_in.provider, std::move(address));
  if (place) {
    turn.place.emplace(std::move(*place));
    turn.end = co_await spent(services, sign_in.digest);
  } else {
    turn.end = ended(Arrival::busy, busy_text);
  }
  co_return turn;
}

// Empty: the tokens are on disk, and nobody's yet.
async::Task<std::optional<Arrived>> hold_them(SignInServices& services, storage::SignIn sign_in,
                                              storage::Token token) {
  const Held held = co_await hold(services, std::move(sign_in), std::move(token));
  switch (held) {
    case Held::held: break;
    case Held::taken_before: co_return ended(Arrival::replayed, replayed_text);
    case Held::no_room:
      co_return ended(Arrival::outage, "there is no room on the disk of the store");
    case Held::no_member: co_return ended(Arrival::no_member, "the member is gone meanwhile");
    case Held::leaving: co_return ended(Arrival::leaving, "the member is being deleted");
  }
  co_return std::nullopt;
}

struct Known {
  bool leaving = false, ended = false;
  Arrived arrived;
};

// In the last transaction: the tokens become the member's.
Known settle(storage::Writer& writer, SignInServices& services, const storage::SignIn& sign_in,
             const storage::Token& token, const std::string& id) {
  const std::int64_t now_ms = wall_ms(services.clock);
  Known known;
  // Whoever ended the sign-in meanwhile has ended its tokens as well.
  const auto row = storage::find_sign_in(writer, sign_in.digest);
  known.ended = !row || row->phase != storage::SignInPhase::exchanged;
  if (known.ended) return known;
  std::optional<storage::Member> member = storage::find_member(writer, id);
  if (member && member->state == MemberState::leaving) {
    known.leaving = true;
    return known;
  }
  known.arrived.is_new = !member;
  if (!member) {
    member.emplace();
    member->id = id;
    member->state = MemberState::not_connected;
    member->added_ms = now_ms;
  }
  const auto old = storage::find_token(writer, services.sealer, id, openhumans_provider);
  const bool was_dead = member->state == MemberState::needs_sign_in;
  // Which of the two sign-ins had died is not asked: an end of what is dead is confirmed as well.
  if (old && old->access != token.access) {
    leave::doom(writer, services.sealer, id, openhumans_provider, *old, false, now_ms);
  }
  storage::put_token(writer, services.sealer, id, openhumans_provider, token);
  storage::end_sign_in(writer, sign_in.digest);
  if (was_dead) {
    const bool connected =
        storage::find_token(writer, services.sealer, id, github_provider).has_value();
    member->state = connected ? MemberState::active : MemberState::not_connected;
    member->state_reason.clear();
    member->last_error.clear();
    member->last_error_ms = 0;
  }
  storage::put_member(writer, *member);
  if (member->state == MemberState::active) {
    storage::Job sync;
    sync.kind = sync::sync_kind;
    sync.key = id;
    sync.priority = sync_priority;
    storage::enqueue_job(writer, std::move(sync), now_ms);
  }
  known.arrived.member = std::move(*member);
  return known;
}

}  // namespace

std::string_view name_of(Arrival arrival) {
  switch (arrival) {
    case Arrival::done: return "done";
    case Arrival::replayed: return "replayed";
    case Arrival::bad_code: return "bad code";
    case Arrival::client_refused: return "client refused";
    case Arrival::outage: return "outage";
    case Arrival::busy: return "busy";
    case Arrival::leaving: return "leaving";
    case Arrival::no_member: return "no member";
    case Arrival::other_account: return "other account";
    case Arrival::linked_elsewhere: return "linked elsewhere";
    case Arrival::scope_missing: return "scope missing";
    case Arrival::too_wide: return "too wide";
    case Arrival::unverified_mail: return "unverified mail";
  }
  return "?";
}

async::Task<Arrived> arrive_from_openhumans(
    SignInServices& services, Return back,
    std::function<void(storage::Writer&, const storage::Member&)> also) {
  const storage::SignIn sign_in = sign_in_of(services, openhumans_provider, {}, back);
  Turn turn = co_await wait_for_turn(services, sign_in, back.address);
  if (turn.end) co_return std::move(*turn.end);
  const std::int64_t asked_ms = wall_ms(services.clock);
  auto exchanged =
      co_await services.openhumans.exchange(back.code, back.verifier, back.redirect_uri);
  turn.place.reset();
  if (!exchanged.ok()) {
    const TokenAnswer answer = token_answer(exchanged.outcome, std::move(exchanged.message));
    services.tokens.learn(sign_in.provider, answer);
    Arrived end = ended(arrival_of(answer), answer.message);
    co_return co_await refused(services, sign_in, std::move(end));
  }
  services.tokens.client_accepted(sign_in.provider);
  const storage::Token token = token_of(exchanged.value, asked_ms);
  std::optional<Arrived> unheld = co_await hold_them(services, sign_in, token);
  if (unheld) co_return std::move(*unheld);

  auto listing = co_await services.openhumans.member(token.access);
  if (!listing.ok() || listing.value.project_member_id.empty()) {
    // In an outage the person would wait for nothing; the job `tidy` comes back to it.
    const bool outage = listing.outcome == http::openhumans::Outcome::transient;
    if (!outage) co_await discard(services, sign_in);
    co_return ended(Arrival::outage,
                    fmt::format("asking Open Humans who signed in: {}", listing.message));
  }
  const std::string id = listing.value.project_member_id;
  Known known;
  auto finish = [&](storage::Writer& writer) {
    known = settle(writer, services, sign_in, token, id);
    if (!known.leaving && !known.ended && also) also(writer, known.arrived.member);
  };
  co_await services.store.write(Durability::now, std::move(finish));
  if (known.ended) {
    co_return ended(Arrival::replayed, "this sign-in has ended meanwhile");
  }
  if (known.leaving) {
    co_await discard(services, sign_in);
    co_return ended(Arrival::leaving, fmt::format("member {} is being deleted", id));
  }
  co_return std::move(known.arrived);
}

async::Task<Arrived> arrive_from_github(SignInServices& services, std::string member,
                                        bool wants_private, Return back) {
  using http::github::OAuthOutcome;
  const storage::SignIn sign_in = sign_in_of(services, github_provider, std::move(member), back);
  Turn turn = co_await wait_for_turn(services, sign_in, back.address);
  if (turn.end) co_return std::move(*turn.end);
  const std::int64_t asked_ms = wall_ms(services.clock);
  auto exchanged =
      co_await services.github_oauth.exchange(back.code, back.verifier, back.redirect_uri);
  turn.place.reset();
  if (exchanged.outcome == OAuthOutcome::unverified_mail) {
    co_return ended(Arrival::unverified_mail, std::move(exchanged.message));
  }
  if (!exchanged.ok()) {
    const TokenAnswer answer = token_answer(exchanged.outcome, std::move(exchanged.message));
    services.tokens.learn(sign_in.provider, answer);
    Arrived end = ended(arrival_of(answer), answer.message);
    co_return co_await refused(services, sign_in, std::move(end));
  }
  services.tokens.client_accepted(sign_in.provider);
  const storage::Token token = token_of(exchanged.value, asked_ms);
  std::optional<Arrived> unheld = co_await hold_them(services, sign_in, token);
  if (unheld) co_return std::move(*unheld);
  co_return co_await connect_github(services, sign_in, wants_private, back.again);
}

}  // namespace tidemark::jobs::sign_in
