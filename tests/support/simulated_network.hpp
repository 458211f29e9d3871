#pragma once

#include <map>
#include <memory>
#include <string>

#include "http/async/connection.hpp"
#include "http/async/random.hpp"
#include "http/async/task_group.hpp"
#include "http/server.hpp"
#include "tests/support/simulated_loop.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::test {

// Hosts by name, and connections to them over in-memory pipes.
class SimulatedNetwork final : public async::Connector {
 public:
  // Serves one accepted connection to its end. Passed in, so that tests of the pipes alone need no
  // HTTP.
  using Serve = std::function<async::Task<void>(std::unique_ptr<async::Connection> connection)>;

  // The names must outlive this: connections under way are tasks of `tasks`.
  SimulatedNetwork(SimulatedLoop& loop, async::Random& random, async::TaskGroup& tasks)
      : loop_(loop), random_(random), tasks_(tasks) {}

  void add_host(const std::string& host, Serve serve);
  void set_latency(async::Milliseconds one_way) { latency_ = one_way; }
  void set_faults(Simulation::Faults faults) { faults_ = faults; }

  async::Task<std::unique_ptr<async::Connection>> connect(async::Endpoint endpoint,
                                                          async::Deadline deadline) override;

 private:
  SimulatedLoop& loop_;
  async::Random& random_;
  async::TaskGroup& tasks_;
  async::Milliseconds latency_{10};
  Simulation::Faults faults_;
  std::map<std::string, std::shared_ptr<const Serve>> hosts_;
};

}  // namespace tidemark::test
