#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "http/async/clock.hpp"
#include "http/message.hpp"

namespace tidemark::simulators {

// What an upstream does with one request: the answer, how long it takes, or that the connection
// ends without a whole one.
struct Outcome {
  http::Response response;
  async::Milliseconds delay{0};
  bool cut = false;
};

enum class FaultKind {
  status_html,       // `status` with a gateway's HTML page; not processed
  status_json,       // `status` with {"message": …}; not processed
  cut_before,        // the connection ends; the request was not processed
  cut_after,         // it was processed and paid for, the answer is lost
  slow,              // answers after delay_ms more
  secondary,         // a secondary limit: 403, 429 or (GraphQL) 200 by `status`
  resource_limits,   // GraphQL: RESOURCE_LIMITS_EXCEEDED above `weight`
  timeout,           // GraphQL: above `weight` 504 as HTML, 504 as JSON, or a cut, in turn
  malformed_json,    // the body ends in the middle, with a right Content-Length
  total_count_lies,  // every totalCount is `amount` too high
  negative_numbers,  // additions, deletions and counts below zero
  null_nodes,        // every connection's nodes are null
  stale_reset,       // x-ratelimit-reset lies a minute in the past
  truncate_history,  // `repository` has only its newest `amount` commits, totalCount agrees
  hide_repository,   // `repository` answers NOT_FOUND
  heavy_accounts,    // GraphQL: lists of some accounts (`logins`, or one in `one_in`) answer
                     // RESOURCE_LIMITS_EXCEEDED in a query of more than `weight` nodes
};

struct Fault {
  FaultKind kind = FaultKind::status_html;
  std::string resource;     // "core", "graphql", "oauth"; empty: any
  std::string path;         // only paths that begin so
  std::string method;       // only this method
  unsigned every = 0;       // each n-th matching request …
  double probability = 0;   // … or with this probability; neither: always
  std::uint64_t skip = 0;   // the first matching requests are spared
  std::uint64_t times = 0;  // at most so often; 0: no end
  unsigned status = 502;
  std::int64_t delay_ms = 0;
  std::uint64_t charge = 0;  // points taken although nothing was answered
  std::optional<std::int64_t> retry_after_s;
  bool retry_after_as_date = false;
  std::uint64_t weight = 0;  // connections asked and commits looked at
  std::int64_t amount = 0;
  std::string repository;                // "owner/name"
  std::vector<std::string> logins;       // lower case
  std::uint64_t one_in = 0;              // by the account's number; 1: all of them
  std::uint64_t matched = 0, fired = 0;  // kept by the plan
};

// Throws std::invalid_argument that names the key: {"kind":"status_html","every":7,…}.
[[nodiscard]] Fault parse_fault(const boost::json::object& text);
[[nodiscard]] std::string_view name_of(FaultKind kind);

// Decides, reproducibly from its seed, which faults meet a request.
class FaultPlan {
 public:
  explicit FaultPlan(std::uint64_t seed = 1) : state_(seed) {}
  void add(Fault fault) { faults_.push_back(std::move(fault)); }
  void clear() { faults_.clear(); }
  void seed(std::uint64_t seed) { state_ = seed; }

  struct Asked {
    std::string_view resource, method, path;
  };
  [[nodiscard]] std::vector<Fault> fire(const Asked& asked);
  [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }

 private:
  double uniform();

  std::vector<Fault> faults_;
  std::uint64_t state_;
};

[[nodiscard]] const Fault* find_fault(const std::vector<Fault>& faults, FaultKind kind);
// The answers of status_html and status_json.
[[nodiscard]] http::Response broken_response(const Fault& fault);

}  // namespace tidemark::simulators
