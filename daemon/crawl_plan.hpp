#pragma once

#include "daemon/settings.hpp"
#include "http/async/task.hpp"
#include "storage/engine.hpp"

namespace tidemark::daemon {

struct Parts;

// The crawl and what belongs to it: kinds of jobs, schedules, the seeds and the deny-list of the
// settings.
void add_crawl(Parts& parts, const Settings& settings);
// The part of it that is in the store: schedules, deny-list, seeds.
void plan_crawl(storage::Writer& writer, const Settings& settings, std::int64_t now_ms);
// After a reload, which may bring the token that the crawl waits for.
[[nodiscard]] async::Task<void> try_crawl_again(Parts& parts);
// The same when the token's file was written since the crawl read it.
[[nodiscard]] async::Task<void> look_at_crawl_token(Parts& parts);

}  // namespace tidemark::daemon
