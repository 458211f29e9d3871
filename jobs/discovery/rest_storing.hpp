#pragma once

#include "jobs/discovery/context.hpp"

namespace tidemark::jobs::discovery {

// Denied: it is not asked about any more, until the job `forget` comes to it.
void leave_frontier(storage::Writer& writer, storage::graph::User user);
// What the answer about `context.crawl.by_rest`'s profile does to the store and to the reading.
void take_rest_account(storage::Writer& writer, Taking& taking, CrawlContext& context,
                       const http::github::Answer& answer);
// The same of the first of its lists, asked for at `target`.
void take_rest_list(storage::Writer& writer, Taking& taking, CrawlContext& context,
                    const http::github::Answer& answer, const std::string& target);
// No answer came at all: an outage, or GitHub breaks off just this. Nobody waits for it for ever.
void take_rest_outage(storage::Writer& writer, Taking& taking, Crawl& crawl,
                      const std::string& target);
// Lists that are too large or not ready yet are cut after so many tries; those that did not come at
// all after more, which take some ten minutes.
inline constexpr std::uint32_t rest_failures_most = 4, rest_outages_most = 9;
// About an hour of a run's waits: a seed is looked up again only after a day.
inline constexpr std::uint32_t seed_outages_most = 12;

}  // namespace tidemark::jobs::discovery
