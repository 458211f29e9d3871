#include "jobs/discovery/capabilities.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tidemark::jobs::discovery {

using storage::graph::Ability;
using storage::graph::Capability;
using storage::graph::UserKind;

namespace {

std::string describe(const Observation& seen) {
  switch (seen.sign) {
    case Sign::good: return "entries came";
    case Sign::refused: return fmt::format("refused: {}", seen.words);
    case Sign::withdrawn: return fmt::format("GitHub's word: {}", seen.words);
    case Sign::nothing: return "entries that are null";
    case Sign::empty: return fmt::format("an empty list where GitHub counts {}", seen.counted);
    case Sign::emptied: return fmt::format("an empty list where there were {}", seen.counted);
  }
  return {};
}

void halve(Capability& capability) {
  if (capability.good + capability.bad < signs_most) return;
  capability.good /= 2;
  capability.bad /= 2;
}

void turn(Capability& capability, Ability ability, std::int64_t now_ms) {
  if (capability.ability == ability) return;
  capability.ability = ability;
  capability.since_ms = now_ms;
}

Capability after_good(Capability capability, std::int64_t now_ms) {
  if (capability.ability == Ability::gone) {
    // It is back: what was counted before says nothing of now.
    capability.good = capability.bad = 0;
    capability.evidence = fmt::format("{} came again after it was gone", name_of(capability.list));
    turn(capability, Ability::degraded, now_ms);
  }
  capability.bad_in_a_row = 0;
  capability.bad_accounts.clear();
  ++capability.good;
  const std::uint64_t all = capability.good + capability.bad;
  if (capability.ability == Ability::degraded && all >= signs_least && capability.bad * 10 < all) {
    turn(capability, Ability::ok, now_ms);
    capability.evidence.clear();
  }
  return capability;
}

// Tells accounts from each other, and names none.
std::uint16_t mark_of(UserId user) {
  return static_cast<std::uint16_t>((user * 0x9e37'79b9'7f4a'7c15) >> 48);
}

Capability after_bad(Capability capability, const Observation& seen, std::int64_t now_ms) {
  std::vector<std::uint16_t>& accounts = capability.bad_accounts;
  const std::uint16_t mark = mark_of(seen.user);
  // One account that is asked again and again says what it said before.
  if (std::find(accounts.begin(), accounts.end(), mark) != accounts.end()) return capability;
  if (accounts.size() < signs_least) accounts.push_back(mark);
  ++capability.bad;
  capability.bad_in_a_row += seen.sign == Sign::withdrawn ? withdrawn_weight : 1;
  const std::uint64_t all = capability.good + capability.bad;
  if (capability.bad_in_a_row >= signs_least) {
    turn(capability, Ability::gone, now_ms);
    capability.evidence =
        fmt::format("the last answers were all bad ({} of {} of late), the last one: {}",
                    capability.bad, all, describe(seen));
  } else if (capability.ability != Ability::gone) {
    const bool many = all >= signs_least && capability.bad * 10 >= all;
    if (many) turn(capability, Ability::degraded, now_ms);
    capability.evidence = fmt::format("{} of {} answers of late were bad, the last one: {}",
                                      capability.bad, all, describe(seen));
  }
  return capability;
}

}  // namespace

std::optional<Observation> observe(const ListPage& page, UserId user, std::uint64_t counted,
                                   std::uint64_t before) {
  Observation seen;
  seen.user = user;
  seen.counted = page.total.value_or(counted);
  seen.words = page.problem;
  if (page.refused) {
    seen.sign = page.withdrawn ? Sign::withdrawn : Sign::refused;
    return seen;
  }
  if (!page.entries.empty() || !page.repositories.empty()) return seen;
  if (page.unreadable > 0) {
    seen.sign = Sign::nothing;
    return seen;
  }
  // A later page may well be empty: entries left meanwhile.
  if (!page.first) return std::nullopt;
  if (seen.counted == 0) {
    if (before < emptied_least) return std::nullopt;
    seen.counted = before;
    seen.sign = Sign::emptied;
    return seen;
  }
  seen.sign = Sign::empty;
  return seen;
}

Capability judge(Capability before, const Observation& observation, std::int64_t now_ms) {
  halve(before);
  before.looked_ms = now_ms;
  if (observation.sign == Sign::good) return after_good(std::move(before), now_ms);
  return after_bad(std::move(before), observation, now_ms);
}

bool may_ask(const Capability& capability, std::int64_t now_ms) {
  return capability.ability != Ability::gone || now_ms >= capability.looked_ms + probe_ms;
}

std::array<bool, 4> wanted_lists(const storage::Reader& reader, UserKind kind,
                                 const DiscoverySettings& settings) {
  std::array<bool, 4> wanted = {kind == UserKind::user, kind == UserKind::user,
                                kind != UserKind::bot, kind == UserKind::user && settings.stars};
  for (const List list : storage::graph::all_lists) {
    bool& wants = wanted[static_cast<std::size_t>(list) - 1];
    wants = wants && find_capability(reader, list).ability != Ability::gone;
  }
  return wanted;
}

}  // namespace tidemark::jobs::discovery
