#include <algorithm>

#include "jobs/discovery/edge_lists.hpp"
#include "jobs/discovery/rest.hpp"
#include "jobs/discovery/rest_storing.hpp"
#include "jobs/discovery/rest_values.hpp"
#include "storage/graph/etags.hpp"

namespace tidemark::jobs::discovery {

using http::github::Outcome;
using storage::graph::ListState;
using storage::graph::User;

namespace {

// What both ways to count are good for: the lists that came whole.
bool counts_more(const User& user, const RestCounts& counts) {
  for (const List list : {List::followers, List::following, List::repositories}) {
    const auto& record = user.list(list);
    if (record.state != ListState::unconfirmed) continue;
    if (count_of(counts, list) > record.reported) return true;
  }
  return false;
}

void conclude(storage::Writer& writer, Taking& taking, Crawl& crawl) {
  const Batch batch = crawl.batches.front();
  crawl.batches.erase(crawl.batches.begin());
  take_confirmation(writer, taking, batch.accounts, true);
  Adaptation& adaptation = crawl.adaptation;
  if (adaptation.truncates_at == 0 || batch.parents < adaptation.truncates_at) {
    note_trusted(adaptation, batch.parents);
  }
}

void leave_samples(storage::Writer& writer, Taking& taking, Crawl& crawl, UserId sample) {
  auto& samples = crawl.batches.front().samples;
  samples.erase(std::remove(samples.begin(), samples.end(), sample), samples.end());
  if (samples.empty()) conclude(writer, taking, crawl);
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
  if (!user) return leave_samples(writer, taking, crawl, sample);
  if (answer.outcome == Outcome::too_heavy) return;  // it is asked about again
  const bool is_gone = answer.outcome == Outcome::not_found || answer.outcome == Outcome::gone;
  if (is_gone) take_gone(writer, taking, *user);
  const auto counts = read_counts(writer, answer, validator, sample, !context.token.empty());
  if (counts && counts_more(*user, *counts)) {
    crawl.batches.front().doubted = sample;
    crawl.batches.front().counted = {counts->followers, counts->following, counts->public_repos};
    return;
  }
  leave_samples(writer, taking, crawl, sample);
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
      leave_samples(writer, taking, context.crawl, sample);
    };
    storage::QuotaWindow nobody_asked;
    co_await commit_answer(context, std::move(nobody_asked), std::move(skip));
    co_return std::nullopt;
  }
  const std::string etag = known.validator ? known.validator->etag : std::string();
  AskResult result = co_await ask_rest(context, target, etag);
  if (auto* end = std::get_if<RunResult>(&result)) co_return std::move(*end);
  Asked asked = std::get<Asked>(std::move(result));
  TakeAnswer take = [&](storage::Writer& writer, Taking& taking) {
    compare(writer, taking, context, sample, asked.answer, known.validator);
  };
  co_await commit_answer(context, asked.quota, std::move(take));
  if (asked.answer.outcome == Outcome::too_heavy) {
    co_return Failed{"GitHub does not answer in time: " + asked.answer.message, true, true};
  }
  co_return std::nullopt;
}

}  // namespace tidemark::jobs::discovery
