#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"

namespace tidemark::storage {

// What is known of one quota window. Times are our clock, Unix milliseconds: the reading of the
// server's clock was corrected when the answer came.
struct QuotaWindow {
  std::string owner;     // "github:10308" (user id), "github:anonymous", "github:app:Iv1.x"
  std::string resource;  // "core", "graphql", "search"
  std::uint64_t limit = 0;
  std::uint64_t remaining = 0;
  std::int64_t resets_ms = 0;         // 0: never told
  std::int64_t blocked_until_ms = 0;  // a secondary limit or a refusal; 0: not blocked
  std::string blocked_reason;
  std::uint64_t spent = 0;              // by us, in all windows, as the answers priced it
  std::uint64_t requests = 0;           // by us, in all windows
  std::uint64_t refused = 0;            // answers that said "limit", in all windows
  std::uint32_t secondary_strikes = 0;  // in a row: each doubles the wait
};

[[nodiscard]] std::optional<QuotaWindow> find_quota(const Reader& reader, std::string_view owner,
                                                    std::string_view resource);
void put_quota(Writer& writer, const QuotaWindow& window);
[[nodiscard]] std::vector<QuotaWindow> list_quotas(const Reader& reader);
// All resources of an owner.
void erase_quotas(Writer& writer, std::string_view owner);

// Those of GitHub accounts and members that nobody here has: a refused or broken-off connection
// left them. At most `most`; the owners erased. `kept`: the crawl's owner, who need not be a
// member.
[[nodiscard]] std::vector<std::string> erase_stray_quotas(Writer& writer, std::size_t most,
                                                          std::string_view kept = {});

// The owner's name of a GitHub account, and of a member whose account is not known yet.
[[nodiscard]] std::string account_owner(std::uint64_t github_id);
[[nodiscard]] std::string unknown_account_owner(std::string_view member);

}  // namespace tidemark::storage
