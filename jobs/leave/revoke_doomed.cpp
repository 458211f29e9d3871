#include <fmt/format.h>

#include "jobs/leave/given_up.hpp"
#include "jobs/leave/sentence.hpp"
#include "jobs/sign_in/held_tokens.hpp"
#include "storage/accounts.hpp"
#include "storage/members.hpp"

namespace tidemark::jobs::leave {

using sign_in::wall_ms;
using storage::Durability;
using Verdict = TokenAnswer::Verdict;

namespace {

constexpr std::int64_t client_wait_ms = 600'000;
constexpr std::int64_t renewal_wait_ms = 60'000;

// The grant is spared when it holds somebody's live token: the member has connected again, or the
// account is another member's too.
std::optional<Sentence> next_sentence(const storage::Reader& reader, const storage::Sealer& sealer,
                                      const std::string& member) {
  const std::vector<DoomedToken> list = list_doomed_of(reader, member);
  if (list.empty()) return std::nullopt;
  Sentence next{list.front(), {}, false};
  next.token = storage::find_token(reader, sealer, next.doomed.owner, next.doomed.provider);
  const auto row = storage::find_member(reader, member);
  const bool alone =
      !row || row->github_id == 0 || storage::members_of_account(reader, row->github_id).size() < 2;
  const bool connected = storage::find_token(reader, sealer, member, github_provider).has_value();
  next.whole_grant = next.doomed.whole_grant && alone && !connected;
  return next;
}

RunResult failed(const DoomedToken& doomed, const TokenAnswer& answer, std::int64_t now_ms) {
  if (answer.verdict == Verdict::client_refused) {
    return Suspended{now_ms + client_wait_ms, answer.message};
  }
  return Failed{words_of(doomed, answer), true, true};
}

}  // namespace

async::Task<Revoked> revoke_doomed(sign_in::SignInServices& services, Run& run,
                                   std::string member) {
  Revoked revoked;
  const auto next = [&](const storage::Reader& reader) {
    return next_sentence(reader, services.sealer, member);
  };
  while (true) {
    std::optional<Sentence> sentence = co_await services.store.read(next);
    if (!sentence) co_return revoked;
    if (run.stopping()) {
      revoked.not_yet = Suspended{wall_ms(services.clock), "tidemark is stopping"};
      co_return revoked;
    }
    if (sentence->token) {
      // A renewal under way kills this pair, and puts its answer in the place of it.
      const bool settled =
          co_await services.tokens.settled(sentence->doomed.provider, sentence->token->access);
      if (!settled) {
        revoked.not_yet = Suspended{wall_ms(services.clock) + renewal_wait_ms,
                                    "the token to be ended is still being renewed"};
        co_return revoked;
      }
      sentence = co_await services.store.read(next);
      if (!sentence) co_return revoked;
    }
    const TokenAnswer answer = co_await execute(services, *sentence);
    const std::int64_t now_ms = wall_ms(services.clock);
    const bool hopeless =
        !is_over(answer) && is_hopeless(answer, sentence->doomed.since_ms, now_ms);
    if (!is_over(answer) && !hopeless) {
      revoked.not_yet = failed(sentence->doomed, answer, now_ms);
      co_return revoked;
    }
    if (hopeless) revoked.given_up = words_of(sentence->doomed, answer);
    auto strike = [&](storage::Writer& writer) {
      if (!is_current(writer, services.sealer, *sentence)) return;
      if (hopeless) note_given_up(writer, words_of(sentence->doomed, answer), now_ms);
      strike_off(writer, member, sentence->doomed);
    };
    co_await run.commit(Durability::now, std::move(strike));
  }
}

}  // namespace tidemark::jobs::leave
