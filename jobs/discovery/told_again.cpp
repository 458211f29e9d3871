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
void doubt_empty_lists(storage::Writer& writer, const Taking& taking, const Batch& batch,
                       const Doubted& doubted) {
  for (const List list : counted_lists) {
    const std::uint64_t counted = doubted.counted[place_of(list)];
    const auto its = storage::graph::find_user(writer, doubted.id);
    if (!its || counted == 0 || its->list(list).reported != 0) continue;
    const Observation seen{Sign::empty, doubted.id, counted, {}};
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
void doubt_lists_that_differ(storage::Writer& writer, const Taking& taking, const Batch& batch,
                             const Doubted& doubted) {
  auto user = storage::graph::find_user(writer, doubted.id);
  if (!user) return;
  const ListCounts& told = doubted.again ? *doubted.again : *doubted.apart;
  for (const List list : comparable(batch, *user)) {
    const std::size_t place = place_of(list);
    if (told[place] >= doubted.counted[place]) continue;
    doubt_list(writer, *user, list, doubted.counted[place] - told[place]);
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

std::vector<UserId> ids_of(const std::vector<Doubted>& doubts) {
  std::vector<UserId> ids;
  for (const Doubted& each : doubts) ids.push_back(each.id);
  return ids;
}

// The question came short, or may have.
void read_again(storage::Writer& writer, Taking& taking, Crawl& crawl, Doubt doubt) {
  const Batch judged = crawl.batches.front();
  // A lone account has nobody beside it that could be to blame.
  if (is_lone(judged)) return doubted_leave(writer, taking, crawl, ids_of(judged.doubts));
  take_verdict(writer, taking, judged.accounts, judged.lists, Verdict::again);
  drop_additions(crawl, judged.accounts);
  if (doubt == Doubt::truncated) {
    note_truncated(crawl.adaptation, judged.parents, judged.pages, taking.now_ms);
  } else {
    note_uncertain(crawl.adaptation, judged.parents, judged.pages);
  }
  crawl.batches.erase(crawl.batches.begin());
}

void decide(storage::Writer& writer, Taking& taking, Crawl& crawl) {
  const Batch judged = crawl.batches.front();
  std::vector<Doubt> doubts;
  for (const Doubted& each : judged.doubts) doubts.push_back(judge_doubted(writer, judged, each));
  for (const Doubt worst : {Doubt::truncated, Doubt::uncertain}) {
    if (std::find(doubts.begin(), doubts.end(), worst) == doubts.end()) continue;
    return read_again(writer, taking, crawl, worst);
  }
  bool differs = false;
  for (std::size_t at = 0; at < doubts.size(); ++at) {
    if (doubts[at] != Doubt::differs) continue;
    differs = true;
    doubt_empty_lists(writer, taking, judged, judged.doubts[at]);
    doubt_lists_that_differ(writer, taking, judged, judged.doubts[at]);
  }
  if (differs && !is_lone(judged)) note_believed(crawl.adaptation.counts);
  // The last of them ends the batch.
  for (std::size_t at = 0; at < doubts.size(); ++at) {
    sample_agrees(writer, taking, crawl, judged.doubts[at].id, doubts[at] == Doubt::differs);
  }
}

void keep(Crawl& crawl, const Looked& looked, Doubted& doubted, const ToldAgain& told) {
  Batch& batch = crawl.batches.front();
  ListCounts counts = doubted.counted;  // also of lists that nobody doubts
  for (std::size_t place = 0; place < counts.size(); ++place) {
    counts[place] = told.totals[place].value_or(counts[place]);
  }
  if (looked.kind == LookKind::apart) {
    doubted.apart = counts;
    batch.apart_among = std::max(batch.apart_among, looked.among);
  }
  if (looked.kind == LookKind::same_shape) doubted.again = counts;
  if (looked.kind == LookKind::alone) doubted.alone = counts;
}

// False: it is not told.
bool take_one(storage::Writer& writer, Taking& taking, Crawl& crawl, const Looked& looked,
              const ToldAgain& told) {
  Batch& batch = crawl.batches.front();
  const auto doubted = std::find_if(batch.doubts.begin(), batch.doubts.end(),
                                    [&](const Doubted& each) { return each.id == told.id; });
  if (doubted == batch.doubts.end()) return true;
  auto user = storage::graph::find_user(writer, told.id);
  if (told.gone && user) take_gone(writer, taking, *user);
  if (told.gone || !user) {
    sample_leaves(writer, taking, crawl, told.id);
    return true;
  }
  const std::vector<List> lists = comparable(batch, *user);
  const auto is_told = [&](List list) { return told.totals[place_of(list)].has_value(); };
  if (!std::all_of(lists.begin(), lists.end(), is_told)) return false;
  keep(crawl, looked, *doubted, told);
  const bool borne_out = looked.kind == LookKind::alone && !doubted->again &&
                         judge_doubted(writer, batch, *doubted) == Doubt::differs;
  if (borne_out) {
    const std::uint64_t gap = gap_of(writer, batch, *doubted);
    note_borne_out(crawl.adaptation.counts, batch.apart_among, gap, taking.now_ms);
  }
  return true;
}

// Nobody is doubted, or the front is another batch, whose samples are still to be compared.
bool waits_for_looks(const Crawl& crawl) {
  return !crawl.batches.empty() && crawl.batches.front().samples.empty() &&
         !crawl.batches.front().doubts.empty();
}

}  // namespace

Looked take_out(const Question& question, LookKind kind, Answers& answers) {
  Looked looked{kind, std::move(answers.recounts), 0};
  looked.among = answers.accounts.size() + answers.pages.size() + looked.told.size();
  for (const UserId id : question.doubted) {
    ToldAgain told;
    told.id = id;
    for (const AccountAnswer& answer : answers.accounts) {
      if (answer.id != id) continue;
      told.gone = told.gone || answer.got == Got::gone;
      for (const ListPage& page : answer.pages) {
        if (page.list != List::stars && page.total) told.totals[place_of(page.list)] = page.total;
      }
    }
    std::erase_if(answers.accounts, [id](const AccountAnswer& each) { return each.id == id; });
    looked.told.push_back(told);
  }
  return looked;
}

bool take_told(storage::Writer& writer, Taking& taking, Crawl& crawl, const Looked& looked) {
  if (!waits_for_looks(crawl)) return true;
  std::vector<UserId> untold;
  for (const ToldAgain& told : looked.told) {
    if (crawl.batches.empty()) return true;  // nobody of it was left
    if (!take_one(writer, taking, crawl, looked, told)) untold.push_back(told.id);
  }
  if (!waits_for_looks(crawl)) return true;
  Batch& batch = crawl.batches.front();
  batch.failures = untold.empty() ? 0 : batch.failures + 1;
  if (batch.failures >= sample_failures_most) {
    doubted_leave(writer, taking, crawl, untold);
    return false;
  }
  const bool decided = next_look(writer, crawl, taking.now_ms).kind == LookKind::none;
  if (decided) decide(writer, taking, crawl);
  return untold.empty();
}

void leave_doubts(storage::Writer& writer, Taking& taking, Crawl& crawl,
                  const std::vector<UserId>& lost) {
  for (const UserId id : lost) {
    if (waits_for_looks(crawl)) sample_leaves(writer, taking, crawl, id);
  }
  if (!lost.empty() || !waits_for_looks(crawl)) return;
  if (next_look(writer, crawl, taking.now_ms).kind == LookKind::none) decide(writer, taking, crawl);
}

void note_look_refused(Crawl& crawl) {
  if (waits_for_looks(crawl)) ++crawl.batches.front().failures;
}

}  // namespace tidemark::jobs::discovery
