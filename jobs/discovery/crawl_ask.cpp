#include <fmt/format.h>

#include <algorithm>

#include "jobs/discovery/crawl_run.hpp"
#include "jobs/discovery/refusals.hpp"
#include "jobs/discovery/resolve_seed.hpp"
#include "jobs/discovery/select.hpp"
#include "jobs/discovery/take_answers.hpp"
#include "jobs/discovery/told_again.hpp"

namespace tidemark::jobs::discovery {

using http::github::Answer;
using http::github::Outcome;

namespace {

// Quick refusals in a row are an outage. More of the others than it takes to find what they are
// about: the run pauses.
constexpr std::uint32_t outage_after = 5, certain_most = 30;
// Accounts and pages that GitHub refused for good, one after another: then it is the question.
constexpr std::uint32_t left_most = 10;
// Of the points spent, a fiftieth for numbers of gists.
constexpr std::uint64_t gists_share = 50;

bool has_data(const Answer& answer) {
  const boost::json::object* root = answer.json.if_object();
  const boost::json::value* data = root == nullptr ? nullptr : root->if_contains("data");
  return data != nullptr && data->is_object();
}

void note_lost_seed(storage::Writer& writer, const std::string& login, const Refused& refused) {
  const bool unknown = refused.outcome == Outcome::not_found && refused.status == 200;
  note_seed_problem(writer, login,
                    unknown ? std::string(unknown_seed) : untold_seed(refused.words));
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
  const bool spent = gists_points_ >= points_most || gists_refused_ > points_most;
  if (gists_counted_ || context_.steps == 0 || spent) co_return step;
  WithoutGists found;
  // At most as many as accounts at once: more, and GitHub might count too few.
  const DiscoverySettings& settings = context_.services.settings;
  const Adaptation& adaptation = context_.crawl.adaptation;
  const std::size_t most =
      gists_at_once(adaptation.gists, parents_allowed(adaptation, settings.parents_most, now_ms()));
  const std::vector<UserId> not_of = without_their_gists(adaptation.gists, now_ms());
  auto look = [&](const storage::Reader& reader) {
    found = without_gists(reader, context_.crawl.gists_after, most);
  };
  co_await context_.services.store.read(std::move(look));
  const UserId before = context_.crawl.gists_after;
  context_.crawl.gists_after = found.until.value_or(0);
  gists_counted_ = !found.until;
  step.idle = false;
  std::erase_if(found.accounts, [&](const AskedAccount& each) {
    return std::find(not_of.begin(), not_of.end(), each.id) != not_of.end();
  });
  if (found.accounts.empty()) co_return step;
  Waiting waiting;
  waiting.gists = std::move(found.accounts);
  Question question = compose(waiting, QuestionLimits{});
  step.stop = co_await ask(std::move(question));
  ++(answered_ ? gists_points_ : gists_refused_);
  if (!answered_) gists_counted_ = false;  // the same are asked for again, fewer at once
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
  const bool forbidden = answer.outcome == Outcome::forbidden;
  if (forbidden && question.limits.email && refuses_email(answer.json)) {
    co_return co_await go_without_email(std::move(asked));
  }
  const bool says_what =
      has_data(answer) && (answer.outcome == Outcome::ok || answer.outcome == Outcome::too_heavy);
  if (says_what) co_return co_await take(std::move(question), std::move(asked), look);
  co_return co_await ask_for_less(std::move(question), std::move(asked));
}

async::Task<Stop> CrawlRun::take(Question question, Asked asked, LookKind look) {
  Answers answers = read_answers(question, asked.answer.json);
  const DiscoverySettings& settings = context_.services.settings;
  Adaptation& adaptation = context_.crawl.adaptation;
  const bool whole = asked.answer.outcome != Outcome::too_heavy;
  asked.answer = Answer{};  // megabytes, which nobody needs any more
  answered_ = true;
  asked_for_nothing_ = false;
  if (!is_for_no_account(question.asked)) left_in_a_row_ = 0;
  note_told(context_.crawl, question.asked, !answers.gists.empty(), now_ms());
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

// Whether GitHub answers anything at all: a question in which there is nothing to be refused.
async::Task<Stop> CrawlRun::ask_for_nothing(Refused refused) {
  const Question question = compose(Waiting{}, QuestionLimits{});
  AskResult result =
      co_await ask_graphql(context_, question.text, question.variables, question.points);
  if (auto* end = std::get_if<RunResult>(&result)) co_return std::move(*end);
  const Asked asked = std::get<Asked>(std::move(result));
  asked_for_nothing_ = answered_ = asked.answer.outcome == Outcome::ok;
  TakeAnswer nothing = [](storage::Writer&, Taking&) {};
  co_await commit_without_a_step(asked.quota, std::move(nothing));
  if (answered_) co_return std::nullopt;
  co_return Failed{"GitHub refuses the crawl's questions: " + refused.words, true};
}

async::Task<Stop> CrawlRun::ask_for_less(Question question, Asked asked) {
  const Answer& answer = asked.answer;
  Refused refused{read_refusal(answer, asked.took), answer.outcome, answer.status,
                  fmt::format("{} ({})", answer.message, http::github::name_of(answer.outcome))};
  Refusal& refusal = refused.how;
  refusal.answers = answered_;
  answered_ = false;
  TakeAnswer nothing = [](storage::Writer&, Taking&) {};
  const bool alone = is_for_one(question.asked);
  // Once for each thing that is to be blamed, and before several questions are made smaller.
  if (refusal.definite && !refusal.answers && (alone || !asked_for_nothing_)) {
    co_await commit_without_a_step(std::move(asked.quota), std::move(nothing));
    asked.quota = {};
    Stop stop = co_await ask_for_nothing(refused);
    if (stop) co_return stop;
    refusal.answers = true;
  }
  co_return co_await learn_from(std::move(question), std::move(refused), std::move(asked.quota));
}

async::Task<Stop> CrawlRun::learn_from(Question question, Refused refused,
                                       storage::QuotaWindow quota) {
  const Waiting& waiting = question.asked;
  const Refusal& refusal = refused.how;
  const bool alone = is_for_one(waiting);
  const Lesson lesson = note_refused(context_.crawl, question, refusal, now_ms());
  const std::uint32_t most = refusal.certain() ? certain_most : outage_after;
  const std::uint32_t in_a_row = context_.crawl.adaptation.heavy_in_a_row;
  const bool pauses = in_a_row != 0 && in_a_row % most == 0;
  const bool looks = !waiting.recounts.empty() || !question.doubted.empty();
  if (looks) note_look_refused(context_.crawl);
  Answers nothing = all_too_heavy(waiting);
  bool left = false;
  TakeAnswer store = [&](storage::Writer& writer, Taking& taking) {
    if (lesson.lost_seed) note_lost_seed(writer, waiting.seeds.front(), refused);
    if (alone && refusal.definite) {
      left = leave_to_rest(context_.crawl, waiting, taking.now_ms);
    } else if (alone && (refusal.heavy || pauses)) {
      take_answers(writer, taking, context_, question, nothing);
    }
    if (lesson.sets_page_apart) set_page_apart(writer, waiting.pages.front());
  };
  co_await commit_without_a_step(std::move(quota), std::move(store));
  if (left && ++left_in_a_row_ == left_most) {
    co_return Failed{"GitHub does not accept the crawl's question: " + refused.words,
                     refused.outcome == Outcome::forbidden};
  }
  if (pauses) co_return Failed{"GitHub answered: " + refused.words, true, true};
  co_return std::nullopt;
}

// It got nowhere.
async::Task<void> CrawlRun::commit_without_a_step(storage::QuotaWindow quota, TakeAnswer take) {
  const std::uint64_t steps = context_.steps;
  co_await commit_answer(context_, std::move(quota), std::move(take));
  context_.steps = steps;
}

async::Task<Stop> CrawlRun::go_without_email(Asked asked) {
  context_.crawl.email_refused = true;
  TakeAnswer nothing = [](storage::Writer&, Taking&) {};
  co_await commit_answer(context_, std::move(asked.quota), std::move(nothing));
  co_return std::nullopt;
}

}  // namespace tidemark::jobs::discovery
