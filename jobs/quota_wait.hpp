#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/async/random.hpp"
#include "jobs/quota_account.hpp"

namespace tidemark::jobs {

// How long after a reset to come back, so that nobody is early and not all come at once: a
// hundredth of the wait, at least 20 ms and at most a second, and up to half of it again.
[[nodiscard]] std::int64_t margin_ms(std::int64_t wait_ms, async::Random& random);

// The part of an owner before ':', and how people write it: "github", "GitHub".
[[nodiscard]] std::string provider_of(std::string_view owner);
[[nodiscard]] std::string provider_title(std::string_view owner);

// "waiting for GitHub quota (graphql): 0 of 5000 left"
[[nodiscard]] std::string describe_wait(const QuotaDelay& delay, const storage::QuotaWindow& row,
                                        const QuotaShare& share, std::uint64_t cost);
// Whether a job's reason to wait is one of those: nothing but time ends it.
[[nodiscard]] bool is_quota_wait(std::string_view reason);

}  // namespace tidemark::jobs
