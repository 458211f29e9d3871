#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "http/async/clock.hpp"
#include "http/async/random.hpp"
#include "http/rate_limit.hpp"
#include "jobs/quota_account.hpp"
#include "storage/quota.hpp"
#include "storage/store.hpp"

namespace tidemark::jobs {

struct QuotaAsk {
  std::string owner;     // "github:10308"
  std::string resource;  // "graphql"
  std::uint64_t cost = 1;
};

// A reservation. Must be settled (the answer came) or abandoned (the request was never sent).
struct QuotaPermit {
  std::uint64_t id = 0;
  QuotaAsk ask;
};
struct QuotaWait {
  std::int64_t until_ms = 0;  // our clock, Unix; a margin and jitter are already in it
  std::string reason;         // "waiting for GitHub quota (graphql): 0 of 5000 left"
};

// One ledger for all jobs, on the I/O thread. It reserves before a request, settles after it, and
// learns from every answer, also from those of other tools that use the same quota. Decisions need
// no I/O; the row that `settle` returns is stored by the caller in the transaction that stores what
// the answer brought.
class QuotaLedger {
 public:
  QuotaLedger(async::Clock& clock, async::Random& random);

  // After a start: what the store knows. Windows whose reset has passed reopen with one probe.
  void load(const std::vector<storage::QuotaWindow>& windows);
  void set_share(const std::string& owner_prefix, QuotaShare share);  // longest prefix wins

  [[nodiscard]] std::variant<QuotaPermit, QuotaWait> reserve(const QuotaAsk& ask);
  // The row to store. A reading that names no resource, or another one, says nothing of this
  // window: GitHub's 401 carries the numbers of the anonymous bucket. `actual_cost`: as the answer
  // priced it (rateLimit.cost); without it the asked cost counts, or less where `used` proves it.
  [[nodiscard]] storage::QuotaWindow settle(
      const QuotaPermit& permit, QuotaVerdict verdict, const http::RateReading& reading,
      std::optional<std::uint64_t> actual_cost = std::nullopt);
  // The request was never sent. A permit given back in no way is counted as lost after 10 minutes.
  void abandon(const QuotaPermit& permit);
  // An owner that is no more.
  void forget(const std::string& owner);

  // All windows, for /v1/quota, with what is reserved just now.
  struct View {
    storage::QuotaWindow window;
    std::uint64_t reserved = 0;
    std::uint64_t usable = 0;  // of `remaining`, after share and reserve
  };
  [[nodiscard]] std::vector<View> view() const;
  // When `points` more could be spent at the present share: our clock, Unix ms. 0: nothing is known
  // of that quota yet; the largest number: never, the share allows nothing.
  [[nodiscard]] std::int64_t forecast_ms(const std::string& owner, const std::string& resource,
                                         std::uint64_t points) const;

 private:
  using Key = std::pair<std::string, std::string>;

  // Our wall clock as it was at the start, moved on by the clock that never jumps: a wall clock
  // that is set must not end a block early. What leaves or enters is shifted to the wall clock of
  // now.
  [[nodiscard]] std::int64_t line_ms() const;
  [[nodiscard]] std::int64_t shift_ms() const;
  [[nodiscard]] storage::QuotaWindow shifted(storage::QuotaWindow row, std::int64_t by_ms) const;
  [[nodiscard]] QuotaShare share_of(const std::string& owner) const;
  QuotaAccount& account(const std::string& owner, const std::string& resource);
  // A secondary limit holds whatever its owner asks for.
  [[nodiscard]] std::vector<QuotaAccount*> accounts_of(const std::string& owner);
  void tell_others(const QuotaPermit& permit, QuotaVerdict verdict, const QuotaAccount& told);
  void hold_as_others(const std::string& owner, QuotaAccount& fresh);

  async::Clock& clock_;
  async::Random& random_;
  std::int64_t started_wall_ms_;
  async::SteadyTime started_;
  std::map<Key, QuotaAccount> accounts_;
  std::map<std::string, QuotaShare> shares_;
  // By provider ("github"), against our line: a wall clock that is set does not disturb them.
  std::map<std::string, http::ServerClock> server_clocks_;
  std::uint64_t next_id_ = 1;
};

}  // namespace tidemark::jobs
