#include "jobs/discovery/doubts.hpp"

#include <algorithm>

#include "jobs/discovery/answers.hpp"
#include "jobs/discovery/staleness.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::User;

namespace {

// Apart from others GraphQL counts more than it did in the reading: somebody followed meanwhile, or
// the reading came short.
bool tells_more(const Batch& batch, const User& user, const Doubted& doubted) {
  const std::vector<List> lists = comparable(batch, user);
  return std::any_of(lists.begin(), lists.end(), [&](List list) {
    return (*doubted.apart)[place_of(list)] > user.list(list).reported;
  });
}

struct Open {
  std::vector<UserId> untold, grown, open;
  UserId widest = 0;      // of those that differ, the one with the largest gap
  std::uint64_t gap = 0;  // which is that
  bool truncated = false;
};

Open sort_out(const storage::Reader& reader, const Batch& batch) {
  Open found;
  for (const Doubted& each : batch.doubts) {
    const auto user = storage::graph::find_user(reader, each.id);
    if (!user) continue;
    if (!each.apart) {
      found.untold.push_back(each.id);
      continue;
    }
    const bool lone = is_lone(batch);
    if (!lone && !each.again && !each.alone && tells_more(batch, *user, each)) {
      found.grown.push_back(each.id);
      continue;
    }
    const Doubt doubt = judge_doubted(reader, batch, each);
    if (doubt == Doubt::open) found.open.push_back(each.id);
    found.truncated = found.truncated || doubt == Doubt::truncated;
    if (lone || doubt != Doubt::differs || each.alone) continue;
    const std::uint64_t gap = gap_of(reader, batch, each);
    if (found.widest != 0 && gap <= found.gap) continue;
    found.widest = each.id;
    found.gap = gap;
  }
  return found;
}

}  // namespace

NextLook next_look(const storage::Reader& reader, const Crawl& crawl, std::int64_t now_ms) {
  const Batch& batch = crawl.batches.front();
  Open found = sort_out(reader, batch);
  if (!found.untold.empty()) return {LookKind::apart, std::move(found.untold)};
  if (found.truncated) return {};  // one is enough
  if (!found.grown.empty()) return {LookKind::same_shape, std::move(found.grown)};
  if (!found.open.empty()) return {LookKind::alone, {found.open.front()}};
  const bool believed =
      found.widest == 0 || believes(crawl.adaptation.counts, batch.apart_among, found.gap, now_ms);
  if (!believed) return {LookKind::alone, {found.widest}};
  return {};
}

Doubt judge_doubted(const storage::Reader& reader, const Batch& batch, const Doubted& doubted) {
  const auto user = storage::graph::find_user(reader, doubted.id);
  if (!user || !doubted.apart) return Doubt::growth;
  std::vector<Told> told;
  for (const List list : comparable(batch, *user)) {
    const std::size_t place = place_of(list);
    Told each{list, user->list(list).reported, doubted.counted[place], 0, std::nullopt};
    each.again = doubted.again.value_or(*doubted.apart)[place];
    if (doubted.alone) each.alone = (*doubted.alone)[place];
    if (!doubted.again && !doubted.alone) each.alone = each.again;
    told.push_back(each);
  }
  return judge_doubt(told);
}

std::uint64_t gap_of(const storage::Reader& reader, const Batch& batch, const Doubted& doubted) {
  const auto user = storage::graph::find_user(reader, doubted.id);
  if (!user || !doubted.apart) return 0;
  std::uint64_t widest = 0;
  for (const List list : comparable(batch, *user)) {
    const std::uint64_t counted = doubted.counted[place_of(list)];
    const std::uint64_t apart = (*doubted.apart)[place_of(list)];
    if (growth_explains(apart, counted)) continue;
    const std::uint64_t gap = counted - apart;
    if (!is_like_before(gap, user->list(list).missing)) widest = std::max(widest, gap);
  }
  return widest;
}

}  // namespace tidemark::jobs::discovery
