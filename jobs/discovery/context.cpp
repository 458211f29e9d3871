#include "jobs/discovery/context.hpp"

#include <fmt/format.h>

#include "jobs/discovery/leave_out.hpp"
#include "jobs/discovery/limits.hpp"
#include "jobs/discovery/lists_back.hpp"
#include "jobs/discovery/statistics.hpp"
#include "storage/graph/capability.hpp"

namespace tidemark::jobs::discovery {

using http::github::Answer;
using http::github::Outcome;
using storage::Durability;

namespace {

constexpr std::int64_t token_wait_ms = 600'000;

// Others may have erased accounts and denied them since the last answer.
void look_at_others_work(const storage::Reader& reader, CrawlContext& context,
                         const storage::graph::Totals& totals) {
  const std::size_t denied = context.denied.size();
  context.denied = storage::graph::DenyList::load(reader);
  if (totals.users < context.users || context.denied.size() != denied) context.familiar.clear();
}

// `context.denied` is to be as this transaction has it: whoever was forgotten since the crawl was
// read must not come back with it.
void store_crawl(storage::Writer& writer, CrawlContext& context) {
  const auto is_forgotten = [&](UserId id, std::string_view login) {
    return context.denied.denies(id, login);
  };
  if (!context.denied.empty()) (void)leave_out(context.crawl, is_forgotten);
  put_crawl(writer, context.crawl);
}

async::Task<void> keep_quota(CrawlContext& context, storage::QuotaWindow quota) {
  auto put = [&](storage::Writer& writer) {
    storage::put_quota(writer, quota);
    look_at_others_work(writer, context, storage::graph::totals(writer));
    store_crawl(writer, context);
  };
  co_await context.run.commit(Durability::soon, std::move(put));
}

QuotaVerdict verdict_of(Outcome outcome) {
  if (outcome == Outcome::primary_limit) return QuotaVerdict::primary_limit;
  if (outcome == Outcome::secondary_limit) return QuotaVerdict::secondary_limit;
  return QuotaVerdict::answered;
}

// After a refusal: until when the ledger says to wait.
RunResult wait_for_quota(CrawlContext& context, const QuotaAsk& ask) {
  auto again = context.services.ledger.reserve(ask);
  if (const auto* wait = std::get_if<QuotaWait>(&again)) {
    return Suspended{wait->until_ms, wait->reason};
  }
  context.services.ledger.abandon(std::get<QuotaPermit>(again));
  return Suspended{wall_ms(context), "GitHub refused a request; it may go on"};
}

// Whether the answer is about what was asked; else how the run ends.
std::optional<RunResult> end_of(CrawlContext& context, const QuotaAsk& ask, const Answer& answer) {
  switch (answer.outcome) {
    case Outcome::primary_limit:
    case Outcome::secondary_limit: return wait_for_quota(context, ask);
    case Outcome::bad_credentials:
      return Suspended{wall_ms(context) + token_wait_ms,
                       "GitHub does not accept the token of the setting github.token_file (" +
                           answer.message +
                           "): put a valid one there, or remove the setting to go on without"};
    case Outcome::server_error:
      if (ask.resource == "graphql") return std::nullopt;
      return Failed{"GitHub answered: " + answer.message, true, true};
    default: return std::nullopt;
  }
}

void count_request(CrawlContext& context, const QuotaAsk& ask, const Answer& answer) {
  Crawl& crawl = context.crawl;
  Minute& minute = minute_of(crawl, wall_ms(context));
  if (ask.resource == "graphql") {
    const std::uint64_t points = answer.cost.value_or(ask.cost);
    crawl.points += points;
    minute.points += points;
  } else if (answer.outcome != Outcome::not_modified) {
    crawl.requests += 1;
    minute.requests += 1;
  }
}

// `request` is the one question that the permit is for.
using Request = std::function<async::Task<Answer>()>;
async::Task<AskResult> ask(CrawlContext& context, QuotaAsk ask, Request request) {
  QuotaLedger& ledger = context.services.ledger;
  if (context.services.share) ledger.set_share(ask.owner, context.services.share());
  auto reserved = ledger.reserve(ask);
  if (const auto* wait = std::get_if<QuotaWait>(&reserved)) {
    co_return RunResult(Suspended{wait->until_ms, wait->reason});
  }
  const QuotaPermit permit = std::get<QuotaPermit>(std::move(reserved));
  if (context.crawl.started_ms == 0) begin_counting(context.crawl, wall_ms(context));
  const async::SteadyTime began = context.services.clock.steady_now();
  std::optional<Answer> answer;
  try {
    answer = co_await request();
  } catch (...) {
    ledger.abandon(permit);
    throw;
  }
  answer->message = without_accounts(std::move(answer->message));
  Asked asked;
  asked.took =
      std::chrono::duration_cast<async::Milliseconds>(context.services.clock.steady_now() - began);
  asked.quota = ledger.settle(permit, verdict_of(answer->outcome), answer->rate, answer->cost);
  count_request(context, ask, *answer);
  std::optional<RunResult> end = end_of(context, ask, *answer);
  if (end) {
    co_await keep_quota(context, std::move(asked.quota));
    co_return std::move(*end);
  }
  asked.answer = std::move(*answer);
  co_return std::move(asked);
}

void count_taken(Crawl& crawl, const Taking& taking) {
  crawl.found += taking.users_found;
  crawl.read += taking.users_read;
  crawl.edges += taking.edges;
  crawl.repositories += taking.repositories;
  crawl.ended += taking.ended;
  Minute& minute = minute_of(crawl, taking.now_ms);
  minute.found += taking.users_found;
  minute.read += taking.users_read;
  minute.edges += taking.edges;
}

using Capabilities = std::vector<storage::graph::Capability>;
Capabilities capabilities(const storage::Reader& reader) {
  Capabilities all;
  for (const List list : storage::graph::all_lists) {
    all.push_back(storage::graph::find_capability(reader, list));
  }
  return all;
}

void note_lists_back(storage::Writer& writer, CrawlContext& context, const Capabilities& before) {
  using storage::graph::Ability;
  for (const storage::graph::Capability& was : before) {
    if (was.ability != Ability::gone) continue;
    if (storage::graph::find_capability(writer, was.list).ability == Ability::gone) continue;
    note_list_back(writer, was.list, was.since_ms);
    context.back_after = 0;
    ask_for_list(context.crawl.adaptation, was.list);
  }
}

// Somebody's list lacks what was seen from the other end: once more, apart from others, and once
// only; then it is as GitHub has it.
void read_again_alone(storage::Writer& writer, CrawlContext& context, const Taking& taking,
                      const Adaptation& before) {
  for (const UserId id : taking.contradicted) {
    if (demotion_of(before, id).alone) continue;
    auto user = storage::graph::find_user(writer, id);
    if (!user || user->presence == storage::graph::Presence::gone) continue;
    if (!demotion_of(context.crawl.adaptation, id).alone) {
      demote(context.crawl.adaptation, id, taking.now_ms);
    }
    user->place = storage::graph::Place{storage::graph::rank_stale, 0, taking.now_ms};
    storage::graph::put_user(writer, *user);
  }
}

}  // namespace

std::int64_t wall_ms(const CrawlContext& context) {
  return context.services.clock.wall_now().time_since_epoch().count();
}

std::string quota_owner(const Crawl& crawl) {
  if (crawl.anonymous) return "github:anonymous";
  return crawl.viewer == 0 ? std::string(operator_owner) : storage::account_owner(crawl.viewer);
}

async::Task<AskResult> ask_rest(CrawlContext& context, std::string target, std::string etag) {
  Request request = [&context, target, etag] {
    return context.services.github.get(context.token, target, etag);
  };
  QuotaAsk cost{quota_owner(context.crawl), "core", 1};
  co_return co_await ask(context, std::move(cost), std::move(request));
}

async::Task<AskResult> ask_viewer(CrawlContext& context) {
  Request request = [&context] {
    return context.services.github.get(context.token, "/user", std::string());
  };
  QuotaAsk cost{std::string(operator_owner), "core", 1};
  co_return co_await ask(context, std::move(cost), std::move(request));
}

async::Task<AskResult> ask_graphql(CrawlContext& context, std::string query,
                                   boost::json::object variables, std::uint64_t points) {
  Request request = [&context, &query, &variables] {
    return context.services.github.graphql(context.token, query, variables);
  };
  QuotaAsk cost{quota_owner(context.crawl), "graphql", points};
  co_return co_await ask(context, std::move(cost), std::move(request));
}

async::Task<void> commit_answer(CrawlContext& context, storage::QuotaWindow quota,
                                TakeAnswer take) {
  std::vector<std::pair<Entry, std::uint32_t>> learnt;
  auto store = [&](storage::Writer& writer) {
    const storage::graph::Totals before = storage::graph::totals(writer);
    look_at_others_work(writer, context, before);
    const DiscoverySettings& settings = context.services.settings;
    Taking taking{.now_ms = wall_ms(context),
                  .settings = settings,
                  .denied = context.denied,
                  .familiar = context.familiar};
    const std::uint64_t users_most = users_limit(writer, settings);
    const std::uint64_t accounts = accounts_in(before);
    taking.room = users_most > accounts ? users_most - accounts : 0;
    const std::uint64_t repositories_most = settings.repositories_most;
    taking.repositories_room =
        repositories_most > before.repositories ? repositories_most - before.repositories : 0;
    const Adaptation adaptation_before = context.crawl.adaptation;
    const Capabilities capabilities_before = capabilities(writer);
    take(writer, taking);
    note_lists_back(writer, context, capabilities_before);
    read_again_alone(writer, context, taking, adaptation_before);
    count_taken(context.crawl, taking);
    if (!quota.owner.empty()) storage::put_quota(writer, quota);
    store_crawl(writer, context);
    const storage::graph::Totals after = storage::graph::totals(writer);
    context.users = after.users;
    context.run.progress(writer, progress_of(after));
    learnt = std::move(taking.learnt);
  };
  co_await context.run.commit(Durability::soon, std::move(store));
  for (const auto& [entry, depth] : learnt) context.familiar.learn(entry.id, entry.login, depth);
  ++context.steps;
}

}  // namespace tidemark::jobs::discovery
