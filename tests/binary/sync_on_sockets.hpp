#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tests/binary/daemon_process.hpp"
#include "tests/binary/simulator_process.hpp"

namespace tidemark::test {

// One member's sync between the real programs: a folder that outlives the daemon's lives, and
// simulators of its own.
class SyncOnSockets {
 public:
  explicit SyncOnSockets(std::vector<std::string> simulator_arguments)
      : simulator(std::move(simulator_arguments)) {}

  [[nodiscard]] Launch launch() const { return folder.launch({"serve"}, simulator.settings()); }
  // Gives a running daemon the member, which also starts the sync.
  void add_member() const;
  // Of the sync's job, as the running daemon tells it.
  [[nodiscard]] boost::json::object job() const;
  [[nodiscard]] std::string state() const;
  // Until the job is done or dead; returns its state then, or at the limit.
  [[nodiscard]] std::string wait(ServingDaemon& daemon, std::chrono::seconds limit) const;
  [[nodiscard]] std::uint64_t requests() const;

  DaemonFolder folder;
  SimulatorProcess simulator;
};

}  // namespace tidemark::test
