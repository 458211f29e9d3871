#include "jobs/discovery/select.hpp"
#include "jobs/discovery/batch_lists.hpp"

#include <algorithm>

#include "jobs/discovery/capabilities.hpp"
#include "jobs/discovery/staleness.hpp"
#include "storage/graph/frontier.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::all_lists;
using storage::graph::FrontierEntry;
using storage::graph::ListReading;
using storage::graph::Presence;
using storage::graph::User;
using storage::graph::UserKind;

namespace {

constexpr std::size_t rows_at_once = 5'000, readings_at_once = 149;

bool waits_for_rest(const Crawl& crawl, UserId id, std::optional<List> list) {
  const auto is_it = [&](const RestReading& reading) {
    if (reading.id != id) return false;
    return !list ||
           std::find(reading.lists.begin(), reading.lists.end(), *list) != reading.lists.end();
  };
  return (crawl.by_rest && is_it(*crawl.by_rest)) ||
         std::any_of(crawl.for_rest.begin(), crawl.for_rest.end(), is_it);
}

RestReading whole_by_rest(const storage::Reader& reader, const User& user,
                          const DiscoverySettings& settings, std::string reason) {
  RestReading reading;
  reading.id = user.id;
  reading.reason = std::move(reason);
  const auto wanted = wanted_lists(reader, user.kind, settings);
  for (const List list : all_lists) {
    if (wanted[static_cast<std::size_t>(list) - 1]) reading.lists.push_back(list);
  }
  return reading;
}

QuestionLimits limits_of(const storage::Reader& reader, const Crawl& crawl,
                         const DiscoverySettings& settings, std::int64_t now_ms) {
  QuestionLimits limits;
  limits.parents = parents_allowed(crawl.adaptation, settings.parents_most, now_ms);
  limits.connections = crawl.adaptation.connections;
  limits.email = !crawl.email_refused;
  limits.gists = gists_may_ride(crawl.adaptation.gists);
  limits.gists_not_of = without_their_gists(crawl.adaptation.gists, now_ms);
  limits.lists[static_cast<std::size_t>(List::stars) - 1] = settings.stars;
  for (const List list : all_lists) {
    bool& asks = limits.lists[static_cast<std::size_t>(list) - 1];
    asks = asks && may_ask(storage::graph::find_capability(reader, list), now_ms);
  }
  return limits;
}

// Walks through the due part of the frontier until a question is full.
class FromFrontier {
 public:
  FromFrontier(const storage::Reader& reader, const Crawl& crawl, const DiscoverySettings& settings,
               Selection& selection)
      : reader_(reader), crawl_(crawl), settings_(settings), selection_(selection) {}

  void take(std::int64_t now_ms) {
    for (const List list : all_lists) {
      const auto ability = storage::graph::find_capability(reader_, list).ability;
      const bool gone = ability == storage::graph::Ability::gone;
      looks_[static_cast<std::size_t>(list) - 1] = gone && selection_.limits.asks(list);
    }
    // Those that must be passed over are few: there are bounds on both lists.
    const std::size_t window =
        selection_.limits.parents + 50 + crawl_.adaptation.demoted.size() + crawl_.for_rest.size();
    const auto due =
        storage::graph::next_in_frontier(reader_, now_ms, settings_.depth_most, window);
    for (const FrontierEntry& entry : due) {
      if (full()) break;
      consider(entry.id, now_ms);
    }
  }

 private:
  [[nodiscard]] bool full() const {
    const Waiting& waiting = selection_.waiting;
    return alone_ ||
           waiting.accounts.size() + waiting.organizations.size() + waiting.counted.size() >=
               selection_.limits.parents;
  }

  // A list that is gone is tried once a day, and a count does not tell whether entries come: one
  // account is read for it.
  [[nodiscard]] bool would_tell(const User& user) const {
    if (!selection_.waiting.accounts.empty()) return false;
    const auto tells = [&](List list) {
      const auto& record = user.list(list);
      const bool has_entries = record.read_ms == 0 || record.reported >= emptied_least;
      return looks_[static_cast<std::size_t>(list) - 1] && has_entries;
    };
    return std::any_of(all_lists.begin(), all_lists.end(), tells);
  }

  [[nodiscard]] bool is_only_counted(const User& user, const Demotion& demotion,
                                     std::int64_t now_ms) const {
    if (user.kind != UserKind::user || demotion != Demotion{} || without_ != 0) return false;
    const auto wanted = wanted_lists(reader_, user.kind, settings_);
    return !would_tell(user) && counting_suffices(user, now_ms, settings_, wanted);
  }

