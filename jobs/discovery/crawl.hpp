#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/discovery/adaptation.hpp"
#include "jobs/discovery/batch_lists.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::List;
using storage::graph::UserId;

// How long followers, following and repositories are, by List, less one.
using ListCounts = std::array<std::uint64_t, 3>;
// An account of which REST counts more than a question brought, and what GraphQL says since then.
struct Doubted {
  UserId id = 0;
  ListCounts counted = {};               // by REST
  std::optional<ListCounts> apart = {};  // nothing but the lengths, apart from other accounts
  std::optional<ListCounts> again = {};  // by a question of the shape of the one that read them
  std::optional<ListCounts> alone = {};  // by a question for it alone
  friend bool operator==(const Doubted&, const Doubted&) = default;
};

// Accounts that one GraphQL query read to the end of some list, and whom REST is still to be asked
// about: until then none of it is complete.
struct Batch {
  std::vector<UserId> accounts;
  std::vector<UserId> samples;  // of those, still to be compared
  std::size_t parents = 0;      // accounts that the query asked for at once
  std::size_t pages = 0;        // further pages in it
  // Samples of which REST counts more: GraphQL is asked once more before anybody is blamed.
  std::vector<Doubted> doubts = {};
  std::size_t apart_among = 0;     // the most things in a question that said how long theirs are
  BatchLists lists = {};           // what of the accounts this batch may confirm
  std::vector<UserId> tried = {};  // samples that were compared, or could not be
  // Samples that agreed; questions about this sample, or about those doubted, that failed in a row.
  std::uint32_t compared = 0, failures = 0;
  friend bool operator==(const Batch&, const Batch&) = default;
};

// An account that is being read by REST, request by request.
struct RestReading {
  UserId id = 0;            // 0: only the login is known
  std::string login;        // of a seed nobody has looked up yet; else empty
  bool profile = true;      // still to be asked for
  std::vector<List> lists;  // still to be read; of the first, a ListReading may say where to go on
  std::string reason;       // why not by GraphQL; empty: there is no token
  std::uint32_t failures = 0;  // of the profile, in a row
  friend bool operator==(const RestReading&, const RestReading&) = default;
};

// Counts of a minute, for the live view.
struct Minute {
  std::int64_t minute = 0;  // since 1970
  std::uint64_t found = 0, read = 0, edges = 0, points = 0, requests = 0;
  friend bool operator==(const Minute&, const Minute&) = default;
};
inline constexpr std::size_t minutes_kept = 6;

// Where the crawl stands: stored in the transaction of every answer, and all that a run knows
// beside the graph itself. Small: it is rewritten each time.
struct Crawl {
  UserId viewer = 0;         // whose token it is; 0: not asked yet, or there is none
  std::string token_digest;  // of the token that was asked about; not the token
  std::string viewer_login;  // for people
  bool anonymous = false;    // the last run had no token
  bool email_refused = false;
  Adaptation adaptation;
  std::vector<Batch> batches;          // to be confirmed, oldest first
  std::optional<RestReading> by_rest;  // under way
  std::vector<RestReading> for_rest;   // GraphQL could not give these; bounded
  // Since a page that is to be asked for alone was looked for, and of whom the last one was.
  std::uint32_t questions_since_apart = 0;
  UserId apart_after = 0;
  UserId gists_after = 0;  // how far the pass over accounts without that number is
  UserId swept_after = 0;  // how far the walk for short lists is (short_lists.hpp)

  std::int64_t started_ms = 0;  // of the first request since the frontier was last empty
  std::uint64_t found = 0, read = 0, edges = 0, repositories = 0, ended = 0;  // since then
  std::uint64_t points = 0, requests = 0;                                     // GraphQL; REST
  std::array<Minute, minutes_kept> minutes{};
  friend bool operator==(const Crawl&, const Crawl&) = default;
};

inline constexpr std::string_view cursor_owner = "discovery";
inline constexpr std::string_view cursor_name = "crawl";
// Whom graph_tidy is erasing: one number.
inline constexpr std::string_view leaving_name = "leaving";

[[nodiscard]] std::string encode_crawl(const Crawl& crawl);
// Throws storage::CorruptRecord when it is not what encode_crawl wrote.
[[nodiscard]] Crawl decode_crawl(std::string_view json);
[[nodiscard]] Crawl load_crawl(const storage::Reader& reader);  // a fresh one when there is none
void put_crawl(storage::Writer& writer, const Crawl& crawl);

}  // namespace tidemark::jobs::discovery
