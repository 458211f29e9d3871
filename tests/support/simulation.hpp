#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "http/async/clock.hpp"
#include "http/async/connection.hpp"
#include "http/async/random.hpp"
#include "http/server.hpp"

namespace tidemark::test {

// A loop on which time is a number: whenever nothing is ready to run, it jumps to the next moment
// that someone waits for. A simulated week takes well under a second. One thread.
//
//   Simulation simulation(seed);                      // prints the seed when a check fails
//   simulation.serve("api.github.test", handler);     // an in-memory HTTP server
//   simulation.run([&]() -> async::Task<void> { … });
class Simulation {
 public:
  explicit Simulation(std::uint64_t seed, async::WallTime start = default_start());
  ~Simulation();

  static async::WallTime default_start();  // 2026-01-05T00:00:00Z, a Monday

  [[nodiscard]] async::Executor executor();
  [[nodiscard]] async::Clock& clock();
  [[nodiscard]] async::Random& random();
  // Connects to hosts registered with serve(), over in-memory pipes with the latency set; other
  // hosts fail like an unknown name.
  [[nodiscard]] async::Connector& connector();

  // Answers every connection to `host` (any port, with or without TLS). The handler must outlive
  // us.
  void serve(const std::string& host, http::Handler handler);
  void set_latency(async::Milliseconds one_way);
  // Moves only our wall clock, as NTP or a person would.
  void set_wall_offset(async::Milliseconds offset);
  // Faults of the connections made from now on.
  struct Faults {
    double refuse = 0;      // probability that a connect fails
    double cut_answer = 0;  // that the stream ends inside an answer
  };
  void set_faults(Faults faults);

  // Runs `body` to its end; throws what it throws. Fails when simulated time passes `limit`, or
  // when nothing is ready and nobody waits for any time: a deadlock.
  void run(const std::function<async::Task<void>()>& body,
           async::Milliseconds limit = std::chrono::hours(24 * 366 * 20));

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The seed for this run: TIDEMARK_SEED, or a fresh one. Printed once, with the test that asked
// first; a simulation shows its own again with every failure.
[[nodiscard]] std::uint64_t test_seed();

}  // namespace tidemark::test