  void consider(UserId id, std::int64_t now_ms) {
    const auto user = storage::graph::find_user(reader_, id);
    if (!user || waits_for_rest(crawl_, id, std::nullopt)) return;
    const Demotion demotion = demotion_of(crawl_.adaptation, id);
    const bool askable = !user->node_id.empty() && user->kind != UserKind::bot;
    if (demotion.by_rest || !askable) {
      if (crawl_.for_rest.size() + selection_.for_rest.size() >= for_rest_most) return;
      const std::string reason =
          askable ? "GraphQL cannot give this account" : "GraphQL does not know it by its number";
      selection_.for_rest.push_back(whole_by_rest(reader_, *user, settings_, reason));
      return;
    }
    Waiting& waiting = selection_.waiting;
    const std::uint32_t without = lists_left_out(demotion, now_ms);
    if (is_only_counted(*user, demotion, now_ms)) {
      waiting.counted.push_back(AskedAccount{id, user->node_id});
      return;
    }
    const bool odd = demotion.alone || without != 0;
    if (odd && !waiting.counted.empty()) return;  // its turn comes
    const bool first = waiting.accounts.empty() && waiting.organizations.empty();
    if (first) {
      waiting.page_size = demotion.page_size;
      alone_ = demotion.alone;
      leave_out(without);
    } else if (demotion.alone || demotion.page_size != waiting.page_size || without != without_) {
      return;  // its turn comes
    }
    auto& kind = user->kind == UserKind::organization ? waiting.organizations : waiting.accounts;
    kind.push_back(AskedAccount{id, user->node_id});
  }

  // A refused list takes its account with it: the question must not name it.
  void leave_out(std::uint32_t without) {
    without_ = without;
    for (const List list : all_lists) {
      bool& asks = selection_.limits.lists[static_cast<std::size_t>(list) - 1];
      asks = asks && (without & mark_of(list)) == 0;
    }
  }

  const storage::Reader& reader_;
  const Crawl& crawl_;
  const DiscoverySettings& settings_;
  Selection& selection_;
  std::array<bool, 4> looks_{};  // lists that are tried again, by List, less one
  bool alone_ = false;
  std::uint32_t without_ = 0;
};

// What is asked for of a reading under way. Nothing: not by GraphQL, or not now.
std::optional<AskedPage> next_page(const storage::Reader& reader, const Crawl& crawl,
                                   const QuestionLimits& limits, const ListReading& reading) {
  if (reading.rest || waits_for_rest(crawl, reading.user, reading.list)) return std::nullopt;
  if (!limits.asks(reading.list)) return std::nullopt;
  const auto user = storage::graph::find_user(reader, reading.user);
  if (!user || user->node_id.empty()) return std::nullopt;
  AskedPage page;
  page.account = AskedAccount{user->id, user->node_id};
  page.organization = user->kind == UserKind::organization;
  page.list = reading.list;
  page.after = reading.next;
  page.page_size = reading.page_size;
  page.left = reading.total > reading.taken ? reading.total - reading.taken : 1;
  page.apart = reading.failures >= failures_alone;
  return page;
}

// A page that did not come twice is asked for alone: it may be what makes GitHub fail all of a
// question.
void take_readings(const storage::Reader& reader, const Crawl& crawl, Selection& selection) {
  std::optional<std::pair<UserId, List>> after;
  std::vector<AskedPage>& pages = selection.waiting.pages;
  const std::size_t most = crawl.adaptation.pages.at_once;
  std::optional<AskedPage> odd;
  while (pages.size() < most) {
    const auto readings = storage::graph::list_readings(reader, after, readings_at_once);
    for (const ListReading& reading : readings) {
      if (pages.size() == most) return;
      auto page = next_page(reader, crawl, selection.limits, reading);
      if (!page) continue;
      if (reading.failures < failures_alone) {
        pages.push_back(std::move(*page));
      } else if (!odd) {
        odd = std::move(page);
      }
    }
    if (readings.size() < readings_at_once) break;
    after = {readings.back().user, readings.back().list};
  }
  if (odd && selection.waiting.empty()) pages.push_back(std::move(*odd));
}

// Accounts that are due, then further pages.
void take_others(const storage::Reader& reader, const Crawl& crawl,
                 const DiscoverySettings& settings, Selection& selection, std::int64_t now_ms) {
  FromFrontier(reader, crawl, settings, selection).take(now_ms);
  const UserId only = selection.waiting.accounts.size() == 1 ? selection.waiting.accounts[0].id : 0;
  // Whoever must be asked for alone is not asked for together with pages or gists either.
  if (only != 0 && demotion_of(crawl.adaptation, only).alone) {
    selection.limits.connections = 1;
    return;
  }
  const Waiting& waiting = selection.waiting;
  const bool accounts =
      !waiting.accounts.empty() || !waiting.organizations.empty() || !waiting.counted.empty();
  if (accounts && crawl.adaptation.pages.left_out) return;
  take_readings(reader, crawl, selection);
}

}  // namespace

