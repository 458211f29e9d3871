#include "jobs/discovery/take_answers.hpp"

#include <algorithm>
#include <map>

#include "http/excerpt.hpp"
#include "jobs/discovery/batch_lists.hpp"
#include "jobs/discovery/capabilities.hpp"
#include "jobs/discovery/edge_lists.hpp"
#include "jobs/discovery/leave_out.hpp"
#include "jobs/discovery/refusals.hpp"
#include "jobs/discovery/resolve_seed.hpp"
#include "jobs/discovery/select.hpp"
#include "jobs/discovery/settle.hpp"
#include "storage/graph/capability.hpp"
#include "storage/graph/frontier.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::all_lists;
using storage::graph::ListReading;
using storage::graph::ListState;
using storage::graph::User;
using storage::graph::UserKind;

namespace {

constexpr std::uint32_t page_failures_most = 5;
// A seed that is neither given nor refused: an outage may be over with the next question.
constexpr std::uint32_t seed_tries = 3;
// At a size that nobody trusts yet.
constexpr std::size_t samples_of_new_size = 5;
constexpr std::size_t blamed_at_once = 3;
// Of entries in a list that is read once more by REST: a request for each hundred.
constexpr std::uint64_t hidden_most = 3'000;

class AnswerTaker {
 public:
  AnswerTaker(storage::Writer& writer, Taking& taking, CrawlContext& context,
              const Question& question, Answers& answers)
      : writer_(writer),
        taking_(taking),
        context_(context),
        question_(question),
        answers_(answers) {}

  void take() {
    for (const SeedAnswer& seed : answers_.seeds) take_seed(seed);
    for (const GistAnswer& gists : answers_.gists) gists_[gists.id] = gists.count;
    for (AccountAnswer& account : answers_.accounts) take_one(account);
    for (PageAnswer& page : answers_.pages) take_further(page);
    for (const auto& [id, count] : gists_) take_gists(id, count);
    leave_out_refused();
    blame();
    add_batch();
  }

 private:
  void take_seed(const SeedAnswer& answer);
  void take_one(AccountAnswer& answer);
  void take_count(const AccountAnswer& answer, User& user);
  void take_its_page(UserId id, const ListPage& page);
  void take_refusals(const AccountAnswer& answer);
  [[nodiscard]] bool gives(List list) const;
  void cut_unasked_lists(UserId id);
  void leave_out_refused();
  void take_further(PageAnswer& answer);
  void blame_page(const PageAnswer& answer);
  // GraphQL shows people only: who else is in a list, REST tells.
  void ask_rest_for_hidden(UserId id, const ListPage& page);
  void take_gists(UserId id, std::uint64_t count);
  void keep_counts(const User& user, AccountAnswer& answer) const;
  void blame();
  void add_batch();

