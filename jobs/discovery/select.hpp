#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "jobs/discovery/crawl.hpp"
#include "jobs/discovery/question.hpp"
#include "jobs/discovery/services.hpp"

namespace tidemark::jobs::discovery {

// So much may wait for REST: the cursor holds it.
inline constexpr std::size_t for_rest_most = 200;

// A page that failed so often is asked for alone.
inline constexpr std::uint32_t failures_alone = 2;

// What is to be asked next, as the store has it.
struct Selection {
  Waiting waiting;
  QuestionLimits limits;
  std::vector<RestReading> for_rest;  // found in the frontier: GraphQL cannot give these
};
// A page that was set apart is asked for alone when nothing else waits, and else once in so many
// questions.
inline constexpr std::uint32_t questions_between_apart = 25;
[[nodiscard]] Selection select(const storage::Reader& reader, const Crawl& crawl,
                               const DiscoverySettings& settings, std::int64_t now_ms);
// The next page that was set apart, of an account after `Crawl::apart_after`, if there is one.
struct Apart {
  Selection selection;
  UserId until = 0;  // the account whose readings were looked at last; 0: all were
};
[[nodiscard]] Apart select_apart(const storage::Reader& reader, const Crawl& crawl,
                                 const DiscoverySettings& settings, std::int64_t now_ms);
// Without a token: one account at a time.
[[nodiscard]] std::optional<RestReading> select_for_rest(const storage::Reader& reader,
                                                         const DiscoverySettings& settings,
                                                         std::int64_t now_ms);
// At most `most` accounts after `after` that were read, but for the number of their gists; `until`
// is the last one looked at, or nothing at the end.
struct WithoutGists {
  std::vector<AskedAccount> accounts;
  std::optional<UserId> until;
};
[[nodiscard]] WithoutGists without_gists(const storage::Reader& reader, UserId after,
                                         std::size_t most);

}  // namespace tidemark::jobs::discovery
