#include "jobs/quota_account.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace tidemark::jobs {
namespace {

constexpr std::int64_t second_ms = 1'000;
constexpr std::int64_t minute_ms = 60 * second_ms;
constexpr std::int64_t hour_ms = 60 * minute_ms;
// No provider has a window longer than this: a reset beyond it is a mistake.
constexpr std::int64_t window_most_ms = 24 * hour_ms;
// A permit that nobody gave back in this time is counted as lost, or it would hold its points, or
// as a probe the whole window, for ever.
constexpr std::int64_t permit_life_ms = 10 * minute_ms;
constexpr std::string_view secondary_words = "too many requests in a short time (secondary limit)";

std::int64_t doubled(std::int64_t base_ms, std::uint32_t times) {
  const std::int64_t most_ms = std::max(base_ms, hour_ms);
  for (; times > 0 && base_ms < most_ms; --times) base_ms *= 2;
  return std::min(base_ms, most_ms);
}

// The end of a window goes one request at a time: another tool may be spending it too, and then one
// request at most meets the refusal.
std::uint64_t tail(std::uint64_t limit) { return std::max<std::uint64_t>(limit / 10, 5); }

}  // namespace

std::uint64_t kept_back(std::uint64_t limit, const QuotaShare& share) {
  const double part = std::isfinite(share.share) ? std::clamp(share.share, 0.0, 1.0) : 0.0;
  // The small addition keeps 0.7 of 10 from being 6.
  const double allowed = std::floor(static_cast<double>(limit) * part + 1e-6);
  const std::uint64_t ours = std::min(limit, static_cast<std::uint64_t>(allowed));
  return std::min(limit, limit - ours + std::min(share.reserve, limit / 10));
}

QuotaAccount::QuotaAccount(storage::QuotaWindow row) : row_(std::move(row)) {
  if (row_.blocked_reason == secondary_words) secondary_until_ms_ = row_.blocked_until_ms;
}

void QuotaAccount::hold(const SecondaryLimit& limit) {
  known_ = false;
  refused_ = std::max(refused_, limit.refused);
  secondary_until_ms_ = std::max(secondary_until_ms_, limit.until_ms);
  row_.secondary_strikes = std::max(row_.secondary_strikes, limit.strikes);
  row_.blocked_until_ms = std::max(row_.blocked_until_ms, limit.until_ms);
  row_.blocked_reason = secondary_words;
}

void QuotaAccount::lift(std::uint64_t answered) {
  if (answered > refused_) row_.secondary_strikes = 0;
}

std::optional<SecondaryLimit> QuotaAccount::secondary(std::int64_t now_ms) const {
  if (secondary_until_ms_ <= now_ms) return std::nullopt;
  return SecondaryLimit{secondary_until_ms_, row_.secondary_strikes, refused_};
}

std::uint64_t QuotaAccount::reserved() const {
  std::uint64_t sum = 0;
  for (const auto& [id, reservation] : under_way_) sum += reservation.cost;
  return sum;
}

std::optional<std::int64_t> QuotaAccount::since_ms(std::uint64_t id) const {
  const auto found = under_way_.find(id);
  if (found == under_way_.end()) return std::nullopt;
  return found->second.since_ms;
}

bool QuotaAccount::reopened(std::int64_t now_ms) const {
  return now_ms >= row_.resets_ms + quota_margin_least_ms;
}

void QuotaAccount::drop_forgotten(std::int64_t now_ms) {
  std::erase_if(under_way_,
                [&](const auto& entry) { return entry.second.since_ms + permit_life_ms < now_ms; });
}