Selection select(const storage::Reader& reader, const Crawl& crawl,
                 const DiscoverySettings& settings, std::int64_t now_ms) {
  Selection selection;
  selection.limits = limits_of(reader, crawl, settings, now_ms);
  const SeedAdaptation& seeds = crawl.adaptation.seeds;
  std::vector<std::string> unresolved;
  for (const auto& seed : storage::graph::unresolved_seeds(reader, seeds.at_once)) {
    unresolved.push_back(seed.login);
  }
  const bool apart = seeds.apart && !unresolved.empty();
  const bool seeds_now = !apart || !seeds.others_first;
  if (seeds_now) selection.waiting.seeds = unresolved;
  if (apart && seeds_now) return selection;
  take_others(reader, crawl, settings, selection, now_ms);
  // There is nobody else to ask for.
  if (selection.waiting.empty()) selection.waiting.seeds = std::move(unresolved);
  return selection;
}

Apart select_apart(const storage::Reader& reader, const Crawl& crawl,
                   const DiscoverySettings& settings, std::int64_t now_ms) {
  Apart apart;
  apart.selection.limits = limits_of(reader, crawl, settings, now_ms);
  std::optional<std::pair<UserId, List>> after;
  if (crawl.apart_after != 0) after = {crawl.apart_after, all_lists.back()};
  const auto readings = storage::graph::list_readings(reader, after, rows_at_once);
  for (const ListReading& reading : readings) {
    apart.until = reading.user;
    if (reading.failures < failures_alone) continue;
    auto page = next_page(reader, crawl, apart.selection.limits, reading);
    if (!page) continue;
    apart.selection.waiting.pages.push_back(std::move(*page));
    return apart;
  }
  if (readings.size() < rows_at_once) apart.until = 0;
  return apart;
}

std::optional<RestReading> select_for_rest(const storage::Reader& reader,
                                           const DiscoverySettings& settings, std::int64_t now_ms) {
  const auto seeds = storage::graph::unresolved_seeds(reader, 1);
  if (!seeds.empty()) {
    RestReading reading;
    reading.login = seeds.front().login;
    return reading;
  }
  const auto due = storage::graph::next_in_frontier(reader, now_ms, settings.depth_most, 1);
  if (!due.empty()) {
    const auto user = storage::graph::find_user(reader, due.front().id);
    if (user) return whole_by_rest(reader, *user, settings, "");
  }
  // What GraphQL began while there was a token.
  const auto readings = storage::graph::list_readings(reader, std::nullopt, 1);
  if (readings.empty()) return std::nullopt;
  RestReading reading;
  reading.id = readings.front().user;
  reading.profile = false;
  reading.lists.push_back(readings.front().list);
  return reading;
}

WithoutGists without_gists(const storage::Reader& reader, UserId after, std::size_t most) {
  WithoutGists found;
  std::size_t rows = 0;
  storage::graph::UserPosition begin;
  begin.id = after;
  const auto each = [&](const User& user, const storage::graph::UserPosition&) {
    const bool lacks = user.read_ms != 0 && !user.profile.public_gists &&
                       user.kind == UserKind::user && user.presence == Presence::here &&
                       !user.node_id.empty();
    if (lacks) found.accounts.push_back(AskedAccount{user.id, user.node_id});
    found.until = user.id;
    return ++rows < rows_at_once && found.accounts.size() < most;
  };
  storage::graph::scan_users(reader, storage::graph::UserOrder::id, begin, "", each);
  if (rows < rows_at_once && found.accounts.size() < most) found.until.reset();
  return found;
}

}  // namespace tidemark::jobs::discovery
