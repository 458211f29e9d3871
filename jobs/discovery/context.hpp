#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "http/github/answer.hpp"
#include "jobs/discovery/crawl.hpp"
#include "jobs/discovery/services.hpp"
#include "jobs/discovery/take.hpp"
#include "jobs/runner.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/quota.hpp"

namespace tidemark::jobs::discovery {

// A step of a run: nothing means go on, otherwise this is how the run ends.
using Stop = std::optional<RunResult>;

// What the steps of one run share. Lives as long as the run; one step at a time.
struct CrawlContext {
  DiscoveryServices& services;
  Run& run;
  std::string token;  // empty: anonymous
  Crawl crawl = {};   // the cursor, as it will be stored with the next answer
  storage::graph::DenyList denied = {};
  Familiar familiar = Familiar();
  std::uint64_t users = 0;  // accounts in the store after the last answer
  std::uint64_t steps = 0;  // answers stored by this run
  UserId back_after = 0;    // how far the walk for lists that are back is (lists_back.hpp)
  // Seeds that GitHub neither gave nor refused, and how often; of this run, a question's worth.
  std::map<std::string, std::uint32_t> seed_failures = {};
};

[[nodiscard]] std::int64_t wall_ms(const CrawlContext& context);
inline constexpr std::string_view operator_owner = "github:operator";
// In the ledger: "github:10308", "github:operator" before the account is known,
// "github:anonymous".
[[nodiscard]] std::string quota_owner(const Crawl& crawl);

// An answer that is about what was asked: found or not, heavy or not; never a limit or a refused
// token.
struct Asked {
  http::github::Answer answer;
  storage::QuotaWindow quota;  // the row to store with what the answer brought
  async::Milliseconds took{0};
};
// One request: reserves, asks, settles. How the run ends when it must wait (the quota is stored
// then), when the token is refused, or when GitHub cannot be reached. Of outcomes come back: ok,
// not_modified, accepted, empty, not_found, gone, forbidden, invalid and too_heavy; of GraphQL
// server_error as well.
using AskResult = std::variant<Asked, RunResult>;
[[nodiscard]] async::Task<AskResult> ask_rest(CrawlContext& context, std::string target,
                                              std::string etag);
// Whose the token is. Not at the expense of the account that the crawl is known to be: the token
// may be another's.
[[nodiscard]] async::Task<AskResult> ask_viewer(CrawlContext& context);
[[nodiscard]] async::Task<AskResult> ask_graphql(CrawlContext& context, std::string query,
                                                 boost::json::object variables,
                                                 std::uint64_t points);

// The one transaction that stores an answer: what `take` does, and with it the quota row, the
// cursor (`context.crawl`, which `take` may change), the job's progress and the statistics. After
// it, what was learnt is familiar. A `quota` without an owner: nothing was asked.
using TakeAnswer = std::function<void(storage::Writer& writer, Taking& taking)>;
[[nodiscard]] async::Task<void> commit_answer(CrawlContext& context, storage::QuotaWindow quota,
                                              TakeAnswer take);

}  // namespace tidemark::jobs::discovery