std::optional<QuotaDelay> QuotaAccount::reserve(std::uint64_t id, std::uint64_t cost,
                                                const QuotaShare& share, std::int64_t now_ms) {
  using Cause = QuotaDelay::Cause;
  drop_forgotten(now_ms);
  if (row_.blocked_until_ms > now_ms) return QuotaDelay{Cause::blocked, row_.blocked_until_ms};
  if (!(share.share > 0)) return QuotaDelay{Cause::no_share, now_ms + minute_ms};

  const bool unknown = row_.limit == 0;
  const bool fresh = unknown || reopened(now_ms);
  const std::uint64_t left = fresh ? row_.limit : row_.remaining;
  const std::uint64_t kept = kept_back(row_.limit, share);
  if (!unknown) {
    if (cost > row_.limit - kept) {
      const std::int64_t wait_ms = length_ms_ == 0 ? hour_ms : length_ms_;
      return QuotaDelay{Cause::too_large, fresh ? now_ms + wait_ms : row_.resets_ms};
    }
    if (kept > left || cost > left - kept) return QuotaDelay{Cause::spent, row_.resets_ms};
  }
  if (fresh || !known_) {
    if (under_way_.contains(probe_)) return QuotaDelay{Cause::probe_under_way, now_ms};
    probe_ = id;
  } else {
    const std::uint64_t taken = reserved() + cost;
    if (taken > left - kept) return QuotaDelay{Cause::under_way, now_ms};
    if (!under_way_.empty() && taken + tail(row_.limit) > left) {
      return QuotaDelay{Cause::under_way, now_ms};
    }
  }
  newest_ = std::max(newest_, id);
  under_way_[id] = Reservation{cost, now_ms};
  return std::nullopt;
}

bool QuotaAccount::same_window(const QuotaNews& news) const {
  if (!news.reset_s) return true;
  // GitHub's resets of one window differ by a second now and then.
  return reset_s_ && std::abs(*news.reset_s - *reset_s_) <= 1;
}

bool QuotaAccount::stale(std::uint64_t id, const QuotaNews& news) const {
  return id <= taken_ && news.reset_s && reset_s_ && *news.reset_s + 1 < *reset_s_;
}

std::uint64_t QuotaAccount::price(std::uint64_t id, std::uint64_t cost,
                                  const QuotaNews& news) const {
  if (news.verdict != QuotaVerdict::answered) return 0;
  if (news.actual_cost) return *news.actual_cost;
  // Between two counts with nothing of ours beside it, this request cost at most the difference; a
  // conditional request that found nothing new cost nothing. Others may have spent the rest.
  if (!news.used || id <= taken_ || !under_way_.empty()) return cost;
  if (!same_window(news)) return std::min(cost, *news.used);
  if (!used_ || *news.used < *used_) return cost;
  return std::min(cost, *news.used - *used_);
}

void QuotaAccount::settle(std::uint64_t id, std::uint64_t cost, const QuotaNews& news) {
  under_way_.erase(id);
  const std::uint64_t spent = price(id, cost, news);
  row_.spent += spent;
  ++row_.requests;
  if (stale(id, news)) {
    if (news.verdict != QuotaVerdict::answered) ++row_.refused;
    if (news.verdict == QuotaVerdict::secondary_limit) refuse_secondary(id, news);
    return;
  }
  if (news.limit && news.remaining) {
    take(id, news);
  } else {
    // Nothing told what is left: it was most likely charged.
    row_.remaining -= std::min(row_.remaining, spent);
  }
  switch (news.verdict) {
    case QuotaVerdict::answered:
      if (id <= refused_) break;  // asked before the refusal: proves nothing
      row_.secondary_strikes = 0;
      past_resets_ = 0;
      row_.blocked_until_ms = 0;
      row_.blocked_reason.clear();
      break;
    case QuotaVerdict::primary_limit:
      ++row_.refused;
      refuse_primary(news);
      break;
    case QuotaVerdict::secondary_limit:
      ++row_.refused;
      refuse_secondary(id, news);
      break;
  }
}

void QuotaAccount::take(std::uint64_t id, const QuotaNews& news) {
  const bool same = same_window(news);
  const bool overlapped = id <= taken_;
  row_.limit = *news.limit;
  // Answers of requests that were under way together come in any order: the lowest is the newest.
  row_.remaining = same && overlapped ? std::min(row_.remaining, *news.remaining) : *news.remaining;
  if (news.used) used_ = same && overlapped && used_ ? std::max(*used_, *news.used) : *news.used;
  learn_length(news);
  set_reset(news);
  taken_ = newest_;
  known_ = true;
}

