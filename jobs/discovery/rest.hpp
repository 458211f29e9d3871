#pragma once

#include "jobs/discovery/context.hpp"

namespace tidemark::jobs::discovery {

// What REST does for the crawl. Each of these is one request (ask_rest) and one commit
// (commit_answer) at most, and is called again while there is something left: all of the place is
// in `context.crawl` and in the store.

// About the oldest of `context.crawl.batches`, which has samples left: compares one sample's lists
// with `GET /user/{id}`. A sample that agrees leaves `samples`; with the last of them
// `take_verdict` makes the batch complete, `note_trusted` learns its size, and the batch leaves
// `batches`. One of which REST counts more than `ListRecord::reported` goes to its `doubts`, and
// the run asks GraphQL again. An account that is gone, or cannot be asked for, is replaced by
// another of the batch. A quota wait is returned as it is (Suspended): the run goes on with other
// work as long as few batches wait.
[[nodiscard]] async::Task<Stop> confirm_batch(CrawlContext& context);

// The next request about `context.crawl.by_rest`, which is set: the profile, then page by page its
// `lists` (a ListReading with `rest` says where a list goes on; one without is GraphQL's, and the
// list begins anew). When nothing is left of it, or the
// account is gone or denied, it resets `by_rest`; a list that REST does not give either is `cut`.
// Of a seed (only the login is set) the profile resolves it: id and seed row, or its problem.
[[nodiscard]] async::Task<Stop> read_by_rest(CrawlContext& context);

}  // namespace tidemark::jobs::discovery
