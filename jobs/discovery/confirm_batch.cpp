#include <algorithm>

#include "jobs/discovery/batches.hpp"
#include "jobs/discovery/edge_lists.hpp"
#include "jobs/discovery/rest.hpp"
#include "jobs/discovery/rest_storing.hpp"
#include "jobs/discovery/rest_values.hpp"
#include "storage/graph/etags.hpp"

namespace tidemark::jobs::discovery {

using http::github::Outcome;
using storage::graph::User;

namespace {

// What both ways to count are good for: the lists that came whole.
bool counts_more(const User& user, const std::vector<List>& lists, const RestCounts& counts) {
  return std::any_of(lists.begin(), lists.end(),
                     [&](List list) { return count_of(counts, list) > user.list(list).reported; });
}

std::optional<RestCounts> read_counts(storage::Writer& writer, const http::github::Answer& answer,
                                      const std::optional<Validator>& validator, UserId id,
                                      bool with_token) {
  if (answer.outcome == Outcome::not_modified && validator) return validator->counts;
  if (answer.outcome != Outcome::ok) return std::nullopt;
  const auto news = read_rest_account(answer.json);
  if (!news || news->account.id != id) return std::nullopt;
  const RestCounts counts = counts_of(*news->profile);
  const auto etag = answer.exchanged.response.headers.find("etag");
  if (with_token && etag) {
    const Validator fresh{std::string(*etag), counts};
    storage::graph::put_etag(writer, account_target(id), encode_validator(fresh));
  }
  return counts;
}

void compare(storage::Writer& writer, Taking& taking, CrawlContext& context, UserId sample,
             const http::github::Answer& answer, const std::optional<Validator>& validator) {
  Crawl& crawl = context.crawl;
  auto user = storage::graph::find_user(writer, sample);
  if (!user) return sample_leaves(writer, taking, crawl, sample);
  const bool later = answer.outcome == Outcome::too_heavy || answer.outcome == Outcome::accepted;
  if (later) return sample_fails(writer, taking, crawl, sample);
  const bool is_gone = answer.outcome == Outcome::not_found || answer.outcome == Outcome::gone;
  if (is_gone) take_gone(writer, taking, *user);
  const auto counts = read_counts(writer, answer, validator, sample, !context.token.empty());
  const std::vector<List> lists = comparable(crawl.batches.front(), *user);
  if (is_gone || !counts || lists.empty()) return sample_leaves(writer, taking, crawl, sample);
  if (!counts_more(*user, lists, *counts))
    return sample_agrees(writer, taking, crawl, sample, true);
  sample_is_doubted(crawl, sample, {counts->followers, counts->following, counts->public_repos});
}

bool asks_about(const Crawl& crawl, UserId sample) {
  if (crawl.batches.empty()) return false;
  const std::vector<UserId>& samples = crawl.batches.front().samples;
  return !samples.empty() && samples.front() == sample;
}

// No answer came: GitHub is out of order, or this account's profile is.
async::Task<void> note_outage(CrawlContext& context, UserId sample) {
  const std::uint64_t steps = context.steps;
  TakeAnswer note = [&](storage::Writer& writer, Taking& taking) {
    if (asks_about(context.crawl, sample)) sample_fails(writer, taking, context.crawl, sample);
  };
  storage::QuotaWindow kept_already;
  co_await commit_answer(context, std::move(kept_already), std::move(note));
  context.steps = steps;  // it got nowhere
}

}  // namespace

async::Task<Stop> confirm_batch(CrawlContext& context) {
  const Batch batch = context.crawl.batches.front();
  struct Known {
    bool user = false;
    std::optional<Validator> validator;
  };
  const UserId sample = batch.samples.empty() ? 0 : batch.samples.front();
  const std::string target = account_target(sample);
  auto look = [&](const storage::Reader& reader) {
    Known known;
    known.user = storage::graph::find_user(reader, sample).has_value();
    const auto text = storage::graph::find_etag(reader, target);
    if (text && !context.token.empty()) known.validator = decode_validator(*text);
    return known;
  };
  const Known known = co_await context.services.store.read(std::move(look));
  if (!known.user) {
    TakeAnswer skip = [&](storage::Writer& writer, Taking& taking) {
      if (asks_about(context.crawl, sample)) sample_leaves(writer, taking, context.crawl, sample);
    };
    storage::QuotaWindow nobody_asked;
    co_await commit_answer(context, std::move(nobody_asked), std::move(skip));
    co_return std::nullopt;
  }
  const std::string etag = known.validator ? known.validator->etag : std::string();
  AskResult result = co_await ask_rest(context, target, etag);
  if (auto* end = std::get_if<RunResult>(&result)) {
    const bool outage = std::holds_alternative<Failed>(*end);
    if (outage) co_await note_outage(context, sample);
    co_return std::move(*end);
  }
  Asked asked = std::get<Asked>(std::move(result));
  TakeAnswer take = [&](storage::Writer& writer, Taking& taking) {
    // Whoever is forgotten meanwhile is no sample any more.
    if (!asks_about(context.crawl, sample)) return;
    compare(writer, taking, context, sample, asked.answer, known.validator);
  };
  co_await commit_answer(context, asked.quota, std::move(take));
  if (asked.answer.outcome == Outcome::too_heavy) {
    co_return Failed{"GitHub does not answer in time: " + asked.answer.message, true, true};
  }
  co_return std::nullopt;
}

}  // namespace tidemark::jobs::discovery
