#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "http/async/task_group.hpp"
#include "jobs/conclusion.hpp"
#include "jobs/runner.hpp"
#include "jobs/signal.hpp"

namespace tidemark::jobs {

// Private to the runner.
struct Runner::State {
  State(async::Executor executor, storage::Store& its_store, async::Clock& its_clock,
        async::Random& its_random, RunnerSettings its_settings, OnEvent its_on_event);

  // What one look at the store found.
  struct Found {
    std::vector<storage::Job> claimed;
    std::optional<std::int64_t> next_due_ms, next_schedule_ms;
  };

  async::Task<void> loop();
  // One turn of the loop; returns when to look again at the latest.
  async::Task<async::SteadyTime> turn();
  async::Task<void> start_up();
  async::Task<void> prune();
  async::Task<Found> look(std::int64_t now_ms);
  async::Task<void> start(storage::Job job);

  async::Task<void> work(storage::Job job);
  // The end of a run that threw: nullopt when nothing is to be stored of it.
  std::optional<RunResult> judge(const storage::Job& job, const std::exception_ptr& error);
  // Stores it, or owes it when the store cannot take it now.
  async::Task<void> store_end(Conclusion conclusion);
  async::Task<void> try_store(Conclusion conclusion);
  async::Task<void> pay_owed();

  void hold_for_room(const std::string& what);
  void fail_all(std::exception_ptr error);
  [[nodiscard]] bool accepts(const std::string& kind) const;
  [[nodiscard]] std::int64_t now_ms() const;

  storage::Store& store;
  async::Clock& clock;
  async::Random& random;
  RunnerSettings settings;
  OnEvent on_event;

  std::map<std::string, std::unique_ptr<JobKind>> kinds;
  std::map<std::string, std::string> held;  // kind to reason
  std::set<Run*> runs;
  std::size_t active = 0;  // runs that have not ended
  std::deque<Conclusion> owed;
  std::string no_room;         // not empty: nothing is claimed
  async::SteadyTime retry_at;  // the store is not tried before this
  std::size_t finished = 0;    // since the last pruning
  std::exception_ptr fatal;

  bool started_up = false;
  bool looping = false;
  bool stopping = false;
  bool cancelled = false;
  Signal wake;   // for the loop
  Signal ended;  // for stop()
  async::TaskGroup group;
};

}  // namespace tidemark::jobs
