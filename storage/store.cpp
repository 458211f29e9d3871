#include "storage/store.hpp"

#include <mutex>
#include <vector>

namespace tidemark::storage {

namespace {

// Also what failed counts: some of it may be visible.
class Counted {
 public:
  explicit Counted(std::atomic<std::uint64_t>& count) : count_(count) {}
  ~Counted() { ++count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::atomic<std::uint64_t>& count_;
};

}  // namespace

// Whoever comes while nobody syncs does it for all who wait, again and again until nobody waits;
// the others only leave their name. Shared, because the last one woken may destroy the store while
// the one who syncs is still returning.
class Store::GroupCommit {
 public:
  explicit GroupCommit(Engine& engine) : engine_(engine) {}

  // On a thread of the pool; calls `done` when all that was written before this call is on disk.
  void join(Done done) {
    std::unique_lock lock(mutex_);
    waiting_.push_back(std::move(done));
    if (syncing_) return;
    syncing_ = true;
    while (!waiting_.empty()) {
      const std::vector<Done> covered = std::move(waiting_);
      waiting_.clear();
      lock.unlock();
      const std::exception_ptr failure = sync();
      for (const Done& each : covered) each(failure);
      lock.lock();
    }
    syncing_ = false;
  }

 private:
  std::exception_ptr sync() {
    try {
      engine_.sync();
    } catch (...) {
      return std::current_exception();
    }
    return nullptr;
  }

  Engine& engine_;
  std::mutex mutex_;
  std::vector<Done> waiting_;
  bool syncing_ = false;
};

Store::Store(Engine& engine, Pool& pool)
    : engine_(engine), pool_(pool), group_commit_(std::make_shared<GroupCommit>(engine)) {}

Store::~Store() = default;

boost::asio::awaitable<void> Store::commit(Durability durability,
                                           const std::function<void()>& write) {
  const std::function<void()> work = [this, &write] {
    const Counted counted(writes_);
    write();
  };
  if (durability == Durability::soon) {
    co_await pool_.run_erased(work);
    co_return;
  }
  const std::function<void(Done)> write_and_sync = [&work, group = group_commit_](Done done) {
    // The closure may die while the group syncs: `done` lets the awaiting coroutine go on.
    const auto kept = group;  // NOLINT(performance-unnecessary-copy-initialization)
    try {
      work();
    } catch (...) {
      done(std::current_exception());
      return;
    }
    kept->join(std::move(done));
  };
  co_await pool_.run_until_done(write_and_sync, Pool::Admission::bounded);
}

boost::asio::awaitable<void> Store::write_from_reserve(std::function<void(Writer&)> body) {
  const std::function<void()> work = [this, &body] { engine_.write_from_reserve(body); };
  co_await commit(Durability::now, work);
}

boost::asio::awaitable<void> Store::synced() {
  const std::function<void(Done)> sync = [group = group_commit_](Done done) {
    const auto kept = group;  // NOLINT(performance-unnecessary-copy-initialization): as above
    kept->join(std::move(done));
  };
  co_await pool_.run_until_done(sync, Pool::Admission::always);
}

}  // namespace tidemark::storage
