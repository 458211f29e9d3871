#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "jobs/discovery/crawl.hpp"

namespace tidemark::jobs::discovery {

// The crawl notes accounts beside the graph. Whoever is forgotten must not stay there: not in the
// row, which the job `forget` mends, and not in the memory of a run, which would write it again.

// By number, by login, or both; 0 and an empty login are nobody's.
using IsForgotten = std::function<bool(UserId id, std::string_view login)>;
// True: somebody was there. The lists of others in a batch are still compared with somebody's. The
// account whose token it is stays: whoever runs the crawl names it with each run.
bool leave_out(Crawl& crawl, const IsForgotten& is_forgotten);

// "… of https://api.github.com/user/5/followers" without whom it is about: such words are kept as
// evidence, and as the reason why a job waits.
[[nodiscard]] std::string without_accounts(std::string text);

}  // namespace tidemark::jobs::discovery
