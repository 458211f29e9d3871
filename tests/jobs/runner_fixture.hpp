#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "http/async/task_group.hpp"
#include "jobs/runner.hpp"
#include "storage/jobs.hpp"
#include "storage/rocks/open.hpp"
#include "storage/schedules.hpp"
#include "storage/store.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::test {

// The store in memory, with a disk that can be full or broken.
class FaultyEngine final : public storage::Engine {
 public:
  void read(const std::function<void(const storage::Reader&)>& body) override {
    inner_->read(body);
  }
  void write(const std::function<void(storage::Writer&)>& body) override {
    if (broken) throw storage::StoreError("the disk is broken");
    if (full) throw storage::DiskFull("0 of 64 MB free");
    inner_->write(body);
    ++writes;
  }
  void sync() override { inner_->sync(); }
  Statistics statistics() const override { return inner_->statistics(); }

  bool full = false, broken = false;
  std::uint64_t writes = 0;

 private:
  std::unique_ptr<storage::Engine> inner_ = storage::open_rocks_in_memory();
};

class KindOf final : public jobs::JobKind {
 public:
  using Body = std::function<async::Task<jobs::RunResult>(jobs::Run& run)>;
  KindOf(std::string name, Body body) : name_(std::move(name)), body_(std::move(body)) {}
  std::string name() const override { return name_; }
  async::Task<jobs::RunResult> run(jobs::Run& run) override { return body_(run); }

 private:
  std::string name_;
  Body body_;
};

// A simulated daemon with nothing but jobs. `live` starts its runner, and stops it after the body.
struct Workshop {
  using Body = KindOf::Body;

  explicit Workshop(std::uint64_t seed = test_seed()) : simulation(seed) { renew(); }

  // As after a crash: the store is what remains.
  void renew() {
    auto note = [this](const storage::Job& job, const std::string& what) {
      events.push_back(job.key + ": " + what);
    };
    runner = std::make_unique<jobs::Runner>(simulation.executor(), store, simulation.clock(),
                                            simulation.random(), settings, std::move(note));
  }
  void add(const std::string& kind, Body body) {
    runner->add(std::make_unique<KindOf>(kind, std::move(body)));
  }
  void live(std::function<async::Task<void>()> body);

  async::Clock& clock() { return simulation.clock(); }
  std::int64_t now_ms() { return clock().wall_now().time_since_epoch().count(); }
  async::Task<void> sleep_ms(std::int64_t duration_ms) {
    return clock().sleep_for(async::Milliseconds(duration_ms));
  }
  async::Task<void> until(std::function<bool()> happened);
  async::Task<storage::Enqueued> enqueue(std::string kind, std::string key,
                                         std::uint32_t priority = 50, std::int64_t due_ms = 0);
  async::Task<storage::Job> job(std::string kind, std::string key);
  async::Task<storage::JobCounts> counts();

  Simulation simulation;
  FaultyEngine engine;
  std::unique_ptr<storage::Pool> pool = storage::make_inline_pool();
  storage::Store store{engine, *pool};
  jobs::RunnerSettings settings;
  std::vector<std::string> events;
  std::unique_ptr<jobs::Runner> runner;
};

}  // namespace tidemark::test