  storage::Writer& writer_;
  Taking& taking_;
  CrawlContext& context_;
  const Question& question_;
  Answers& answers_;
  std::map<UserId, std::uint64_t> gists_;
  struct Read {
    std::size_t entries = 0;  // of lists that ended
    ListMarks marks;
    bool must_be_compared = false;
  };
  void note_read(UserId id, List list, std::size_t entries, bool doubted);
  std::map<UserId, Read> read_;          // accounts that lists, or pages of them, came of
  std::vector<UserId> heavy_, missing_;  // accounts that did not come
  std::vector<const PageAnswer*> lost_pages_;
  std::vector<std::pair<UserId, List>> refusals_;  // accounts that a list took with it
};

void AnswerTaker::take_seed(const SeedAnswer& answer) {
  const auto seed = storage::graph::find_seed(writer_, answer.login);
  if (!seed || seed->id != 0) return;
  const bool untold = answer.got == Got::nothing && !answer.named;
  if (untold && answers_.seeds.size() > 1) {
    // One of them may keep the others from being told.
    note_seed_untold(context_.crawl.adaptation.seeds, answers_.seeds.size());
  } else if (answer.got == Got::answered) {
    (void)resolve_seed(writer_, taking_, seed->login, answer.entry);
  } else if (answer.got == Got::gone) {
    note_seed_problem(writer_, seed->login, std::string(unknown_seed));
  } else if (answer.got == Got::refused || ++context_.seed_failures[answer.login] >= seed_tries) {
    context_.seed_failures.erase(answer.login);
    note_seed_problem(writer_, seed->login,
                      untold_seed(http::printable(without_accounts(answer.problem))));
  }
}

// Of lists that were not asked for, the counts known before are the best there are; and so they are
// of a list that is emptied, until nothing speaks against that (take_confirmation).
void AnswerTaker::keep_counts(const User& user, AccountAnswer& answer) const {
  if (!answer.news.profile) return;
  const auto keep = [&](List list) {
    set_counted(*answer.news.profile, list, counted_in(user.profile, list));
  };
  for (const List list : all_lists) {
    if (!question_.limits.asks(list)) keep(list);
  }
  for (const ListPage& page : answer.pages) {
    if (page.total == 0 && counted_in(user.profile, page.list) >= emptied_least) keep(page.list);
  }
}

void AnswerTaker::take_one(AccountAnswer& answer) {
  auto user = storage::graph::find_user(writer_, answer.id);
  if (!user) return;  // erased meanwhile
  if (answer.got == Got::gone) return take_gone(writer_, taking_, *user);
  if (answer.got != Got::answered) {
    // All that is known of them may be which list was refused.
    if (!answer.pages.empty()) return take_refusals(answer);
    (answer.got == Got::too_heavy ? heavy_ : missing_).push_back(answer.id);
    return;
  }
  const bool person = answer.news.account.kind == UserKind::user;
  const bool surprise = answer.pages.empty() && !person && user->kind == UserKind::user;
  if (surprise) answer.news.profile.reset();  // its repositories are still to be asked for
  if (const auto gists = gists_.find(answer.id); gists != gists_.end() && answer.news.profile) {
    answer.news.profile->public_gists = gists->second;
    gists_.erase(gists);
  }
  keep_counts(*user, answer);
  if (answer.counted) return take_count(answer, *user);
  take_account(writer_, taking_, *user, answer.news);
  for (const ListPage& page : answer.pages) {
    const bool doubted = user->list(page.list).missing != 0;
    take_its_page(answer.id, page);
    note_read(answer.id, page.list, page.entries.size() + page.repositories.size(), doubted);
    ask_rest_for_hidden(answer.id, page);
  }
  cut_unasked_lists(answer.id);
}

void AnswerTaker::take_count(const AccountAnswer& answer, User& user) {
  take_counted(writer_, taking_, user, answer.news, answer.pages);
  for (const ListPage& page : answer.pages) {
    if (page.refused) take_its_page(answer.id, page);
  }
}

void AnswerTaker::note_read(UserId id, List list, std::size_t entries, bool doubted) {
  Read& read = read_[id];
  read.marks.touched |= mark_of(list);
  const auto user = storage::graph::find_user(writer_, id);
  if (!user || user->list(list).state != ListState::unconfirmed) return;
  read.marks.ended |= mark_of(list);
  read.entries += entries;
  if (must_be_compared(writer_, *user, list, doubted)) read.must_be_compared = true;
}

// A list that others in this answer give is not gone: this account is odd itself.
void AnswerTaker::take_its_page(UserId id, const ListPage& page) {
  auto user = storage::graph::find_user(writer_, id);
  if (!user) return;
  if (page.refused && gives(page.list)) return cut_list(writer_, taking_, *user, page.list);
  take_page(writer_, taking_, *user, page);
}

bool AnswerTaker::gives(List list) const {
  const auto shows_it = [list](const ListPage& page) { return page.list == list && !page.refused; };
  return std::any_of(answers_.accounts.begin(), answers_.accounts.end(),
                     [&](const AccountAnswer& answer) {
                       return answer.got == Got::answered &&
                              std::any_of(answer.pages.begin(), answer.pages.end(), shows_it);
                     });
}

void AnswerTaker::take_refusals(const AccountAnswer& answer) {
  for (const ListPage& page : answer.pages) {
    take_its_page(answer.id, page);
    refusals_.emplace_back(answer.id, page.list);
  }
}

// What GitHub refuses of this account is not asked for, and so not read.
void AnswerTaker::cut_unasked_lists(UserId id) {
  const std::uint32_t without = demotion_of(context_.crawl.adaptation, id).without;
  for (const List list : storage::graph::all_lists) {
    if ((without & mark_of(list)) == 0 || question_.limits.asks(list)) continue;
    auto user = storage::graph::find_user(writer_, id);
    if (user) cut_list(writer_, taking_, *user, list);
  }
}

void AnswerTaker::take_further(PageAnswer& answer) {
  const AskedPage& asked = question_.asked.pages[answer.index];
  auto user = storage::graph::find_user(writer_, asked.account.id);
  auto reading = storage::graph::find_list_reading(writer_, asked.account.id, asked.list);
  if (!user || !reading || reading->next != asked.after) return;
  if (answer.got == Got::gone) return take_gone(writer_, taking_, *user);
  if (answer.got != Got::answered) {
    lost_pages_.push_back(&answer);
    return;
  }
  const bool doubted = user->list(asked.list).missing != 0;
  take_page(writer_, taking_, *user, answer.page);
  ask_rest_for_hidden(asked.account.id, answer.page);
  const std::size_t entries = answer.page.entries.size() + answer.page.repositories.size();
  note_read(asked.account.id, asked.list, reading->taken + entries, doubted);
}

void AnswerTaker::ask_rest_for_hidden(UserId id, const ListPage& page) {
  std::vector<RestReading>& waiting = context_.crawl.for_rest;
  // Organisations follow nobody: whoever is not shown among followers is hidden from REST as well.
  const bool may_hide = page.list == List::following && page.total.value_or(0) <= hidden_most;
  if (page.unreadable == 0 || !may_hide || waiting.size() >= for_rest_most) return;
  auto found = std::find_if(waiting.begin(), waiting.end(),
                            [&](const RestReading& each) { return each.id == id; });
  if (found == waiting.end()) {
    RestReading reading;
    reading.id = id;
    reading.profile = false;
    reading.reason = "GraphQL shows people only, and somebody else is among them";
    found = waiting.insert(waiting.end(), std::move(reading));
  }
  const bool there =
      std::find(found->lists.begin(), found->lists.end(), page.list) != found->lists.end();
  if (!there) found->lists.push_back(page.list);
}

void AnswerTaker::blame_page(const PageAnswer& answer) {
  const AskedPage& asked = question_.asked.pages[answer.index];
  auto reading = storage::graph::find_list_reading(writer_, asked.account.id, asked.list);
  if (!reading) return;
  const bool asked_alone = answers_.accounts.empty() && answers_.pages.size() == 1;
  reading->failures += asked_alone ? 2 : 1;
  const bool heavy = answer.got == Got::too_heavy;
  if (heavy || reading->failures > 1) reading->page_size = shorter_page(reading->page_size);
  // Without room it is asked for by GraphQL until there is some.
  const bool enough = reading->failures > page_failures_most;
  if (enough && leave_list_to_rest(context_.crawl, asked.account.id, asked.list)) {
    reading->failures = 0;
  }
  storage::graph::put_list_reading(writer_, *reading);
}

void AnswerTaker::take_gists(UserId id, std::uint64_t count) {
  auto user = storage::graph::find_user(writer_, id);
  if (!user || user->read_ms == 0 || user->profile.public_gists == count) return;
  user->profile.public_gists = count;
  storage::graph::put_user(writer_, *user);
}

// A refused list took its account with it. Once the list is gone no question names it; till then
// this account's do not.
void AnswerTaker::leave_out_refused() {
  for (const auto& [id, list] : refusals_) {
    const auto ability = storage::graph::find_capability(writer_, list).ability;
    if (ability == storage::graph::Ability::gone) continue;
    leave_out_list(context_.crawl.adaptation, id, list, taking_.now_ms);
  }
}

// A few that did not come are odd themselves; if it is most of them, it was the question.
void AnswerTaker::blame() {
  Adaptation& adaptation = context_.crawl.adaptation;
  const std::size_t asked = answers_.accounts.size() + answers_.pages.size();
  const std::size_t lost = heavy_.size() + missing_.size() + lost_pages_.size();
  if (lost == 0) return;
  if (asked > 1 && (lost > blamed_at_once || lost * 2 > asked)) {
    const bool heavy_page =
        std::any_of(lost_pages_.begin(), lost_pages_.end(),
                    [](const PageAnswer* page) { return page->got == Got::too_heavy; });
    note_heavy(adaptation, answers_.accounts.size(), question_.connections,
               heavy_page || !heavy_.empty());
    return;
  }
  for (const UserId id : heavy_) demote(adaptation, id, taking_.now_ms);
  for (const UserId id : missing_) demote(adaptation, id, taking_.now_ms);
  for (const PageAnswer* page : lost_pages_) blame_page(*page);
}

// Only what this question read to its end is its batch's to confirm, and of no batch before it.
void AnswerTaker::add_batch() {
  Batch batch;
  batch.parents = question_.asked.accounts.size() + question_.asked.organizations.size();
  batch.pages = question_.asked.pages.size();
  std::vector<Sized> sized;
  for (const auto& [id, read] : read_) {
    for (Batch& older : context_.crawl.batches) {
      const auto marks = older.lists.find(id);
      if (marks != older.lists.end())
        marks->second.ended &= static_cast<std::uint8_t>(~read.marks.touched);
    }
    batch.accounts.push_back(id);
    batch.lists[id] = read.marks;
    if (read.marks.ended != 0) sized.push_back(Sized{id, read.entries});
  }
  if (sized.empty()) return;
  std::size_t samples = taking_.settings.samples;
  if (samples == 0) {
    return take_verdict(writer_, taking_, batch.accounts, batch.lists, Verdict::complete);
  }
  const bool trusted = batch.parents <= context_.crawl.adaptation.trusted;
  if (!trusted) samples = std::max(samples, samples_of_new_size);
  batch.samples = choose_samples(std::move(sized), samples, context_.services.random);
  for (const auto& [id, read] : read_) {
    const bool there =
        std::find(batch.samples.begin(), batch.samples.end(), id) != batch.samples.end();
    if (read.must_be_compared && !there) batch.samples.push_back(id);
  }
  context_.crawl.batches.push_back(std::move(batch));
}

}  // namespace

std::vector<UserId> choose_samples(std::vector<Sized> accounts, std::size_t most,
                                   async::Random& random) {
  std::vector<UserId> samples;
  const auto fewer = [](const Sized& left, const Sized& right) {
    return left.entries < right.entries;
  };
  while (!accounts.empty() && samples.size() < most) {
    auto chosen = accounts.begin() + static_cast<std::ptrdiff_t>(random.below(accounts.size()));
    if (samples.empty()) chosen = std::max_element(accounts.begin(), accounts.end(), fewer);
    samples.push_back(chosen->id);
    accounts.erase(chosen);
  }
  return samples;
}

void take_answers(storage::Writer& writer, Taking& taking, CrawlContext& context,
                  const Question& question, Answers& answers) {
  AnswerTaker(writer, taking, context, question, answers).take();
}

}  // namespace tidemark::jobs::discovery