void QuotaAccount::learn_length(const QuotaNews& news) {
  if (!news.reset_s || !news.resets_ms) return;
  const std::int64_t known_ms = length_ms_ == 0 ? hour_ms : length_ms_;
  if (reset_s_ && *news.reset_s > *reset_s_ + 1) {
    // Windows in which nothing was asked make the step longer, never shorter.
    length_ms_ = std::min(known_ms, (*news.reset_s - *reset_s_) * second_ms);
  }
  const std::int64_t ahead_ms = *news.resets_ms - news.now_ms;
  // Our knowledge of their clock may be a second off.
  const std::int64_t least_ms = std::max(known_ms, length_ms_) + 2 * second_ms;
  if (ahead_ms > least_ms && ahead_ms <= window_most_ms) length_ms_ = ahead_ms;
}

void QuotaAccount::set_reset(const QuotaNews& news) {
  if (news.reset_s) reset_s_ = news.reset_s;
  if (!news.resets_ms || *news.resets_ms > news.now_ms + window_most_ms) {
    if (row_.resets_ms <= news.now_ms) row_.resets_ms = news.now_ms + minute_ms;
    return;
  }
  row_.resets_ms = *news.resets_ms;
  if (*news.resets_ms > news.sent_ms) return;
  // The window was over by the server's own clock when we asked, and still is the one that counts:
  // resets are told in whole seconds, and some servers are late.
  row_.resets_ms = news.now_ms + doubled(second_ms, past_resets_);
}

void QuotaAccount::refuse_primary(const QuotaNews& news) {
  row_.remaining = 0;
  known_ = false;
  refused_ = newest_;
  if (news.resets_ms) {
    set_reset(news);
    if (*news.resets_ms <= news.sent_ms) ++past_resets_;
    row_.blocked_until_ms = row_.resets_ms;
  } else {
    row_.blocked_until_ms = news.now_ms + news.retry_after_ms.value_or(minute_ms);
    row_.resets_ms = row_.blocked_until_ms;
  }
  if (news.retry_after_ms) {
    row_.blocked_until_ms = std::max(row_.blocked_until_ms, news.now_ms + *news.retry_after_ms);
  }
  row_.blocked_reason = "the quota of this window is spent";
}

void QuotaAccount::refuse_secondary(std::uint64_t id, const QuotaNews& news) {
  std::int64_t wait_ms = minute_ms;
  if (news.retry_after_ms) {
    wait_ms = *news.retry_after_ms;
  } else if (news.remaining == 0 && row_.resets_ms > news.now_ms) {
    wait_ms = std::max(wait_ms, row_.resets_ms - news.now_ms);
  }
  // Requests that were under way together and were refused together are one strike.
  const bool another = id > refused_;
  if (another) {
    wait_ms = doubled(wait_ms, row_.secondary_strikes);
    ++row_.secondary_strikes;
  }
  known_ = false;
  refused_ = news.newest;
  secondary_until_ms_ = std::max(secondary_until_ms_, news.now_ms + wait_ms);
  row_.blocked_until_ms = std::max(row_.blocked_until_ms, secondary_until_ms_);
  row_.blocked_reason = secondary_words;
}

std::uint64_t QuotaAccount::usable(const QuotaShare& share, std::int64_t now_ms) const {
  const std::uint64_t left = reopened(now_ms) ? row_.limit : row_.remaining;
  const std::uint64_t not_ours = kept_back(row_.limit, share) + reserved();
  return left > not_ours ? left - not_ours : 0;
}

std::int64_t QuotaAccount::forecast_ms(std::uint64_t points, const QuotaShare& share,
                                       std::int64_t now_ms) const {
  if (row_.limit == 0) return 0;
  const std::int64_t length_ms = length_ms_ == 0 ? hour_ms : length_ms_;
  const std::int64_t start_ms = std::max(now_ms, row_.blocked_until_ms);
  const std::uint64_t a_window = row_.limit - kept_back(row_.limit, share);
  const std::uint64_t now_usable = usable(share, start_ms);
  if (points <= now_usable) return start_ms;
  if (a_window == 0) return std::numeric_limits<std::int64_t>::max();
  const std::uint64_t missing = points - now_usable;
  const std::uint64_t windows = missing / a_window + (missing % a_window == 0 ? 0 : 1);
  if (windows > 1'000'000) return std::numeric_limits<std::int64_t>::max();
  const std::int64_t next_ms = reopened(start_ms) ? start_ms + length_ms : row_.resets_ms;
  return next_ms + static_cast<std::int64_t>(windows - 1) * length_ms;
}

}  // namespace tidemark::jobs
