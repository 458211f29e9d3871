#include <fmt/format.h>

#include <algorithm>

#include "jobs/discovery/answers.hpp"
#include "jobs/discovery/batches.hpp"
#include "jobs/discovery/capabilities.hpp"
#include "jobs/discovery/crawl_run.hpp"
#include "jobs/discovery/select.hpp"

// REST counts more entries than a question brought. Was the list cut short, did somebody follow
// meanwhile, or do the two always differ for this account? A question of the same shape tells, and
// if it still says less, one for the account alone.

namespace tidemark::jobs::discovery {

using http::github::Outcome;
using storage::graph::ListState;
using storage::graph::User;
using storage::graph::UserKind;

namespace {

constexpr std::array<List, 3> counted_lists = {List::followers, List::following,
                                               List::repositories};
using ListCounts = std::array<std::optional<std::uint64_t>, 3>;

std::size_t place_of(List list) { return static_cast<std::size_t>(list) - 1; }

// GitHub took lists away before by answering them empty: where REST counts entries, an empty list
// is no complete one, of nobody in the batch.
void doubt_empty_lists(storage::Writer& writer, const Taking& taking, const Batch& batch) {
  for (const List list : {List::followers, List::following, List::repositories}) {
    const std::uint64_t counted = batch.counted[static_cast<std::size_t>(list) - 1];
    const auto doubted = storage::graph::find_user(writer, batch.doubted);
    if (!doubted || counted == 0 || doubted->list(list).reported != 0) continue;
    const Observation seen{Sign::empty, batch.doubted, counted, {}};
    const auto before = storage::graph::find_capability(writer, list);
    storage::graph::put_capability(writer, judge(before, seen, taking.now_ms));
    for (const UserId id : batch.accounts) {
      auto user = storage::graph::find_user(writer, id);
      if (!user || user->list(list).reported != 0) continue;
      ListState& state = user->list(list).state;
      if (state != ListState::unconfirmed) continue;
      state = ListState::cut;
      storage::graph::put_user(writer, *user);
    }
  }
}

// All of these are read again: what REST was to add to their lists comes with that. Who was only to
// be read by REST stays.
void drop_additions(Crawl& crawl, const std::vector<UserId>& accounts) {
  const auto adds = [&](const RestReading& reading) {
    return !reading.profile &&
           std::find(accounts.begin(), accounts.end(), reading.id) != accounts.end();
  };
  std::erase_if(crawl.for_rest, adds);
  if (crawl.by_rest && adds(*crawl.by_rest)) crawl.by_rest.reset();
}

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

ListCounts counts_in(const Answers& answers, UserId id, bool& gone) {
  ListCounts counts;
  for (const AccountAnswer& answer : answers.accounts) {
    if (answer.id != id) continue;
    gone = gone || answer.got == Got::gone;
    for (const ListPage& page : answer.pages) {
      if (page.list != List::stars && page.total) counts[place_of(page.list)] = page.total;
    }
  }
  return counts;
}

std::vector<Told> told_of(const Batch& batch, const User& user, const ListCounts& alone) {
  std::vector<Told> told;
  for (const List list : comparable(batch, user)) {
    const std::size_t place = place_of(list);
    told.push_back(Told{list, user.list(list).reported, batch.counted[place], batch.again[place],
                        alone[place]});
  }
  return told;
}

void decide(storage::Writer& writer, Taking& taking, Crawl& crawl, Doubt doubt) {
  const Batch judged = crawl.batches.front();
  if (doubt == Doubt::open) return;
  if (doubt == Doubt::growth || doubt == Doubt::differs) {
    if (doubt == Doubt::differs) doubt_empty_lists(writer, taking, judged);
    return sample_agrees(writer, taking, crawl, judged.doubted);
  }
  // A lone account has nobody beside it that could be to blame.
  if (judged.parents + judged.pages <= 1) return doubted_leaves(writer, taking, crawl);
  take_verdict(writer, taking, judged.accounts, judged.lists, Verdict::again);
  drop_additions(crawl, judged.accounts);
  if (doubt == Doubt::truncated) {
    note_truncated(crawl.adaptation, judged.parents, judged.pages, taking.now_ms);
  } else {
    note_uncertain(crawl.adaptation, judged.parents, judged.pages);
  }
  crawl.batches.erase(crawl.batches.begin());
}

struct Look {
  std::optional<User> user;
  Question question;
};

}  // namespace

async::Task<Stop> CrawlRun::look_again() {
  const Batch batch = context_.crawl.batches.front();
  const bool lone = batch.parents + batch.pages <= 1;
  const bool alone = lone || batch.asked_again;
  Look look;
  auto find = [&](const storage::Reader& reader) {
    look.user = storage::graph::find_user(reader, batch.doubted);
    if (!look.user || look.user->node_id.empty()) return;
    const auto& settings = context_.services.settings;
    const QuestionLimits limits = select(reader, context_.crawl, settings, now_ms()).limits;
    look.question = alone ? compose_counts({look.user->id, look.user->node_id}, QuestionLimits{})
                          : shape_again(reader, batch, limits, settings.parents_most);
  };
  co_await context_.services.store.read(std::move(find));
  AskResult asked = Asked{};
  const bool askable = look.user && !look.user->node_id.empty();
  if (askable) {
    asked = co_await ask_graphql(context_, look.question.text, look.question.variables, 1);
  }
  if (auto* end = std::get_if<RunResult>(&asked)) co_return std::move(*end);
  Asked answer = std::get<Asked>(std::move(asked));
  bool gone = alone && answer.answer.outcome == Outcome::not_found;
  ListCounts counts;
  if (askable && !alone) {
    counts = counts_in(read_answers(look.question, answer.answer.json), batch.doubted, gone);
  } else if (const auto told = read_counts(answer.answer.json); askable && told) {
    counts = {told->followers, told->following, told->repositories};
  }
  const auto is_told = [&](List list) { return counts[place_of(list)].has_value(); };
  bool told = askable;
  if (look.user) {
    const std::vector<List> lists = comparable(batch, *look.user);
    told = told && std::all_of(lists.begin(), lists.end(), is_told);
  }
  const std::uint64_t steps = context_.steps;
  TakeAnswer store = [&](storage::Writer& writer, Taking& taking) {
    Crawl& crawl = context_.crawl;
    if (crawl.batches.empty() || crawl.batches.front().doubted != batch.doubted) return;
    Batch& now = crawl.batches.front();
    auto user = storage::graph::find_user(writer, batch.doubted);
    if (gone && user) take_gone(writer, taking, *user);
    if (gone || !user || !askable) return sample_leaves(writer, taking, crawl, batch.doubted);
    if (!told) {
      if (++now.failures >= sample_failures_most) doubted_leaves(writer, taking, crawl);
      return;
    }
    now.failures = 0;
    if (!batch.asked_again) {
      now.asked_again = true;
      for (const List list : counted_lists) {
        now.again[place_of(list)] = counts[place_of(list)].value_or(now.counted[place_of(list)]);
      }
      if (!lone) counts = {};
    }
    decide(writer, taking, crawl, judge_doubt(told_of(now, *user, counts)));
  };
  co_await commit_answer(context_, std::move(answer.quota), std::move(store));
  if (told || gone || !askable) co_return std::nullopt;
  context_.steps = steps;  // it got nowhere
  co_return Failed{fmt::format("GitHub does not say how long the lists of one account are: {} ({})",
                               answer.answer.message, http::github::name_of(answer.answer.outcome)),
                   true, true};
}

}  // namespace tidemark::jobs::discovery
