#include "jobs/discovery/adaptation.hpp"

#include "jobs/discovery/batch_lists.hpp"

#include <algorithm>

namespace tidemark::jobs::discovery {
namespace {

constexpr std::size_t connections_most = 149, lists_each = 3;
constexpr std::uint32_t patience_least = 2, patience_unproven_most = 4, patience_most = 20;
constexpr std::int64_t truncation_believed_ms = 86'400'000;
// It is part of the cursor, which is rewritten with every answer.
constexpr std::size_t demoted_most = 200;
constexpr std::int64_t refusal_believed_ms = 7 * 86'400'000LL;

void forget_sizes_before(Adaptation& adaptation) {
  adaptation.parents_before = adaptation.connections_before = 0;
}

bool recovers(const Adaptation& adaptation) {
  return adaptation.parents < adaptation.parents_before ||
         adaptation.connections < adaptation.connections_before;
}

// Less than this much is asked for.
void shrink(Adaptation& adaptation, std::size_t parents, std::size_t connections, bool proven) {
  adaptation.good_in_a_row = 0;
  if (proven) {
    forget_sizes_before(adaptation);
  } else if (!recovers(adaptation)) {
    adaptation.parents_before = adaptation.parents;
    adaptation.connections_before = adaptation.connections;
  }
  adaptation.patience = proven ? patience_most
                               : std::max(std::min(adaptation.patience * 2, patience_unproven_most),
                                          std::min(adaptation.patience, patience_most));
  if (parents > 0) {
    adaptation.parents = std::max<std::size_t>(1, std::min(adaptation.parents, parents) / 2);
  }
  adaptation.connections =
      std::max<std::size_t>(1, std::min(adaptation.connections, connections) / 2);
}

std::size_t twice(std::size_t now, std::size_t most) {
  return std::max(now, std::min(most, now * 2));
}

void forget_oldest(std::map<UserId, Demotion>& demoted) {
  const auto older = [](const auto& left, const auto& right) {
    return left.second.since_ms < right.second.since_ms;
  };
  while (demoted.size() > demoted_most) {
    demoted.erase(std::min_element(demoted.begin(), demoted.end(), older));
  }
}

}  // namespace

std::size_t parents_allowed(const Adaptation& adaptation, std::size_t most, std::int64_t now_ms) {
  std::size_t allowed = std::min(adaptation.parents, most);
  const bool believed =
      adaptation.truncates_at != 0 && now_ms - adaptation.truncated_ms < truncation_believed_ms;
  // Not the size just below: it would most likely be the next to come short.
  if (believed) allowed = std::min(allowed, adaptation.truncates_at * 3 / 4);
  return std::max<std::size_t>(1, allowed);
}

std::size_t whole_parents_allowed(const Adaptation& adaptation, std::size_t most,
                                  std::int64_t now_ms) {
  const std::size_t parents = parents_allowed(adaptation, most, now_ms);
  if (adaptation.connections >= connections_most) return parents;
  return std::clamp<std::size_t>(adaptation.connections / lists_each, 1, parents);
}

Demotion demotion_of(const Adaptation& adaptation, UserId id) {
  const auto found = adaptation.demoted.find(id);
  return found == adaptation.demoted.end() ? Demotion{} : found->second;
}

void note_good(Adaptation& adaptation, async::Milliseconds took, async::Milliseconds slow,
               std::size_t most) {
  adaptation.heavy_in_a_row = 0;
  if (took > slow) {
    forget_sizes_before(adaptation);
    adaptation.good_in_a_row = 0;
    adaptation.parents = std::max<std::size_t>(1, adaptation.parents * 3 / 4);
    adaptation.connections = std::max<std::size_t>(1, adaptation.connections * 3 / 4);
    return;
  }
  const bool is_recovering = recovers(adaptation);
  const std::uint32_t patience =
      is_recovering ? std::min(adaptation.patience, patience_unproven_most) : adaptation.patience;
  if (took > slow / 2 || ++adaptation.good_in_a_row < patience) return;
  const bool whole = adaptation.parents >= most && adaptation.connections >= connections_most;
  if (whole) {
    if (adaptation.good_in_a_row >= patience_most) adaptation.patience = patience_least;
    return;
  }
  adaptation.good_in_a_row = 0;
  const std::size_t parents_most = is_recovering ? std::min(most, adaptation.parents_before) : most;
  const std::size_t lists_most = is_recovering ? adaptation.connections_before : connections_most;
  adaptation.parents = twice(adaptation.parents, parents_most);
  adaptation.connections = twice(adaptation.connections, lists_most);
  if (!recovers(adaptation)) forget_sizes_before(adaptation);
}

void note_heavy(Adaptation& adaptation, std::size_t parents, std::size_t connections, bool proven) {
  ++adaptation.heavy_in_a_row;
  const bool first = !proven && !recovers(adaptation);
  if (first) {
    if (parents > 0) parents = adaptation.parents;
    connections = adaptation.connections;
  }
  shrink(adaptation, parents, connections, proven);
}

void demote(Adaptation& adaptation, UserId id, std::int64_t now_ms) {
  Demotion& demotion = adaptation.demoted[id];
  demotion.since_ms = now_ms;
  if (!demotion.alone) {
    demotion.alone = true;
  } else if (demotion.page_size > 10) {
    demotion.page_size = shorter_page(demotion.page_size);
  } else {
    demotion.by_rest = true;
  }
  forget_oldest(adaptation.demoted);
}

void give_to_rest(Adaptation& adaptation, UserId id, std::int64_t now_ms) {
  Demotion& demotion = adaptation.demoted[id];
  demotion.since_ms = now_ms;
  demotion.alone = demotion.by_rest = true;
  forget_oldest(adaptation.demoted);
}

void leave_out_list(Adaptation& adaptation, UserId id, storage::graph::List list,
                    std::int64_t now_ms) {
  Demotion& demotion = adaptation.demoted[id];
  demotion.since_ms = now_ms;
  demotion.without |= mark_of(list);
  demotion.without_until_ms = now_ms + refusal_believed_ms;
  forget_oldest(adaptation.demoted);
}

void ask_for_list(Adaptation& adaptation, storage::graph::List list) {
  for (auto& [id, demotion] : adaptation.demoted) demotion.without &= ~std::uint32_t{mark_of(list)};
}

std::uint32_t lists_left_out(const Demotion& demotion, std::int64_t now_ms) {
  return now_ms < demotion.without_until_ms ? demotion.without : 0;
}

std::uint32_t shorter_page(std::uint32_t page_size) {
  if (page_size > 50) return 50;
  return page_size > 25 ? 25 : 10;
}

void note_truncated(Adaptation& adaptation, std::size_t parents, std::size_t connections,
                    std::int64_t now_ms) {
  forget_sizes_before(adaptation);
  adaptation.trusted = 0;
  adaptation.counts = {};
  adaptation.good_in_a_row = 0;
  adaptation.patience = patience_most;
  // Only further pages; and one account alone is never too many.
  if (parents <= 1) {
    adaptation.connections = std::max<std::size_t>(1, connections / 2);
    return;
  }
  const bool known =
      adaptation.truncates_at != 0 && now_ms - adaptation.truncated_ms < truncation_believed_ms;
  adaptation.truncates_at = known ? std::min(adaptation.truncates_at, parents) : parents;
  adaptation.truncated_ms = now_ms;
  adaptation.parents = std::max<std::size_t>(1, std::min(adaptation.parents, parents / 2));
}

void note_uncertain(Adaptation& adaptation, std::size_t parents, std::size_t connections) {
  shrink(adaptation, parents, std::max<std::size_t>(2, connections), false);
  adaptation.trusted = 0;
}

void note_trusted(Adaptation& adaptation, std::size_t parents) {
  adaptation.trusted = std::max(adaptation.trusted, parents);
}

}  // namespace tidemark::jobs::discovery
