#include "storage/pool.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace tidemark::storage {
namespace {

namespace asio = boost::asio;

class ThreadPool final : public Pool {
 public:
  ThreadPool(std::size_t threads, std::size_t queue_most) : queue_most_(queue_most) {
    for (std::size_t number = 0; number < threads; ++number) {
      threads_.emplace_back([this] { serve(); });
    }
  }

  ~ThreadPool() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  asio::awaitable<void> run_erased(const std::function<void()>& work) override {
    const std::function<void(Done)> whole = [&work](Done done) {
      std::exception_ptr failure;
      try {
        work();
      } catch (...) {
        failure = std::current_exception();
      }
      done(std::move(failure));
    };
    co_await run_until_done(whole, Admission::bounded);
  }

  asio::awaitable<void> run_until_done(const std::function<void(Done)>& work,
                                       Admission admission) override {
    const std::function<void(Done)> start = [this, &work, admission](Done done) {
      if (!push(Item{work, done}, admission)) done(std::make_exception_ptr(PoolFull()));
    };
    co_await until_done(start);
  }

  [[nodiscard]] std::size_t waiting() const override {
    const std::lock_guard lock(mutex_);
    return queue_.size();
  }

 private:
  // A copy of the work: it may still be returning when its caller is already gone.
  struct Item {
    std::function<void(Done)> work;
    Done done;
  };

  bool push(Item item, Admission admission) {
    {
      const std::lock_guard lock(mutex_);
      if (admission == Admission::bounded && queue_.size() >= queue_most_) return false;
      queue_.push_back(std::move(item));
    }
    changed_.notify_one();
    return true;
  }

  void serve() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      Item item = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      item.work(std::move(item.done));
      item.work = nullptr;
      lock.lock();
    }
  }

  const std::size_t queue_most_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

class InlinePool final : public Pool {
 public:
  asio::awaitable<void> run_erased(const std::function<void()>& work) override {
    co_await asio::post(asio::use_awaitable);
    work();
  }

  asio::awaitable<void> run_until_done(const std::function<void(Done)>& work, Admission) override {
    co_await until_done(work);
  }

  [[nodiscard]] std::size_t waiting() const override { return 0; }
};

}  // namespace

std::unique_ptr<Pool> make_thread_pool(std::size_t threads, std::size_t queue_most) {
  return std::make_unique<ThreadPool>(threads, queue_most);
}

std::unique_ptr<Pool> make_inline_pool() { return std::make_unique<InlinePool>(); }

}  // namespace tidemark::storage
