#include "jobs/discovery/told_again.hpp"

#include <algorithm>

#include "jobs/discovery/batches.hpp"
#include "jobs/discovery/capabilities.hpp"
#include "jobs/discovery/settle.hpp"
#include "jobs/discovery/short_lists.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::ListState;
using storage::graph::User;

namespace {

constexpr std::array<List, 3> counted_lists = {List::followers, List::following,
                                               List::repositories};

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

// GraphQL always gives less of these than REST counts: they are not complete.
void doubt_lists_that_differ(storage::Writer& writer, const Taking& taking, const Batch& batch) {
  auto user = storage::graph::find_user(writer, batch.doubted);
  if (!user) return;
  for (const List list : comparable(batch, *user)) {
    const std::size_t place = place_of(list);
    if (batch.again[place] >= batch.counted[place]) continue;
    doubt_list(writer, *user, list, batch.counted[place] - batch.again[place]);
  }
  settle(writer, taking, *user);
  storage::graph::put_user(writer, *user);
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

std::vector<Told> told_of(const Batch& batch, const User& user, const ListTotals& alone) {
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
  if (doubt == Doubt::growth) return sample_agrees(writer, taking, crawl, judged.doubted, false);
  if (doubt == Doubt::differs) {
    doubt_empty_lists(writer, taking, judged);
    doubt_lists_that_differ(writer, taking, judged);
    return sample_agrees(writer, taking, crawl, judged.doubted, true);
  }
  // A lone account has nobody beside it that could be to blame.
  if (is_lone(judged)) return doubted_leaves(writer, taking, crawl);
  take_verdict(writer, taking, judged.accounts, judged.lists, Verdict::again);
  drop_additions(crawl, judged.accounts);
  if (doubt == Doubt::truncated) {
    note_truncated(crawl.adaptation, judged.parents, judged.pages, taking.now_ms);
  } else {
    note_uncertain(crawl.adaptation, judged.parents, judged.pages);
  }
  crawl.batches.erase(crawl.batches.begin());
}

}  // namespace

ToldAgain take_out(Answers& answers, UserId doubted) {
  ToldAgain told;
  for (const AccountAnswer& answer : answers.accounts) {
    if (answer.id != doubted) continue;
    told.gone = told.gone || answer.got == Got::gone;
    for (const ListPage& page : answer.pages) {
      if (page.list != List::stars && page.total) told.totals[place_of(page.list)] = page.total;
    }
  }
  std::erase_if(answers.accounts, [&](const AccountAnswer& each) { return each.id == doubted; });
  return told;
}

bool take_told(storage::Writer& writer, Taking& taking, Crawl& crawl, UserId doubted,
               ToldAgain told) {
  if (crawl.batches.empty() || crawl.batches.front().doubted != doubted) return true;
  Batch& batch = crawl.batches.front();
  auto user = storage::graph::find_user(writer, doubted);
  if (told.gone && user) take_gone(writer, taking, *user);
  if (told.gone || !user) {
    sample_leaves(writer, taking, crawl, doubted);
    return true;
  }
  const auto is_told = [&](List list) { return told.totals[place_of(list)].has_value(); };
  const std::vector<List> lists = comparable(batch, *user);
  if (!std::all_of(lists.begin(), lists.end(), is_told)) {
    if (++batch.failures >= sample_failures_most) doubted_leaves(writer, taking, crawl);
    return false;
  }
  batch.failures = 0;
  if (!batch.asked_again) {
    batch.asked_again = true;
    for (const List list : counted_lists) {
      const std::size_t place = place_of(list);
      batch.again[place] = told.totals[place].value_or(batch.counted[place]);
    }
    if (!is_lone(batch)) told.totals = {};
  }
  decide(writer, taking, crawl, judge_doubt(told_of(batch, *user, told.totals)));
  return true;
}

}  // namespace tidemark::jobs::discovery
