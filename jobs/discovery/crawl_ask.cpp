#include <fmt/format.h>

#include <algorithm>

#include "jobs/discovery/crawl_run.hpp"
#include "jobs/discovery/resolve_seed.hpp"
#include "jobs/discovery/select.hpp"
#include "jobs/discovery/take_answers.hpp"
#include "jobs/discovery/told_again.hpp"

namespace tidemark::jobs::discovery {

using http::github::Answer;
using http::github::Outcome;

namespace {

// Of GitHub's ten seconds: who took so long was too heavy, whatever the gateway says.
constexpr async::Milliseconds gave_up_after{8'000};
// Quick refusals in a row are an outage. More of the others than it takes to find what they are
// about: the run pauses.
constexpr std::uint32_t outage_after = 5, proven_most = 30;
// Good answers, once it is known what it was that failed.
constexpr std::uint32_t patience_found = 2;
// Of the points spent, a fiftieth for numbers of gists.
constexpr std::uint64_t gists_share = 50;

bool has_data(const Answer& answer) {
  const boost::json::object* root = answer.json.if_object();
  const boost::json::value* data = root == nullptr ? nullptr : root->if_contains("data");
  return data != nullptr && data->is_object();
}

std::size_t things_in(const Waiting& asked) {
  return asked.accounts.size() + asked.organizations.size() + asked.counted.size() +
         asked.recounts.size() + asked.pages.size() + asked.gists.size();
}

std::size_t parents_in(const Waiting& asked) {
  return asked.accounts.size() + asked.organizations.size() + asked.counted.size();
}

// It may be one of the pages, and the account would be asked for together with it again and again.
void set_pages_apart(storage::Writer& writer, const Waiting& asked) {
  for (const AskedPage& page : asked.pages) {
    auto reading = storage::graph::find_list_reading(writer, page.account.id, page.list);
    if (!reading) continue;
    reading->failures = std::max(reading->failures, failures_alone);
    storage::graph::put_list_reading(writer, *reading);
  }
}

Answers all_too_heavy(const Waiting& asked) {
  Answers answers;
  for (const auto* accounts : {&asked.accounts, &asked.organizations, &asked.counted}) {
    for (const AskedAccount& account : *accounts) {
      answers.accounts.emplace_back();
      answers.accounts.back().id = account.id;
      answers.accounts.back().got = Got::too_heavy;
    }
  }
  for (std::size_t index = 0; index < asked.pages.size(); ++index) {
    answers.pages.emplace_back();
    answers.pages.back().index = index;
    answers.pages.back().got = Got::too_heavy;
  }
  return answers;
}

}  // namespace

async::Task<CrawlRun::Step> CrawlRun::step_by_graphql() {
  Step step;
  Crawl& crawl = context_.crawl;
  // Those that are set apart, in turn, and however much else waits.
  const bool apart = ++crawl.questions_since_apart >= questions_between_apart;
  UserId apart_after = crawl.apart_after;
  auto choose = [&](const storage::Reader& reader) {
    const DiscoverySettings& settings = context_.services.settings;
    if (apart) {
      Apart found = select_apart(reader, crawl, settings, now_ms());
      apart_after = found.until;
      if (!found.selection.waiting.empty()) return std::move(found.selection);
    }
    return select(reader, crawl, settings, now_ms());
  };
  Selection selection = co_await context_.services.store.read(std::move(choose));
  crawl.apart_after = apart_after;
  if (apart) crawl.questions_since_apart = 0;
  for (RestReading& reading : selection.for_rest) {
    crawl.for_rest.push_back(std::move(reading));
  }
  if (selection.waiting.empty()) {
    // What REST is to read comes with the next step.
    if (!selection.for_rest.empty() && !rest_paused()) co_return step;
    co_return co_await count_gists();
  }
  Question question = compose(selection.waiting, selection.limits);
  step.stop = co_await ask(std::move(question));
  co_return step;
}

// When nobody is due: how many gists the others have, for whom there was no place beside the lists.
async::Task<CrawlRun::Step> CrawlRun::count_gists() {
  Step step;
  step.idle = true;
  // A run that read nobody has nobody new to count for. Nor may it cost much: the rest comes with
  // later runs.
  const std::uint64_t points_most = 1 + context_.crawl.points / gists_share;
  if (gists_counted_ || context_.steps == 0 || gists_points_ >= points_most) co_return step;
  WithoutGists found;
  // As many as accounts at once: more, and GitHub might count too few.
  const DiscoverySettings& settings = context_.services.settings;
  const std::size_t most =
      parents_allowed(context_.crawl.adaptation, settings.parents_most, now_ms());
  auto look = [&](const storage::Reader& reader) {
    found = without_gists(reader, context_.crawl.gists_after, most);
  };
  co_await context_.services.store.read(std::move(look));
  const UserId before = context_.crawl.gists_after;
  context_.crawl.gists_after = found.until.value_or(0);
  gists_counted_ = !found.until;
  step.idle = false;
  if (found.accounts.empty()) co_return step;
  Waiting waiting;
  waiting.gists = std::move(found.accounts);
  ++gists_points_;
  Question question = compose(waiting, QuestionLimits{});
  step.stop = co_await ask(std::move(question));
  if (step.stop && points_are_spent()) {
    // Nobody waits a window for these: they come with a later run.
    context_.crawl.gists_after = before;
    gists_counted_ = step.idle = true;
    step.stop.reset();
  }
  co_return step;
}

bool CrawlRun::points_are_spent() {
  const QuotaAsk point{quota_owner(context_.crawl), "graphql", 1};
  auto reserved = context_.services.ledger.reserve(point);
  if (std::holds_alternative<QuotaWait>(reserved)) return true;
  context_.services.ledger.abandon(std::get<QuotaPermit>(reserved));
  return false;
}

async::Task<Stop> CrawlRun::ask(Question question, LookKind look) {
  const std::uint64_t points = question.points;
  AskResult asked = co_await ask_graphql(context_, question.text, question.variables, points);
  if (auto* end = std::get_if<RunResult>(&asked)) co_return std::move(*end);
  co_return co_await judge(std::move(question), std::get<Asked>(std::move(asked)), look);
}

async::Task<Stop> CrawlRun::judge(Question question, Asked asked, LookKind look) {
  const Answer& answer = asked.answer;
  if (answer.outcome == Outcome::forbidden) {
    if (question.limits.email && refuses_email(answer.json)) {
      co_return co_await go_without_email(std::move(asked));
    }
    co_return Failed{"GitHub refuses the crawl's question: " + answer.message, true};
  }
  const bool says_what = answer.outcome == Outcome::ok || answer.outcome == Outcome::not_found ||
                         (answer.outcome == Outcome::too_heavy && has_data(answer));
  if (says_what) co_return co_await take(std::move(question), std::move(asked), look);
  if (answer.outcome == Outcome::invalid && things_in(question.asked) <= 1) {
    co_return Failed{"GitHub does not accept the crawl's question: " + answer.message, false};
  }
  co_return co_await ask_for_less(std::move(question), std::move(asked));
}

async::Task<Stop> CrawlRun::take(Question question, Asked asked, LookKind look) {
  Answers answers = read_answers(question, asked.answer.json);
  const DiscoverySettings& settings = context_.services.settings;
  Adaptation& adaptation = context_.crawl.adaptation;
  const bool whole = asked.answer.outcome != Outcome::too_heavy;
  asked.answer = Answer{};  // megabytes, which nobody needs any more
  adaptation.heavy_in_a_row = 0;
  answered_ = true;
  note_seeds_told(adaptation.seeds, question.asked.seeds.size());
  if (whole) note_good(adaptation, asked.took, settings.slow_answer_ms, settings.parents_most);
  if (answers.email_refused) context_.crawl.email_refused = true;
  const Looked looked = take_out(question, look, answers);
  TakeAnswer store = [&](storage::Writer& writer, Taking& taking) {
    take_answers(writer, taking, context_, question, answers);
    if (look != LookKind::none) (void)take_told(writer, taking, context_.crawl, looked);
  };
  co_await commit_answer(context_, std::move(asked.quota), std::move(store));
  co_return std::nullopt;
}

// What a refused question teaches. True: its only seed has no answer for good.
bool CrawlRun::note_refused(const Question& question, bool proven, bool invalid) {
  const Waiting& waiting = question.asked;
  Adaptation& adaptation = context_.crawl.adaptation;
  const std::size_t seeds = waiting.seeds.size(), others = things_in(waiting);
  const bool telling = proven || answered_;
  answered_ = false;
  if (seeds > 0 || others == 1) {
    ++adaptation.heavy_in_a_row;  // says nothing of questions for many
    // What made larger ones fail is found, or soon is: they are tried again.
    if (others == 1) adaptation.patience = std::min(adaptation.patience, patience_found);
    return seeds > 0 && note_seeds_refused(adaptation.seeds, seeds, others > 0, telling);
  }
  const bool set_apart = parents_in(waiting) == 1 && !waiting.pages.empty();
  note_heavy(adaptation, parents_in(waiting), question.connections, proven || invalid);
  if (set_apart) adaptation.patience = std::min(adaptation.patience, patience_found);
  return false;
}

async::Task<Stop> CrawlRun::ask_for_less(Question question, Asked asked) {
  const Answer& answer = asked.answer;
  const Waiting& waiting = question.asked;
  const bool proven =
      answer.status == 200 ? answer.outcome == Outcome::too_heavy : asked.took >= gave_up_after;
  const bool single = things_in(waiting) == 1 && waiting.seeds.empty();
  const bool lost_seed = note_refused(question, proven, answer.outcome == Outcome::invalid);
  const std::uint32_t most = proven ? proven_most : outage_after;
  const bool outage = context_.crawl.adaptation.heavy_in_a_row % most == 0;
  const std::string words = fmt::format("GitHub answered: {} ({})", answer.message,
                                        http::github::name_of(answer.outcome));
  const bool looks = !waiting.recounts.empty() || !question.doubted.empty();
  if (looks) note_look_refused(context_.crawl);
  Answers nothing = all_too_heavy(waiting);
  TakeAnswer store = [&](storage::Writer& writer, Taking& taking) {
    const bool blamed = single && (proven || outage);
    if (blamed) take_answers(writer, taking, context_, question, nothing);
    if (parents_in(waiting) == 1 && waiting.seeds.empty()) set_pages_apart(writer, waiting);
    if (lost_seed) note_seed_problem(writer, waiting.seeds.front(), untold_seed(words));
  };
  const std::uint64_t steps = context_.steps;
  co_await commit_answer(context_, std::move(asked.quota), std::move(store));
  context_.steps = steps;  // it got nowhere
  if (outage) co_return Failed{words, true, true};
  co_return std::nullopt;
}

async::Task<Stop> CrawlRun::go_without_email(Asked asked) {
  context_.crawl.email_refused = true;
  TakeAnswer nothing = [](storage::Writer&, Taking&) {};
  co_await commit_answer(context_, std::move(asked.quota), std::move(nothing));
  co_return std::nullopt;
}

}  // namespace tidemark::jobs::discovery
