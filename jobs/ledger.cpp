#include "jobs/ledger.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

#include "jobs/quota_wait.hpp"

namespace tidemark::jobs {
namespace {

// For an answer that is under way: soon enough to lose nothing, seldom enough to cost nothing.
constexpr std::int64_t short_wait_ms = 250;

std::int64_t unix_ms(async::WallTime time) { return time.time_since_epoch().count(); }
async::WallTime wall_time(std::int64_t ms) { return async::WallTime(async::Milliseconds(ms)); }

std::optional<std::int64_t> within(std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value < least || value > most) return std::nullopt;
  return value;
}

// "github:10308" begins with "github:", "github" and itself, not with "github:1": an owner's own
// share is nobody else's.
bool begins_with(std::string_view owner, std::string_view prefix) {
  if (!owner.starts_with(prefix)) return false;
  return prefix.empty() || prefix.ends_with(':') || owner.size() == prefix.size() ||
         owner[prefix.size()] == ':';
}

}  // namespace

QuotaLedger::QuotaLedger(async::Clock& clock, async::Random& random)
    : clock_(clock),
      random_(random),
      started_wall_ms_(unix_ms(clock.wall_now())),
      started_(clock.steady_now()) {}

std::int64_t QuotaLedger::line_ms() const {
  const auto passed = clock_.steady_now() - started_;
  return started_wall_ms_ + std::chrono::duration_cast<async::Milliseconds>(passed).count();
}

std::int64_t QuotaLedger::shift_ms() const { return unix_ms(clock_.wall_now()) - line_ms(); }

storage::QuotaWindow QuotaLedger::shifted(storage::QuotaWindow row, std::int64_t by_ms) const {
  if (row.resets_ms != 0) row.resets_ms += by_ms;
  if (row.blocked_until_ms != 0) row.blocked_until_ms += by_ms;
  return row;
}

QuotaShare QuotaLedger::share_of(const std::string& owner) const {
  QuotaShare share;
  // In order, so that of all prefixes of the owner the longest comes last.
  for (const auto& [prefix, of_prefix] : shares_) {
    if (begins_with(owner, prefix)) share = of_prefix;
  }
  return share;
}

QuotaAccount& QuotaLedger::account(const std::string& owner, const std::string& resource) {
  const Key key(owner, resource);
  auto found = accounts_.find(key);
  if (found == accounts_.end()) {
    storage::QuotaWindow row;
    row.owner = owner;
    row.resource = resource;
    QuotaAccount fresh(std::move(row));
    hold_as_others(owner, fresh);
    found = accounts_.emplace(key, std::move(fresh)).first;
  }
  return found->second;
}

std::vector<QuotaAccount*> QuotaLedger::accounts_of(const std::string& owner) {
  std::vector<QuotaAccount*> all;
  auto next = accounts_.lower_bound(Key(owner, std::string()));
  for (; next != accounts_.end() && next->first.first == owner; ++next) {
    all.push_back(&next->second);
  }
  return all;
}

void QuotaLedger::hold_as_others(const std::string& owner, QuotaAccount& fresh) {
  const std::int64_t now_ms = line_ms();
  for (const QuotaAccount* of : accounts_of(owner)) {
    if (const auto limit = of->secondary(now_ms)) fresh.hold(*limit);
  }
}

// REST and GraphQL count together for a secondary limit.
void QuotaLedger::tell_others(const QuotaPermit& permit, QuotaVerdict verdict,
                              const QuotaAccount& told) {
  const auto limit = told.secondary(line_ms());
  for (QuotaAccount* of : accounts_of(permit.ask.owner)) {
    if (verdict == QuotaVerdict::secondary_limit && limit) of->hold(*limit);
    if (verdict == QuotaVerdict::answered) of->lift(permit.id);
  }
}

void QuotaLedger::load(const std::vector<storage::QuotaWindow>& windows) {
  const std::int64_t by_ms = -shift_ms();
  accounts_.clear();
  for (const storage::QuotaWindow& window : windows) {
    accounts_.emplace(Key(window.owner, window.resource), QuotaAccount(shifted(window, by_ms)));
  }
  // Only the row of the resource that met it was stored.
  for (auto& [key, of] : accounts_) hold_as_others(key.first, of);
}

void QuotaLedger::set_share(const std::string& owner_prefix, QuotaShare share) {
  shares_[owner_prefix] = share;
}

