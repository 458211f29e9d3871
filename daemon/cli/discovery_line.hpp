#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

#include "daemon/exit_code.hpp"

namespace tidemark::daemon {

// "1204 users, 640 read, 564 to go; waiting for quota until 14:32:05 (GitHub graphql: 0 of 20
// left); 812 found a minute, 39.8 read a point; done about 15:02:11", of what /v1/discovery
// answers. What does not fit into `columns` is left out from the details on; 0: everything.
[[nodiscard]] std::string discovery_line(const boost::json::object& discovery, std::int64_t now_ms,
                                         std::size_t columns);
// Which limits keep the graph from growing; empty: none.
[[nodiscard]] std::string limits_text(const boost::json::object& discovery);
// What the crawl does or waits for: "reading", "nothing is left to read".
[[nodiscard]] std::string discovery_doing(const boost::json::object& discovery,
                                          std::int64_t now_ms);
// "39.8": one decimal, none above a hundred; "-" when there is no number.
[[nodiscard]] std::string rate_text(const boost::json::object& speed, std::string_view name);

// How a followed crawl ended, in one sentence, and the exit code: `failure` when the job is dead.
struct DiscoveryEnd {
  ExitCode code = ExitCode::ok;
  std::string text;
};
[[nodiscard]] DiscoveryEnd discovery_end(const boost::json::object& discovery);

}  // namespace tidemark::daemon
