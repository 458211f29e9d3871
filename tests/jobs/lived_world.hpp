#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "http/async/task_group.hpp"
#include "http/client.hpp"
#include "http/github/api.hpp"
#include "jobs/ledger.hpp"
#include "jobs/runner.hpp"
#include "storage/jobs.hpp"
#include "storage/rocks/open.hpp"
#include "storage/store.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::test {

// What the worlds of all jobs share: a store that outlives the daemon's lives, on simulated time.
class LivedWorld {
 public:
  explicit LivedWorld(std::uint64_t seed);

  // Simulated time passes without a daemon.
  void pass(async::Milliseconds time);
  // All of the store with 0 problems, as `tidemark check` would say.
  void check();

  Simulation simulation;
  std::unique_ptr<storage::Engine> engine;
};

// The parts of the daemon that every life has. It knows only what the store knows.
class LivedParts {
 public:
  using Event = std::function<void(const storage::Job& job, const std::string& what)>;
  LivedParts(LivedWorld& world, Event event);

  // After the jobs have been added.
  async::Task<void> begin_runner();
  // What went wrong, when the test does not mean to kill the store.
  async::Task<std::exception_ptr> stop_runner();
  async::Task<void> join();
  [[nodiscard]] async::Deadline soon();

 private:
  LivedWorld& lived_;

 public:
  std::unique_ptr<storage::Pool> pool;
  storage::Store store;
  http::Client client;
  http::github::Api github;
  jobs::QuotaLedger ledger;
  jobs::Runner runner;
  async::TaskGroup tasks;
  bool mortal = false;  // the runner may end with an error: the test kills the store
};

// One life: runs `body` beside the runner, then ends it.
template <class World>
void live_once(World& world, const std::function<async::Task<void>(typename World::Life&)>& body) {
  world.simulation.run([&]() -> async::Task<void> {
    typename World::Life life(world);
    co_await life.begin();
    std::exception_ptr error;
    try {
      co_await body(life);
    } catch (...) {
      error = std::current_exception();
    }
    co_await life.end();
    if (error) std::rethrow_exception(error);
  });
}

}  // namespace tidemark::test
