#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tests/binary/site_on_sockets.hpp"

namespace tidemark::bench {

// Milliseconds of answered requests, by whom they kept waiting.
struct Latencies {
  std::vector<double> pages;      // our listener alone
  std::vector<double> callbacks;  // our listener, which asks a provider twice before it answers
  std::vector<double> provider;   // the simulators, asked by the browsers
};
// The q-quantile; sorts a copy.
[[nodiscard]] double quantile(std::vector<double> values, double q);

// People who come in one after the other, each through the trusted proxy from an address of their
// own: landing page, Open Humans, member's page, GitHub, member's page.
struct Crowd {
  std::size_t first = 0, count = 0;  // of the logins
  double over_s = 0;                 // evenly; 0: as fast as `at_once` of them can
  std::size_t at_once = 1'000'000;
};
[[nodiscard]] std::string crowd_id(std::size_t number);
[[nodiscard]] std::string crowd_login(std::size_t number);

struct CrowdResult {
  double took_s = 0;  // from the first request to the last page
  Latencies latencies;
};
// Meanwhile `busy` members are asked to sync again and again. Throws when anybody does not end on
// a page that says that GitHub is connected.
[[nodiscard]] CrowdResult let_in(test::SiteOnSockets& site, const Crowd& crowd,
                                 const std::vector<std::string>& busy);
// People who press the button and never come back.
void start_and_go_away(test::SiteOnSockets& site, std::size_t count);

}  // namespace tidemark::bench
