#include <fmt/format.h>

#include <algorithm>

#include "jobs/discovery/answers.hpp"
#include "jobs/discovery/batches.hpp"
#include "jobs/discovery/crawl_run.hpp"
#include "jobs/discovery/select.hpp"
#include "jobs/discovery/told_again.hpp"

// REST counts more entries than a question brought. Was the list cut short, did somebody follow
// meanwhile, or do the two always differ for this account? A question of the same shape tells, and
// if it still says less, one for the account alone.

namespace tidemark::jobs::discovery {

using http::github::Outcome;
using storage::graph::User;
using storage::graph::UserKind;

namespace {

// As many accounts at once as the question had, the doubted one first; if there are fewer left,
// some twice. A question for nothing but further pages had about as many lists.
Question shape_again(const storage::Reader& reader, const Batch& batch, QuestionLimits limits,
                     std::size_t parents_most) {
  std::vector<UserId> ids = {batch.doubted};
  for (const UserId id : batch.accounts) {
    if (id != batch.doubted) ids.push_back(id);
  }
  limits.parents = batch.parents > 0
                       ? batch.parents
                       : std::min(parents_most, std::max<std::size_t>(2, batch.pages));
  limits.connections = QuestionLimits{}.connections;
  Waiting waiting;
  const std::size_t rounds = ids.size() * limits.parents;
  for (std::size_t at = 0; at < rounds; ++at) {
    if (waiting.accounts.size() + waiting.organizations.size() >= limits.parents) break;
    const auto user = storage::graph::find_user(reader, ids[at % ids.size()]);
    if (!user || user->node_id.empty()) continue;
    const bool person = user->kind != UserKind::organization;
    (person ? waiting.accounts : waiting.organizations).push_back({user->id, user->node_id});
  }
  return compose(waiting, limits);
}

// The next question that is due anyway, with the doubted account among as many others as before: a
// fortieth of a point. Nothing: too few are due, or it would have another shape.
std::optional<Question> ride_along(const Batch& batch, const User& user, Selection selection) {
  Waiting& waiting = selection.waiting;
  const auto is_asked = [&](List list) { return selection.limits.asks(list); };
  const std::vector<List> lists = comparable(batch, user);
  const bool same_shape = batch.parents > 1 && user.kind == UserKind::user &&
                          waiting.page_size == Waiting{}.page_size &&
                          std::all_of(lists.begin(), lists.end(), is_asked);
  if (!same_shape) return std::nullopt;
  std::erase_if(waiting.accounts, [&](const AskedAccount& each) { return each.id == user.id; });
  waiting.accounts.insert(waiting.accounts.begin(), AskedAccount{user.id, user.node_id});
  Question question = compose(waiting, selection.limits);
  const Waiting& asked = question.asked;
  if (asked.accounts.size() + asked.organizations.size() < batch.parents) return std::nullopt;
  question.doubted = user.id;
  return question;
}

struct Look {
  std::optional<User> user;
  Question question;
  bool rides = false;
};

Look find_look(const storage::Reader& reader, const CrawlContext& context, const Batch& batch,
               bool alone) {
  Look look;
  look.user = storage::graph::find_user(reader, batch.doubted);
  if (!look.user || look.user->node_id.empty()) return look;
  const auto& settings = context.services.settings;
  Selection selection = select(reader, context.crawl, settings, wall_ms(context));
  const QuestionLimits limits = selection.limits;
  if (alone) {
    look.question = compose_counts({look.user->id, look.user->node_id}, QuestionLimits{});
  } else if (auto question = ride_along(batch, *look.user, std::move(selection))) {
    look.question = std::move(*question);
    look.rides = true;
  } else {
    look.question = shape_again(reader, batch, limits, settings.parents_most);
  }
  return look;
}

ToldAgain told_in(const Asked& asked, const Question& question, UserId doubted, bool alone) {
  if (!alone) {
    Answers answers = read_answers(question, asked.answer.json);
    return take_out(answers, doubted);
  }
  ToldAgain told;
  told.gone = asked.answer.outcome == Outcome::not_found;
  const auto counts = read_counts(asked.answer.json);
  if (counts) told.totals = {counts->followers, counts->following, counts->repositories};
  return told;
}

}  // namespace

async::Task<Stop> CrawlRun::look_again() {
  const Batch batch = context_.crawl.batches.front();
  const bool alone = is_lone(batch) || batch.asked_again;
  auto find = [&](const storage::Reader& reader) {
    return find_look(reader, context_, batch, alone);
  };
  Look look = co_await context_.services.store.read(std::move(find));
  const bool askable = look.user && !look.user->node_id.empty();
  if (look.rides) co_return co_await ask(std::move(look.question));
  AskResult result = Asked();
  if (askable) {
    result = co_await ask_graphql(context_, look.question.text, look.question.variables, 1);
  }
  if (auto* end = std::get_if<RunResult>(&result)) co_return std::move(*end);
  Asked asked = std::get<Asked>(std::move(result));
  const std::uint64_t steps = context_.steps;
  bool told = true;
  TakeAnswer store = [&](storage::Writer& writer, Taking& taking) {
    Crawl& crawl = context_.crawl;
    if (askable) {
      ToldAgain said = told_in(asked, look.question, batch.doubted, alone);
      told = take_told(writer, taking, crawl, batch.doubted, said);
    } else if (!crawl.batches.empty() && crawl.batches.front().doubted == batch.doubted) {
      sample_leaves(writer, taking, crawl, batch.doubted);
    }
  };
  co_await commit_answer(context_, asked.quota, std::move(store));
  if (told) co_return std::nullopt;
  context_.steps = steps;  // it got nowhere
  co_return Failed{fmt::format("GitHub does not say how long the lists of one account are: {} ({})",
                               asked.answer.message, http::github::name_of(asked.answer.outcome)),
                   true, true};
}

}  // namespace tidemark::jobs::discovery
