#include "jobs/discovery/rest.hpp"
#include "jobs/discovery/rest_storing.hpp"
#include "jobs/discovery/rest_values.hpp"
#include "storage/graph/etags.hpp"

namespace tidemark::jobs::discovery {

namespace graph = storage::graph;
using graph::ListState;
using http::github::Outcome;

namespace {

constexpr std::int64_t not_ready_ms = 10'000;

// One request that is to be made: where, and what is known of its answer already.
struct RestQuestion {
  std::string target, etag;
  bool possible = true;  // the account is still there, and may be known
};

RestQuestion account_question(const storage::Reader& reader, const CrawlContext& context) {
  const RestReading& reading = *context.crawl.by_rest;
  RestQuestion question;
  if (reading.id == 0) {
    question.target = login_target(reading.login);
    question.possible = graph::find_seed(reader, reading.login).has_value() &&
                        !graph::DenyList::load(reader).denies(0, reading.login);
    return question;
  }
  question.target = account_target(reading.id);
  const auto user = graph::find_user(reader, reading.id);
  question.possible = user && !context.denied.denies(user->id, user->login);
  const auto text = graph::find_etag(reader, question.target);
  const auto validator = text ? decode_validator(*text) : std::nullopt;
  // Only of an account that was read: "not changed" comes without a word.
  if (validator && user && user->read_ms != 0 && !context.token.empty()) {
    question.etag = validator->etag;
  }
  return question;
}

RestQuestion list_question(const storage::Reader& reader, const CrawlContext& context) {
  const RestReading& reading = *context.crawl.by_rest;
  const List list = reading.lists.front();
  RestQuestion question;
  const auto user = graph::find_user(reader, reading.id);
  question.possible = user.has_value();
  const auto page = graph::find_list_reading(reader, reading.id, list);
  if (page && page->rest && page->started_ms != 0) {
    question.target = page->next;
    return question;
  }
  question.target = list_target(reading.id, list);
  const bool was_complete = user && user->list(list).read_ms != 0;
  const auto etag = graph::find_etag(reader, question.target);
  if (etag && was_complete && !context.token.empty()) question.etag = *etag;
  return question;
}

// How the run ends when GitHub does not answer this, but is likely to later.
Stop wait_for(const CrawlContext& context, const http::github::Answer& answer) {
  if (answer.outcome == Outcome::too_heavy) {
    return Failed{"GitHub does not answer in time: " + answer.message, true, true};
  }
  if (answer.outcome != Outcome::accepted) return std::nullopt;
  return Suspended{wall_ms(context) + not_ready_ms, "GitHub still prepares its answer"};
}

async::Task<void> note_outage(CrawlContext& context, std::string target) {
  const std::uint64_t steps = context.steps;
  TakeAnswer note = [&](storage::Writer& writer, Taking& taking) {
    // Who is forgotten meanwhile is not read any more.
    if (context.crawl.by_rest) take_rest_outage(writer, taking, context.crawl, target);
  };
  storage::QuotaWindow kept_already;
  co_await commit_answer(context, std::move(kept_already), std::move(note));
  context.steps = steps;  // it got nowhere
}

async::Task<void> give_up(CrawlContext& context) {
  TakeAnswer drop = [&](storage::Writer& writer, Taking& taking) {
    const RestReading reading = *context.crawl.by_rest;
    context.crawl.by_rest.reset();
    const auto user = graph::find_user(writer, reading.id);
    if (user && taking.denied.denies(user->id, user->login)) leave_frontier(writer, *user);
    auto seed = reading.id == 0 ? graph::find_seed(writer, reading.login) : std::nullopt;
    if (!seed) return;
    seed->problem = "the account is not to be known: allow it first (tidemark graph allow)";
    put_seed(writer, *seed);
  };
  storage::QuotaWindow nobody_asked;
  co_await commit_answer(context, std::move(nobody_asked), std::move(drop));
}

}  // namespace

async::Task<Stop> read_by_rest(CrawlContext& context) {
  const bool of_account = context.crawl.by_rest->profile;
  const bool nothing_left = !of_account && context.crawl.by_rest->lists.empty();
  auto look = [&](const storage::Reader& reader) {
    return of_account ? account_question(reader, context) : list_question(reader, context);
  };
  RestQuestion question;
  question.possible = false;
  if (!nothing_left) question = co_await context.services.store.read(std::move(look));
  if (!question.possible) {
    co_await give_up(context);
    co_return std::nullopt;
  }
  AskResult result = co_await ask_rest(context, question.target, question.etag);
  if (auto* end = std::get_if<RunResult>(&result)) {
    const bool outage = std::holds_alternative<Failed>(*end);
    if (outage) co_await note_outage(context, question.target);
    co_return std::move(*end);
  }
  Asked asked = std::get<Asked>(std::move(result));
  const Outcome outcome = asked.answer.outcome;
  const bool wait_here =
      of_account && (outcome == Outcome::too_heavy || outcome == Outcome::accepted);
  TakeAnswer take = [&](storage::Writer& writer, Taking& taking) {
    if (wait_here) {
      // Asked for again, but not for ever: nobody's profile is too much.
      take_rest_outage(writer, taking, context.crawl, question.target);
    } else if (of_account) {
      take_rest_account(writer, taking, context, asked.answer);
    } else {
      take_rest_list(writer, taking, context, asked.answer, question.target);
    }
  };
  co_await commit_answer(context, asked.quota, std::move(take));
  co_return wait_for(context, asked.answer);
}

}  // namespace tidemark::jobs::discovery
