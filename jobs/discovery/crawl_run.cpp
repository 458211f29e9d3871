#include "jobs/discovery/crawl_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "http/digest.hpp"
#include "http/github/oauth.hpp"
#include "jobs/discovery/batches.hpp"
#include "jobs/discovery/depths.hpp"
#include "jobs/discovery/discovery_job.hpp"
#include "jobs/discovery/lists_back.hpp"
#include "jobs/discovery/raised_limits.hpp"
#include "jobs/discovery/resolve_seed.hpp"
#include "jobs/discovery/rest.hpp"
#include "jobs/discovery/select.hpp"

namespace tidemark::jobs::discovery {

using http::github::Outcome;
using storage::Durability;

namespace {

constexpr std::int64_t go_on_after_ms = 5'000;
constexpr std::chrono::seconds rest_pause{30};
// So many batches may wait to be compared while the crawl goes on.
constexpr std::size_t batches_most = 3;
constexpr std::int64_t other_account_wait_ms = 600'000;
constexpr std::size_t depths_at_once = 2'000;
constexpr std::size_t accounts_at_once = 5'000;
constexpr std::size_t swept_at_once = 2'000, swept_for_each_read = 10;

// Tells a new token from the one before; 64 bits of it say nothing about the token.
std::string digest_of(const std::string& token) {
  return http::sha256_hex("tidemark crawl " + token).substr(0, 16);
}

std::int64_t until_of(const RunResult& result) {
  const auto* suspended = std::get_if<Suspended>(&result);
  return suspended == nullptr ? 0 : suspended->until_ms;
}

}  // namespace

async::Task<RunResult> CrawlRun::go() {
  Stop early = co_await begin();
  if (early) co_return explain(std::move(*early));
  RunResult result = co_await crawl();
  co_return explain(std::move(result));
}

async::Task<Stop> CrawlRun::begin() {
  bool anything = false, seeds_again = false;
  auto load = [&](const storage::Reader& reader) {
    context_.crawl = load_crawl(reader);
    context_.denied = storage::graph::DenyList::load(reader);
    const storage::graph::Totals totals = storage::graph::totals(reader);
    context_.users = totals.users;
    anything = totals.users + totals.organizations > 0 ||
               !storage::graph::unresolved_seeds(reader, 1).empty();
  };
  auto look_when = [&](const storage::Reader& reader) {
    seeds_again = may_look_again_at_seeds(reader, now_ms());
  };
  co_await context_.services.store.read(std::move(look_when));
  if (seeds_again) co_await look_at_seeds();
  co_await context_.services.store.read(std::move(load));
  if (!anything) co_return Done{"there is no seed and no account yet"};
  co_await look_at_limits(context_);
  context_.crawl.anonymous = context_.token.empty();
  QuotaLedger& ledger = context_.services.ledger;
  const QuotaShare share = context_.services.settings.share;
  ledger.set_share(std::string(operator_owner), share);
  if (!context_.token.empty()) {
    std::string digest = digest_of(context_.token);
    if (digest != context_.crawl.token_digest) {
      Stop stop = co_await learn_viewer(std::move(digest));
      if (stop) co_return stop;
    } else if (context_.crawl.viewer != 0) {
      co_await forget_other_tokens();
    }
  }
  ledger.set_share(quota_owner(context_.crawl), share);
  co_return std::nullopt;
}

async::Task<void> CrawlRun::look_at_seeds() {
  // Without a token each costs a request of the sixty an hour.
  const std::size_t most = context_.token.empty() ? 10 : 10'000;
  auto look = [this, most](storage::Writer& writer) {
    look_again_at_seeds(writer, now_ms(), most);
  };
  co_await context_.run.commit(Durability::soon, std::move(look));
}

// Whose the token is, only GitHub knows; until then its quota has a name of its own.
async::Task<Stop> CrawlRun::learn_viewer(std::string digest) {
  const UserId before = context_.crawl.viewer;
  AskResult asked = co_await ask_viewer(context_);
  if (auto* end = std::get_if<RunResult>(&asked)) co_return std::move(*end);
  co_return co_await take_viewer(std::get<Asked>(std::move(asked)), std::move(digest), before);
}

// What was spent by tokens that were refused, or another's, is no quota of this account.
async::Task<void> CrawlRun::forget_other_tokens() {
  bool there = false;
  auto look = [&](const storage::Reader& reader) {
    there = storage::find_quota(reader, operator_owner, "core").has_value();
  };
  co_await context_.services.store.read(std::move(look));
  if (!there) co_return;
  context_.services.ledger.forget(std::string(operator_owner));
  auto erase = [](storage::Writer& writer) { storage::erase_quotas(writer, operator_owner); };
  co_await context_.run.commit(Durability::soon, std::move(erase));
}

async::Task<Stop> CrawlRun::take_viewer(Asked asked, std::string digest, UserId before) {
  const http::github::IdentityReading reading = http::github::read_identity(asked.answer);
  // Tokens of installations belong to nobody: they stay with the name that they have.
  const bool nobody = asked.answer.outcome == Outcome::forbidden;
  if (!reading.ok && !nobody) {
    co_return Failed{"GitHub does not say whose the token is: " + reading.problem, true};
  }
  if (before != 0 && reading.identity.id != before) {
    co_return Suspended{
        now_ms() + other_account_wait_ms,
        fmt::format("the token of github.token_file is another account's ({}): this crawl is {}'s. "
                    "Put a token of that account there, or give the other one a store of its own",
                    reading.identity.login, context_.crawl.viewer_login)};
  }
  context_.crawl.viewer = reading.identity.id;
  context_.crawl.viewer_login = reading.identity.login;
  context_.crawl.token_digest = std::move(digest);
  context_.crawl.email_refused = false;  // another token may have another scope
  const bool named = context_.crawl.viewer != 0;
  auto store = [&](storage::Writer& writer, Taking&) {
    if (named) storage::erase_quotas(writer, operator_owner);
  };
  storage::QuotaWindow quota = std::move(asked.quota);
  if (named) {
    context_.services.ledger.forget(std::string(operator_owner));
    quota.owner = quota_owner(context_.crawl);
  }
  TakeAnswer take_it = std::move(store);
  co_await commit_answer(context_, std::move(quota), std::move(take_it));
  co_return std::nullopt;
}

async::Task<RunResult> CrawlRun::crawl() {
  while (true) {
    if (context_.run.stopping()) co_return Suspended{now_ms(), "tidemark is stopping"};
    Step done = co_await step();
    if (done.stop) co_return std::move(*done.stop);
  }
}

// REST first, where it can: what it finds out decides how much may be asked for at once.
async::Task<CrawlRun::Step> CrawlRun::step() {
  Step rest = co_await step_by_rest();
  if (rest.stop) co_return rest;
  if (!rest.idle) co_return Step{};
  Step graphql;
  graphql.idle = true;
  if (!context_.token.empty()) graphql = co_await step_by_graphql();
  const bool both_wait = graphql.stop && rest_paused() && until_of(*rest_wait_) != 0;
  if (both_wait && until_of(*graphql.stop) > until_of(*rest_wait_)) {
    graphql.stop = *rest_wait_;  // whichever ends first
  }
  if (graphql.stop || !graphql.idle) co_return graphql;
  if (rest_paused()) {
    graphql.stop = std::move(*rest_wait_);
    co_return graphql;
  }
  co_return co_await finish();
}

async::Task<CrawlRun::Step> CrawlRun::step_by_rest() {
  Step step;
  Crawl& crawl = context_.crawl;
  const bool looks = !crawl.batches.empty() && crawl.batches.front().samples.empty() &&
                     !crawl.batches.front().doubts.empty();
  if (looks) {
    step.stop = co_await look_again();
    co_return step;
  }
  if (rest_paused()) {
    step.idle = true;
    if (crawl.batches.size() >= batches_most) step.stop = *rest_wait_;
    co_return step;
  }
  if (!crawl.batches.empty()) {
    step.stop = co_await confirm();
  } else {
    if (!crawl.by_rest && !crawl.for_rest.empty()) {
      crawl.by_rest = std::move(crawl.for_rest.front());
      crawl.for_rest.erase(crawl.for_rest.begin());
    }
    if (!crawl.by_rest && context_.token.empty()) {
      auto choose = [&](const storage::Reader& reader) {
        return select_for_rest(reader, context_.services.settings, now_ms());
      };
      crawl.by_rest = co_await context_.services.store.read(std::move(choose));
    }
    step.idle = !crawl.by_rest;
    if (crawl.by_rest) step.stop = co_await read_by_rest(context_);
  }
  if (step.stop && !context_.token.empty()) {
    pause_rest(std::move(*step.stop));
    step.stop.reset();
  }
  co_return step;
}

async::Task<Stop> CrawlRun::confirm() {
  if (!context_.crawl.batches.front().samples.empty()) co_return co_await confirm_batch(context_);
  TakeAnswer agree = [this](storage::Writer& writer, Taking& taking) {
    go_on_with_batch(writer, taking, context_.crawl);
  };
  storage::QuotaWindow nobody_asked;
  co_await commit_answer(context_, std::move(nobody_asked), std::move(agree));
  co_return std::nullopt;
}

void CrawlRun::pause_rest(RunResult why) {
  const std::int64_t until_ms = until_of(why);
  const auto now = context_.services.clock.steady_now();
  rest_wait_until_ = now + rest_pause;
  if (until_ms != 0) {
    rest_wait_until_ = now + async::Milliseconds(std::max<std::int64_t>(0, until_ms - now_ms()));
  }
  rest_wait_ = std::move(why);
}

bool CrawlRun::rest_paused() const {
  return rest_wait_ && context_.services.clock.steady_now() < rest_wait_until_;
}

// Of a large graph a part that is in proportion to what was read.
bool CrawlRun::sweep(storage::Writer& writer, const Taking& taking) {
  sweep_.after = context_.crawl.swept_after;
  const bool over = doubt_short_lists(writer, taking, sweep_, swept_at_once);
  context_.crawl.swept_after = sweep_.after;
  return over || sweep_.looked >= swept_at_once + swept_for_each_read * context_.crawl.read;
}

async::Task<CrawlRun::Step> CrawlRun::finish() {
  Step step;
  bool lowered = true;
  TakeAnswer lower = [&](storage::Writer& writer, Taking& taking) {
    lowered = lower_depths(writer, taking, depths_at_once) &&
              ask_for_lists_back(writer, taking, context_.back_after, accounts_at_once) &&
              settle_readings_of_gone_lists(writer, taking, readings_after_, accounts_at_once) &&
              sweep(writer, taking);
    if (!lowered) return;
    context_.crawl.started_ms = 0;  // what is counted next is another crawl
    sweep_ = Sweep{};
  };
  const bool asked = context_.crawl.started_ms != 0;
  storage::QuotaWindow nobody_asked;
  if (asked) co_await commit_answer(context_, std::move(nobody_asked), std::move(lower));
  if (!lowered) co_return step;
  bool more = false;
  auto look = [&](const storage::Reader& reader) {
    const auto& settings = context_.services.settings;
    more = !storage::graph::next_in_frontier(reader, now_ms(), settings.depth_most, 1).empty();
  };
  co_await context_.services.store.read(std::move(look));
  // Depths that fell have put somebody into the frontier.
  if (more && asked) co_return step;
  step.stop = Done{fmt::format("nobody is due any more; {} answers", context_.steps)};
  co_return step;
}

// A run that got somewhere and then failed goes on soon, and its failures do not add up.
RunResult CrawlRun::explain(RunResult result) const {
  const auto* failed = std::get_if<Failed>(&result);
  if (failed == nullptr || !failed->retry || context_.steps == 0) return result;
  return Suspended{now_ms() + go_on_after_ms, failed->error};
}

namespace {

class DiscoveryJob final : public JobKind {
 public:
  explicit DiscoveryJob(DiscoveryServices services) : services_(std::move(services)) {}
  [[nodiscard]] std::string name() const override { return std::string(discovery_kind); }
  async::Task<RunResult> run(Run& run) override {
    CrawlRun crawl(services_, run);
    co_return co_await crawl.go();
  }

 private:
  DiscoveryServices services_;
};

}  // namespace

std::unique_ptr<JobKind> make_discovery_job(DiscoveryServices services) {
  return std::make_unique<DiscoveryJob>(std::move(services));
}

}  // namespace tidemark::jobs::discovery
