#include <fmt/format.h>

#include <algorithm>

#include "jobs/sync/planner.hpp"
#include "jobs/sync/sync_run.hpp"
#include "jobs/sync/take.hpp"
#include "jobs/sync/weeks.hpp"
#include "storage/quota.hpp"

namespace tidemark::jobs::sync {

using http::github::Answer;
using http::github::Outcome;
using storage::Durability;

namespace {

constexpr std::string_view resource = "graphql";
constexpr std::uint64_t budget_min = 20;
// Answers without status 200 may be too heavy a question or an outage: after so many in a row it is
// taken for an outage.
constexpr std::uint32_t heavy_most = 4;
// So many parts in a row cannot all be too heavy: the account as a whole is refused just now.
constexpr std::uint32_t given_up_most = 5;

std::uint64_t start_budget(const storage::Member& member, const SyncSettings& settings) {
  return member.commit_budget == 0 ? settings.commit_budget : member.commit_budget;
}

// Which account the token is of, when this answer is the first that tells.
std::uint64_t account_in(const Answer& answer) {
  const boost::json::object* root = answer.json.if_object();
  const auto* data = root == nullptr ? nullptr : root->if_contains("data");
  if (data == nullptr || !data->is_object()) return 0;
  const auto* viewer = data->get_object().if_contains(alias_of(0));
  if (viewer == nullptr || !viewer->is_object()) return 0;
  const auto* id = viewer->get_object().if_contains("databaseId");
  return id != nullptr && id->is_int64() && id->get_int64() > 0
             ? static_cast<std::uint64_t>(id->get_int64())
             : 0;
}

QueryLimits limits_of(const State& state, const SyncSettings& settings, std::size_t parts_most) {
  QueryLimits limits;
  limits.parts = std::min(limits.parts, parts_most);
  limits.weight = start_budget(state.member, settings);
  limits.window_connections = state.memory.window_connections;
  return limits;
}

}  // namespace

std::string SyncRun::owner() const {
  return state_.member.github_id == 0 ? storage::unknown_account_owner(state_.member.id)
                                      : storage::account_owner(state_.member.github_id);
}

async::Task<Stop> SyncRun::ask_once() {
  Stop stop = co_await take_github_token({});
  if (stop) co_return stop;
  Query query = make_query(state_.cursor.pending, state_.member.github_node_id,
                           limits_of(state_, services_.settings, parts_most_));
  const QuotaAsk ask{owner(), std::string(resource), query.cost};
  auto reserved = services_.ledger.reserve(ask);
  if (const auto* wait = std::get_if<QuotaWait>(&reserved)) {
    co_return Suspended{wait->until_ms, wait->reason};
  }
  QuotaPermit permit = std::get<QuotaPermit>(std::move(reserved));
  std::optional<Answer> answer;
  try {
    answer = co_await services_.github.graphql(github_token_, query.text, query.variables);
  } catch (...) {
    services_.ledger.abandon(permit);
    throw;
  }
  co_return co_await judge_answer(std::move(query), std::move(permit), std::move(*answer));
}

storage::QuotaWindow SyncRun::settle(QuotaPermit permit, QuotaVerdict verdict,
                                     const Answer& answer) {
  const std::uint64_t account = account_in(answer);
  if (state_.member.github_id == 0 && account != 0) {
    // The quota belongs to the account, which only this answer names.
    QuotaAsk ask = permit.ask;
    ask.owner = storage::account_owner(account);
    auto reserved = services_.ledger.reserve(ask);
    if (auto* named = std::get_if<QuotaPermit>(&reserved)) {
      services_.ledger.abandon(permit);
      permit = *named;
    }
  }
  return services_.ledger.settle(permit, verdict, answer.rate, answer.cost);
}

async::Task<Stop> SyncRun::judge_answer(Query query, QuotaPermit permit, Answer answer) {
  const bool primary = answer.outcome == Outcome::primary_limit;
  const bool secondary = answer.outcome == Outcome::secondary_limit;
  const QuotaVerdict verdict = primary     ? QuotaVerdict::primary_limit
                               : secondary ? QuotaVerdict::secondary_limit
                                           : QuotaVerdict::answered;
  storage::QuotaWindow quota = settle(std::move(permit), verdict, answer);
  const std::string words = fmt::format("GitHub answered: {} ({})", answer.message,
                                        http::github::name_of(answer.outcome));
  switch (answer.outcome) {
    case Outcome::ok:
      co_return co_await take(std::move(query), std::move(answer), std::move(quota));
    case Outcome::too_heavy:
      co_return co_await ask_for_less(std::move(query), std::move(answer), std::move(quota));
    case Outcome::primary_limit:
    case Outcome::secondary_limit: {
      co_await keep_quota(std::move(quota));
      auto again = services_.ledger.reserve(QuotaAsk{owner(), std::string(resource), query.cost});
      if (const auto* wait = std::get_if<QuotaWait>(&again)) {
        co_return Suspended{wait->until_ms, wait->reason};
      }
      services_.ledger.abandon(std::get<QuotaPermit>(again));
      co_return std::nullopt;
    }
    case Outcome::bad_credentials:
      co_await keep_quota(std::move(quota));
      co_return co_await renew_github_token();
    case Outcome::invalid: co_return Failed{words, false};
    default: break;
  }
  co_await keep_quota(std::move(quota));
  co_return Failed{words, true, answer.outcome == Outcome::server_error};
}

// One renewal and one more question; a new token that is not accepted either cannot be helped.
async::Task<Stop> SyncRun::renew_github_token() {
  if (github_token_renewed_) {
    co_return co_await session_.sign_in_needed("GitHub does not accept the new token either",
                                               "github", github_token_);
  }
  github_token_renewed_ = true;
  co_return co_await take_github_token(github_token_);
}

async::Task<Stop> SyncRun::take(Query query, Answer answer, storage::QuotaWindow quota) {
  heavy_in_a_row_ = 0;
  github_token_renewed_ = false;
  given_up_in_a_row_ = 0;
  parts_most_ = std::min(parts_at_most, parts_most_ * 2);
  adapt_budget(query, answer);
  std::string another_account, account_unknown;
  const std::string owner_before = owner();
  auto store = [&](storage::Writer& writer) {
    storage::put_quota(writer, quota);
    State next = state_;
    try {
      take_answer(writer, next, query.parts, answer);
    } catch (const AnotherAccount& error) {
      another_account = error.what();
      return;
    } catch (const AccountUnknown& error) {
      account_unknown = error.what();
      return;
    }
    store_state(writer, next);
    run_.progress(writer, progress_of(next));
    state_ = std::move(next);
    if (owner() != owner_before) storage::erase_quotas(writer, owner_before);
  };
  co_await run_.commit(Durability::soon, std::move(store));
  if (owner() != owner_before) services_.ledger.forget(owner_before);
  if (!another_account.empty()) {
    co_return co_await session_.sign_in_needed(another_account, "github", github_token_);
  }
  if (!account_unknown.empty()) co_return Failed{account_unknown, true};
  ++steps_taken_;
  co_return std::nullopt;
}

async::Task<Stop> SyncRun::ask_for_less(Query query, Answer answer, storage::QuotaWindow quota) {
  const bool told = answer.status == 200;  // it said so itself, rather than timing out
  const Part& first = state_.cursor.pending.front();
  const bool smallest = query.parts == 1 && smaller(first).empty();
  if (!told && (smallest || ++heavy_in_a_row_ >= heavy_most)) {
    co_await keep_quota(std::move(quota));
    co_return Failed{"GitHub does not answer in time: " + answer.message, true, true};
  }
  if (smallest && (first.kind == PartKind::identity || ++given_up_in_a_row_ >= given_up_most)) {
    co_await keep_quota(std::move(quota));
    co_return Failed{"GitHub refuses even the smallest questions: " + answer.message, true};
  }
  // The budget has a floor, below which light parts would still be asked together: their number
  // is halved as well.
  state_.member.commit_budget = std::max(budget_min, query.weight / 2);
  parts_most_ = std::max<std::size_t>(1, query.parts / 2);
  auto store = [&](storage::Writer& writer) {
    State next = state_;
    take_refusal(writer, next, query.parts, answer.message);
    store_state(writer, next);
    storage::put_quota(writer, quota);
    state_ = std::move(next);
  };
  co_await run_.commit(Durability::soon, std::move(store));
  co_return std::nullopt;
}

async::Task<void> SyncRun::keep_quota(storage::QuotaWindow quota) {
  auto put = [&](storage::Writer& writer) { storage::put_quota(writer, quota); };
  co_await run_.commit(Durability::soon, std::move(put));
}

// Slow answers count against GitHub's limit on computing time: the next query asks for less.
void SyncRun::adapt_budget(const Query& query, const Answer& answer) {
  const SyncSettings& settings = services_.settings;
  const auto took = answer.exchanged.received - answer.exchanged.sent;
  const std::uint64_t budget = start_budget(state_.member, settings);
  std::uint64_t next = budget;
  if (took > settings.slow_answer_ms) {
    next = std::max(budget_min, budget / 2);
  } else if (took < settings.slow_answer_ms / 2 && query.weight * 2 > budget) {
    next = std::min(settings.commit_budget_max, budget * 3 / 2);
  }
  state_.member.commit_budget = next;
  // GitHub may price a window higher than its rule says; the price is believed.
  if (answer.cost && *answer.cost > query.cost && state_.memory.window_connections < 104) {
    state_.memory.window_connections = 104;
  }
}

}  // namespace tidemark::jobs::sync
