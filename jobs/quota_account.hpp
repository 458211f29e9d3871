#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "storage/quota.hpp"

namespace tidemark::jobs {

// How much of a quota the operator lets us use.
struct QuotaShare {
  double share = 1.0;         // of each window's limit
  std::uint64_t reserve = 0;  // never touched; at most a tenth of a window's limit is kept back
};

enum class QuotaVerdict { answered, primary_limit, secondary_limit };

// What one answer says of an account, on the ledger's time line.
struct QuotaNews {
  QuotaVerdict verdict = QuotaVerdict::answered;
  std::optional<std::uint64_t> limit, remaining, used, actual_cost;
  std::optional<std::int64_t> reset_s;    // as the server says it: tells windows apart
  std::optional<std::int64_t> resets_ms;  // the same moment, never too early
  std::optional<std::int64_t> retry_after_ms;
  std::int64_t sent_ms = 0, now_ms = 0;
  std::uint64_t newest = 0;  // of all permits so far, whatever the resource
};

// A secondary limit is its owner's: REST and GraphQL count together.
struct SecondaryLimit {
  std::int64_t until_ms = 0;
  std::uint32_t strikes = 0;
  std::uint64_t refused = 0;  // requests up to this id were asked before the refusal came
};

// Why a reservation is refused, and from when on it may go.
struct QuotaDelay {
  enum class Cause {
    probe_under_way,  // one request finds out how much there is
    under_way,        // what is left is reserved, or is so little that requests go one by one
    blocked,          // refused by the server
    spent,            // the window has too little left
    too_large,        // no window will ever have enough
    no_share,         // the operator gave us nothing of it
  };
  Cause cause = Cause::spent;
  std::int64_t from_ms = 0;  // for the first two: now, look again in a moment
};

// One owner's quota of one resource: the decisions of the ledger, without clock, text or I/O. All
// times are points on one line that never jumps; permits have rising ids.
class QuotaAccount {
 public:
  explicit QuotaAccount(storage::QuotaWindow row);

  // nullopt: reserved under `id`.
  [[nodiscard]] std::optional<QuotaDelay> reserve(std::uint64_t id, std::uint64_t cost,
                                                  const QuotaShare& share, std::int64_t now_ms);
  void settle(std::uint64_t id, std::uint64_t cost, const QuotaNews& news);
  void abandon(std::uint64_t id) { under_way_.erase(id); }

  // What another resource of the same owner met, and that it was answered since.
  void hold(const SecondaryLimit& limit);
  void lift(std::uint64_t answered);
  [[nodiscard]] std::optional<SecondaryLimit> secondary(std::int64_t now_ms) const;

  [[nodiscard]] const storage::QuotaWindow& row() const { return row_; }
  [[nodiscard]] std::uint64_t reserved() const;
  [[nodiscard]] std::optional<std::int64_t> since_ms(std::uint64_t id) const;  // of a reservation
  [[nodiscard]] std::uint64_t usable(const QuotaShare& share, std::int64_t now_ms) const;
  // When `points` more could be spent; 0: nothing is known yet; the maximum: never.
  [[nodiscard]] std::int64_t forecast_ms(std::uint64_t points, const QuotaShare& share,
                                         std::int64_t now_ms) const;

 private:
  struct Reservation {
    std::uint64_t cost = 0;
    std::int64_t since_ms = 0;
  };

  [[nodiscard]] bool reopened(std::int64_t now_ms) const;
  [[nodiscard]] bool same_window(const QuotaNews& news) const;
  [[nodiscard]] bool stale(std::uint64_t id, const QuotaNews& news) const;
  [[nodiscard]] std::uint64_t price(std::uint64_t id, std::uint64_t cost,
                                    const QuotaNews& news) const;
  void take(std::uint64_t id, const QuotaNews& news);
  void learn_length(const QuotaNews& news);
  void set_reset(const QuotaNews& news);
  void refuse_primary(const QuotaNews& news);
  void refuse_secondary(std::uint64_t id, const QuotaNews& news);
  void drop_forgotten(std::int64_t now_ms);

  storage::QuotaWindow row_;
  std::map<std::uint64_t, Reservation> under_way_;
  bool known_ = false;  // an answer since the start or the last refusal told what is left
  std::uint64_t probe_ = 0;
  std::uint64_t newest_ = 0;   // id
  std::uint64_t taken_ = 0;    // answers up to this id may be older than the numbers we have
  std::uint64_t refused_ = 0;  // answers up to this id were asked before the last refusal came
  std::optional<std::int64_t> reset_s_;
  std::optional<std::uint64_t> used_;
  std::int64_t length_ms_ = 0;  // 0: not learned
  std::int64_t secondary_until_ms_ = 0;
  std::uint32_t past_resets_ = 0;  // refusals in a row whose reset was over when we asked
};

// Of a window's limit, what we never spend.
[[nodiscard]] std::uint64_t kept_back(std::uint64_t limit, const QuotaShare& share);

// A window is not tried earlier than this after its reset.
inline constexpr std::int64_t quota_margin_least_ms = 20;

}  // namespace tidemark::jobs
