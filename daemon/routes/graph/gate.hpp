#pragma once

#include <cstddef>
#include <memory>

#include "http/router.hpp"

namespace tidemark::daemon::graph {

// How many requests may do long work at a time, so that the store stays free for the others. On the
// I/O thread; lives in the routes that share it.
class Gate {
 public:
  explicit Gate(std::size_t most) : most_(most) {}
  // Whoever holds what this returns is inside; nothing: it is full.
  [[nodiscard]] std::shared_ptr<void> enter() {
    if (inside_ == most_) return nullptr;
    ++inside_;
    return {this, [](Gate* gate) { --gate->inside_; }};
  }

 private:
  std::size_t most_, inside_ = 0;
};

// Of a list: for orders without an index, and for filters.
struct Gates {
  std::shared_ptr<Gate> orders, filters;
};

[[nodiscard]] inline http::Reply busy_walking() {
  auto reply = http::problem(503, "/problems/busy", "Service unavailable",
                             "the graph is being walked for somebody else; ask again in a second");
  reply.response.headers.set("Retry-After", "1");
  return reply;
}

}  // namespace tidemark::daemon::graph
