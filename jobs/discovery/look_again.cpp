#include <fmt/format.h>

#include <algorithm>

#include "jobs/discovery/answers.hpp"
#include "jobs/discovery/batches.hpp"
#include "jobs/discovery/crawl_run.hpp"
#include "jobs/discovery/select.hpp"
#include "jobs/discovery/told_again.hpp"

// REST counts more entries than a question brought. Were lists cut short, did somebody follow
// meanwhile, or do the two always differ for these accounts? Further counts tell (doubts.hpp). They
// ride along with what is to be asked anyway, where they can.

namespace tidemark::jobs::discovery {

using http::github::Outcome;
using storage::graph::User;
using storage::graph::UserKind;

namespace {

struct Look {
  LookKind kind = LookKind::none;
  Question question;
  bool rides = false;
};

std::vector<User> find_all(const storage::Reader& reader, const std::vector<UserId>& ids) {
  std::vector<User> users;
  for (const UserId id : ids) {
    if (auto user = storage::graph::find_user(reader, id)) users.push_back(std::move(*user));
  }
  return users;
}

std::vector<AskedCount> counts_of(const std::vector<User>& users) {
  std::vector<AskedCount> counts;
  for (const User& user : users) {
    const bool organization = user.kind == UserKind::organization;
    counts.push_back(AskedCount{AskedAccount{user.id, user.node_id}, organization});
  }
  return counts;
}

// Beside what is due anyway: connections that are left over, or three each. Not in a question that
// asks for one thing alone, nor after one that was refused.
Look look_apart(const Batch& batch, const std::vector<User>& users, Selection selection) {
  Look look{LookKind::apart, {}, false};
  Waiting& waiting = selection.waiting;
  const std::size_t others = waiting.accounts.size() + waiting.organizations.size() +
                             waiting.counted.size() + waiting.pages.size();
  look.rides = others > 1 && batch.failures == 0;
  if (!look.rides) waiting = Waiting{};
  waiting.recounts = counts_of(users);
  // Fewer after each refusal: it may be about one of them.
  const std::size_t most = std::max<std::size_t>(1, users.size() >> batch.failures);
  waiting.recounts.resize(std::min(waiting.recounts.size(), most));
  look.question = compose(waiting, selection.limits);
  return look;
}

Question question_for_one(const User& user) {
  Waiting waiting;
  waiting.recounts = counts_of({user});
  return compose(waiting, QuestionLimits{});
}

// As many accounts at once as the question had, the doubted ones first; if there are fewer left,
// some twice. A question for nothing but further pages had about as many lists.
Question shape_again(const storage::Reader& reader, const Batch& batch,
                     const std::vector<UserId>& doubted, QuestionLimits limits,
                     std::size_t parents_most) {
  std::vector<UserId> ids = doubted;
  for (const UserId id : batch.accounts) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
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
  Question question = compose(waiting, limits);
  question.doubted = doubted;
  return question;
}

// The next question that is due anyway, with the doubted accounts among as many others as before: a
// fortieth of a point each. Nothing: too few are due, or it would have another shape.
std::optional<Question> ride_along(const Batch& batch, const std::vector<User>& users,
                                   Selection selection) {
  Waiting& waiting = selection.waiting;
  const auto is_asked = [&](List list) { return selection.limits.asks(list); };
  const auto fits_in = [&](const User& user) {
    const std::vector<List> lists = comparable(batch, user);
    return user.kind == UserKind::user && std::all_of(lists.begin(), lists.end(), is_asked);
  };
  const bool same_shape = batch.parents > 1 && batch.failures == 0 &&
                          waiting.page_size == Waiting{}.page_size &&
                          std::all_of(users.begin(), users.end(), fits_in);
  if (!same_shape) return std::nullopt;
  for (const User& user : users) {
    std::erase_if(waiting.accounts, [&](const AskedAccount& each) { return each.id == user.id; });
    waiting.accounts.insert(waiting.accounts.begin(), AskedAccount{user.id, user.node_id});
  }
  Question question = compose(waiting, selection.limits);
  const Waiting& asked = question.asked;
  if (asked.accounts.size() + asked.organizations.size() < batch.parents) return std::nullopt;
  for (const User& user : users) question.doubted.push_back(user.id);
  return question;
}

Look find_look(const storage::Reader& reader, const CrawlContext& context, const Batch& batch) {
  const NextLook next = next_look(reader, context.crawl, wall_ms(context));
  const std::vector<User> users = find_all(reader, next.ids);
  Look look{next.kind, {}, false};
  if (users.empty()) return look;
  const auto& settings = context.services.settings;
  Selection selection = select(reader, context.crawl, settings, wall_ms(context));
  const QuestionLimits limits = selection.limits;
  if (next.kind == LookKind::apart) return look_apart(batch, users, std::move(selection));
  if (next.kind == LookKind::alone) {
    look.question = question_for_one(users.front());
  } else if (auto question = ride_along(batch, users, std::move(selection))) {
    look.question = std::move(*question);
    look.rides = true;
  } else {
    look.question = shape_again(reader, batch, next.ids, limits, settings.parents_most);
  }
  return look;
}

}  // namespace

// Those that cannot be asked about leave first.
async::Task<Stop> CrawlRun::look_again() {
  const Batch batch = context_.crawl.batches.front();
  Look look;
  std::vector<UserId> lost;
  auto find = [&](const storage::Reader& reader) {
    for (const Doubted& each : batch.doubts) {
      const auto user = storage::graph::find_user(reader, each.id);
      if (!user || user->node_id.empty()) lost.push_back(each.id);
    }
    if (lost.empty()) look = find_look(reader, context_, batch);
  };
  co_await context_.services.store.read(std::move(find));
  if (look.rides) {
    const LookKind kind = look.kind;
    co_return co_await ask(std::move(look.question), kind);
  }
  if (look.kind == LookKind::none) {
    TakeAnswer go_on = [&](storage::Writer& writer, Taking& taking) {
      leave_doubts(writer, taking, context_.crawl, lost);
    };
    storage::QuotaWindow nobody_asked;
    co_await commit_answer(context_, std::move(nobody_asked), std::move(go_on));
    co_return std::nullopt;
  }
  co_return co_await look_apart_from_others(std::move(look.question), look.kind);
}

async::Task<Stop> CrawlRun::look_apart_from_others(Question question, LookKind kind) {
  AskResult result =
      co_await ask_graphql(context_, question.text, question.variables, question.points);
  if (auto* end = std::get_if<RunResult>(&result)) co_return std::move(*end);
  Asked asked = std::get<Asked>(std::move(result));
  Answers answers = read_answers(question, asked.answer.json);
  const Looked looked = take_out(question, kind, answers);
  const std::uint64_t steps = context_.steps;
  bool told = true;
  TakeAnswer store = [&](storage::Writer& writer, Taking& taking) {
    told = take_told(writer, taking, context_.crawl, looked);
  };
  co_await commit_answer(context_, asked.quota, std::move(store));
  if (told) co_return std::nullopt;
  context_.steps = steps;  // it got nowhere
  co_return Failed{
      fmt::format("GitHub does not say how long the lists of some accounts are: {} ({})",
                  asked.answer.message, http::github::name_of(asked.answer.outcome)),
      true, true};
}

}  // namespace tidemark::jobs::discovery