std::variant<QuotaPermit, QuotaWait> QuotaLedger::reserve(const QuotaAsk& ask) {
  using Cause = QuotaDelay::Cause;
  QuotaAccount& of = account(ask.owner, ask.resource);
  const QuotaShare share = share_of(ask.owner);
  const std::int64_t now_ms = line_ms();
  const std::uint64_t id = next_id_++;
  const std::optional<QuotaDelay> delay = of.reserve(id, ask.cost, share, now_ms);
  if (!delay) return QuotaPermit{id, ask};

  QuotaWait wait;
  wait.reason = describe_wait(*delay, of.row(), share, ask.cost);
  if (delay->cause == Cause::probe_under_way || delay->cause == Cause::under_way) {
    wait.until_ms = now_ms + short_wait_ms;
  } else {
    wait.until_ms = delay->from_ms + margin_ms(delay->from_ms - now_ms, random_);
  }
  wait.until_ms += shift_ms();
  return wait;
}

storage::QuotaWindow QuotaLedger::settle(const QuotaPermit& permit, QuotaVerdict verdict,
                                         const http::RateReading& reading,
                                         std::optional<std::uint64_t> actual_cost) {
  QuotaAccount& of = account(permit.ask.owner, permit.ask.resource);
  const std::int64_t now_ms = line_ms();
  const std::int64_t by_ms = shift_ms();
  // The exchange on our line. What does not fit into it was told by a wall clock set meanwhile.
  const std::int64_t since_ms = of.since_ms(permit.id).value_or(now_ms);
  const std::int64_t received_ms =
      within(unix_ms(reading.received) - by_ms, since_ms, now_ms).value_or(now_ms);
  const std::int64_t sent_ms =
      within(unix_ms(reading.sent) - by_ms, since_ms, received_ms).value_or(since_ms);
  http::ServerClock& server_clock = server_clocks_[provider_of(permit.ask.owner)];
  if (reading.date_s) {
    server_clock.observe(*reading.date_s, wall_time(sent_ms), wall_time(received_ms));
  }

  QuotaNews news;
  news.verdict = verdict;
  news.actual_cost = actual_cost;
  news.now_ms = now_ms;
  news.sent_ms = sent_ms;
  news.retry_after_ms = reading.retry_after_ms;
  if (reading.resource.empty() || reading.resource == permit.ask.resource) {
    news.limit = reading.limit;
    news.remaining = reading.remaining;
    news.used = reading.used;
    news.reset_s = reading.reset_s;
  }
  if (news.reset_s) news.resets_ms = unix_ms(server_clock.to_ours(*news.reset_s));
  news.newest = next_id_ - 1;
  of.settle(permit.id, permit.ask.cost, news);
  tell_others(permit, verdict, of);
  return shifted(of.row(), by_ms);
}

void QuotaLedger::abandon(const QuotaPermit& permit) {
  account(permit.ask.owner, permit.ask.resource).abandon(permit.id);
}

void QuotaLedger::forget(const std::string& owner) {
  std::erase_if(accounts_, [&](const auto& row) { return row.first.first == owner; });
}

std::vector<QuotaLedger::View> QuotaLedger::view() const {
  const std::int64_t now_ms = line_ms();
  const std::int64_t by_ms = shift_ms();
  std::vector<View> views;
  for (const auto& [key, of] : accounts_) {
    View view;
    view.window = shifted(of.row(), by_ms);
    // Asked for, but never told of, as of a member whose account is not known yet: nothing to see.
    const bool told = view.window.requests > 0 || view.window.limit > 0;
    if (!told && of.reserved() == 0) continue;
    view.reserved = of.reserved();
    view.usable = of.usable(share_of(key.first), now_ms);
    views.push_back(std::move(view));
  }
  return views;
}

std::int64_t QuotaLedger::forecast_ms(const std::string& owner, const std::string& resource,
                                      std::uint64_t points) const {
  const auto found = accounts_.find(Key(owner, resource));
  if (found == accounts_.end()) return 0;
  const std::int64_t at_ms = found->second.forecast_ms(points, share_of(owner), line_ms());
  const bool a_time = at_ms != 0 && at_ms != std::numeric_limits<std::int64_t>::max();
  return a_time ? at_ms + shift_ms() : at_ms;
}

}  // namespace tidemark::jobs
