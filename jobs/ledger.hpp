#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "http/async/clock.hpp"
#include "http/async/random.hpp"
#include "http/rate_limit.hpp"
#include "storage/quota.hpp"
#include "storage/store.hpp"

namespace tidemark::jobs {

// How much of a quota the operator lets us use.
struct QuotaShare {
  double share = 1.0;         // of each window's limit
  std::uint64_t reserve = 0;  // never touched; at most a tenth of a window's limit is kept back
};

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

enum class QuotaVerdict { answered, primary_limit, secondary_limit };

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
  // The row to store.
  [[nodiscard]] storage::QuotaWindow settle(const QuotaPermit& permit, QuotaVerdict verdict,
                                            const http::RateReading& reading);
  void abandon(const QuotaPermit& permit);

  // All windows, for /v1/quota, with what is reserved just now.
  struct View {
    storage::QuotaWindow window;
    std::uint64_t reserved = 0;
    std::uint64_t usable = 0;  // of `remaining`, after share and reserve
  };
  [[nodiscard]] std::vector<View> view() const;
  // When `points` more could be spent at the present share: our clock, Unix ms.
  [[nodiscard]] std::int64_t forecast_ms(const std::string& owner, const std::string& resource,
                                         std::uint64_t points) const;

 private:
  struct Window;
  async::Clock& clock_;
  async::Random& random_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<Window>> windows_;
  std::map<std::string, QuotaShare> shares_;
  std::map<std::string, http::ServerClock> server_clocks_;  // by provider: "github"
  std::uint64_t next_id_ = 1;
};

}  // namespace tidemark::jobs
