#include "jobs/discovery/batches.hpp"

#include <algorithm>

namespace tidemark::jobs::discovery {

using storage::graph::ListState;
using storage::graph::User;

namespace {

// Of one batch; then nobody of it is likely to be compared.
constexpr std::size_t replaced_most = 5;
constexpr std::size_t samples_after_doubt = 5;
constexpr std::uint64_t growth_least = 3, growth_share = 50;

bool contains(const std::vector<UserId>& ids, UserId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// From those that are still to be asked about.
void take_off(Batch& batch, UserId id) {
  std::erase(batch.samples, id);
  std::erase_if(batch.doubts, [id](const Doubted& each) { return each.id == id; });
  if (!contains(batch.tried, id)) batch.tried.push_back(id);
  batch.failures = 0;
}

// Somebody of the batch who has not been asked about yet. False: there is nobody.
bool add_sample(const storage::Reader& reader, Batch& batch) {
  if (batch.tried.size() > replaced_most) return false;
  for (const UserId id : batch.accounts) {
    if (contains(batch.samples, id) || contains(batch.tried, id)) continue;
    const auto user = storage::graph::find_user(reader, id);
    if (!user || comparable(batch, *user).empty()) continue;
    batch.samples.push_back(id);
    return true;
  }
  return false;
}

void conclude(storage::Writer& writer, Taking& taking, Crawl& crawl) {
  const Batch batch = crawl.batches.front();
  crawl.batches.erase(crawl.batches.begin());
  const bool compared = batch.compared > 0;
  take_verdict(writer, taking, batch.accounts, batch.lists,
               compared ? Verdict::complete : Verdict::unproven);
  Adaptation& adaptation = crawl.adaptation;
  const bool below = adaptation.truncates_at == 0 || batch.parents < adaptation.truncates_at;
  if (compared && below) note_trusted(adaptation, batch.parents);
}

}  // namespace

std::vector<List> comparable(const Batch& batch, const User& user) {
  std::vector<List> lists;
  const ListMarks marks = marks_of(batch.lists, user.id);
  for (const List list : {List::followers, List::following, List::repositories}) {
    const bool ended = (marks.ended & mark_of(list)) != 0;
    if (ended && user.list(list).state == ListState::unconfirmed) lists.push_back(list);
  }
  return lists;
}

void go_on_with_batch(storage::Writer& writer, Taking& taking, Crawl& crawl) {
  if (crawl.batches.empty()) return;  // everybody of it is forgotten
  Batch& batch = crawl.batches.front();
  if (!batch.samples.empty() || !batch.doubts.empty()) return;
  if (batch.compared == 0 && add_sample(writer, batch)) return;
  conclude(writer, taking, crawl);
}

void sample_agrees(storage::Writer& writer, Taking& taking, Crawl& crawl, UserId sample,
                   bool as_many) {
  Batch& batch = crawl.batches.front();
  const auto marks = batch.lists.find(sample);
  if (marks != batch.lists.end()) marks->second.compared = as_many;
  take_off(batch, sample);
  ++batch.compared;
  go_on_with_batch(writer, taking, crawl);
}

void sample_is_doubted(Crawl& crawl, UserId sample, const ListCounts& counted) {
  Batch& batch = crawl.batches.front();
  take_off(batch, sample);
  batch.doubts.push_back({sample, counted, {}, {}, {}});
}

void sample_leaves(storage::Writer& writer, Taking& taking, Crawl& crawl, UserId sample) {
  Batch& batch = crawl.batches.front();
  take_off(batch, sample);
  (void)add_sample(writer, batch);
  go_on_with_batch(writer, taking, crawl);
}

void sample_fails(storage::Writer& writer, Taking& taking, Crawl& crawl, UserId sample) {
  if (++crawl.batches.front().failures < sample_failures_most) return;
  sample_leaves(writer, taking, crawl, sample);
}

void doubted_leave(storage::Writer& writer, Taking& taking, Crawl& crawl,
                   const std::vector<UserId>& doubted) {
  Batch& batch = crawl.batches.front();
  take_verdict(writer, taking, doubted, batch.lists, Verdict::unproven);
  for (const UserId id : doubted) take_off(batch, id);
  batch.compared = 0;
  while (batch.samples.size() < samples_after_doubt && add_sample(writer, batch)) continue;
  go_on_with_batch(writer, taking, crawl);
}

bool growth_explains(std::uint64_t before, std::uint64_t now) {
  return now <= before + growth_least + before / growth_share;
}

Doubt judge_doubt(const std::vector<Told>& told) {
  bool differs = false, sudden = false;
  for (const Told& each : told) {
    if (each.again < each.counted) {
      if (!each.alone) return Doubt::open;
      if (*each.alone > each.again) return Doubt::truncated;
      differs = true;
    } else if (each.counted > each.reported) {
      sudden = sudden || !growth_explains(each.reported, each.counted);
    }
  }
  if (sudden) return Doubt::uncertain;
  return differs ? Doubt::differs : Doubt::growth;
}

}  // namespace tidemark::jobs::discovery
