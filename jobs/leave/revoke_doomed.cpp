#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

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

using Tried = std::set<std::pair<std::string, std::string>>;  // owner and provider

std::pair<std::string, std::string> name_of(const DoomedToken& doomed) {
  return {doomed.owner, doomed.provider};
}

// The grant is spared when it holds somebody's live token: the member has connected again, or the
// account is another member's too.
std::optional<Sentence> next_sentence(const storage::Reader& reader, const storage::Sealer& sealer,
                                      const std::string& member, const Tried& tried) {
  const std::vector<DoomedToken> list = list_doomed_of(reader, member);
  const auto found = std::ranges::find_if(
      list, [&](const DoomedToken& each) { return !tried.contains(name_of(each)); });
  if (found == list.end()) return std::nullopt;
  Sentence next{*found, {}, false};
  next.token = storage::find_token(reader, sealer, next.doomed.owner, next.doomed.provider);
  const auto row = storage::find_member(reader, member);
  const bool alone =
      !row || row->github_id == 0 || storage::members_of_account(reader, row->github_id).size() < 2;
  const bool connected = storage::find_token(reader, sealer, member, github_provider).has_value();
  next.whole_grant = next.doomed.whole_grant && alone && !connected;
  return next;
}

// One round: every token is tried once, and judged by itself. What one provider does not do says
// nothing of another token.
class Round {
 public:
  Round(sign_in::SignInServices& services, Run& run, std::string member)
      : services_(services), run_(run), member_(std::move(member)) {}

  async::Task<Revoked> go();

 private:
  async::Task<std::optional<Sentence>> next();
  async::Task<void> try_one(Sentence sentence);
  async::Task<void> strike(Sentence sentence, std::optional<std::string> given_up);
  void keep(const DoomedToken& doomed, std::string why) {
    tried_.insert(name_of(doomed));
    revoked_.left.push_back(std::move(why));
  }
  [[nodiscard]] std::int64_t now_ms() const { return wall_ms(services_.clock); }
  [[nodiscard]] std::optional<RunResult> end() const;

  sign_in::SignInServices& services_;
  Run& run_;
  std::string member_;
  Tried tried_;
  Revoked revoked_;
  bool failed_ = false;
  std::int64_t wait_ms_ = client_wait_ms;
};

async::Task<std::optional<Sentence>> Round::next() {
  auto find = [&](const storage::Reader& reader) {
    return next_sentence(reader, services_.sealer, member_, tried_);
  };
  co_return co_await services_.store.read(std::move(find));
}

async::Task<void> Round::strike(Sentence sentence, std::optional<std::string> given_up) {
  auto work = [&](storage::Writer& writer) {
    // Otherwise it is another pair by now, whose turn is next.
    if (!is_current(writer, services_.sealer, sentence)) return;
    if (given_up) note_given_up(writer, *given_up, now_ms());
    strike_off(writer, member_, sentence.doomed);
  };
  co_await run_.commit(Durability::now, std::move(work));
}

async::Task<void> Round::try_one(Sentence sentence) {
  const TokenAnswer answer = co_await execute(services_, sentence);
  if (is_over(answer)) co_return co_await strike(std::move(sentence), std::nullopt);
  const std::string words = words_of(sentence.doomed, answer);
  if (is_hopeless(answer, sentence.doomed.since_ms, now_ms())) {
    revoked_.given_up.push_back(words);
    co_return co_await strike(std::move(sentence), words);
  }
  failed_ = failed_ || answer.verdict != Verdict::client_refused;
  keep(sentence.doomed, words);
}

async::Task<Revoked> Round::go() {
  std::optional<Sentence> sentence = co_await next();
  while (sentence) {
    if (run_.stopping()) {
      revoked_.not_yet = Suspended{now_ms(), "tidemark is stopping"};
      co_return std::move(revoked_);
    }
    bool settled = true;
    if (sentence->token) {
      // A renewal under way kills this pair, and puts its answer in the place of it.
      settled =
          co_await services_.tokens.settled(sentence->doomed.provider, sentence->token->access);
      if (settled) sentence = co_await next();
    }
    if (!sentence) break;
    if (settled) {
      co_await try_one(std::move(*sentence));
    } else {
      wait_ms_ = renewal_wait_ms;
      keep(sentence->doomed, "the token to be ended is still being renewed");
    }
    sentence = co_await next();
  }
  revoked_.not_yet = end();
  co_return std::move(revoked_);
}

std::optional<RunResult> Round::end() const {
  if (revoked_.left.empty()) return std::nullopt;
  const std::string why = fmt::format("{}", fmt::join(revoked_.left, "; "));
  if (failed_) return Failed{why, true, true};
  return Suspended{now_ms() + wait_ms_, why};
}

}  // namespace

async::Task<Revoked> revoke_doomed(sign_in::SignInServices& services, Run& run,
                                   std::string member) {
  Round round(services, run, std::move(member));
  co_return co_await round.go();
}

}  // namespace tidemark::jobs::leave
