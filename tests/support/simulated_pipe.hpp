#pragma once

#include <memory>
#include <utility>

#include "http/async/connection.hpp"
#include "http/async/random.hpp"
#include "tests/support/simulated_loop.hpp"

namespace tidemark::test {

struct PipeSettings {
  async::Milliseconds latency{0};  // one way
  bool tls = false;                // a cut stream then shows as one without close_notify
  double cut_answer = 0;           // probability that a write of the answering end is cut inside
};

struct PipeEnds {
  std::unique_ptr<async::Connection> asking;
  std::unique_ptr<async::Connection> answering;
};

// Two connected ends with bounded buffers. Bytes arrive in order, `latency` after their writing.
// As with TCP, the first write after the peer has closed succeeds; the next one fails.
PipeEnds make_pipe(SimulatedLoop& loop, async::Random& random, PipeSettings settings);

}  // namespace tidemark::test
