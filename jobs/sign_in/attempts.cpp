#include "jobs/sign_in/attempts.hpp"

#include <algorithm>

#include "jobs/signal.hpp"

namespace tidemark::jobs::sign_in {

struct Attempts::Queue {
  struct Waiter {
    explicit Waiter(const async::Executor& executor) : called(executor) {}
    Signal called;
    bool has_place = false;
  };

  void leave() {
    --taken;
    while (!waiting.empty() && taken < at_once) {
      const std::shared_ptr<Waiter> next = std::move(waiting.front());
      waiting.pop_front();
      next->has_place = true;
      ++taken;
      next->called.set();
    }
  }

  std::size_t at_once = 0, taken = 0;
  std::deque<std::shared_ptr<Waiter>> waiting;
};

Attempts::Attempts(async::Executor executor, async::Clock& clock, AttemptLimits limits)
    : executor_(std::move(executor)), clock_(clock), limits_(limits) {}

Attempts::~Attempts() = default;

Attempts::Place::~Place() {
  if (queue_) queue_->leave();
}

async::Task<std::optional<Attempts::Place>> Attempts::enter(std::string provider) {
  std::shared_ptr<Queue>& known = queues_[provider];
  if (!known) known = std::make_shared<Queue>();
  known->at_once = limits_.at_once;
  const std::shared_ptr<Queue> queue = known;
  if (queue->taken < queue->at_once) {
    ++queue->taken;
    co_return Place(queue);
  }
  if (queue->waiting.size() >= limits_.waiting_most) co_return std::nullopt;
  auto waiter = std::make_shared<Queue::Waiter>(executor_);
  queue->waiting.push_back(waiter);
  // However it ends, by cancellation as well: the place is kept, given on, or never taken.
  struct Standing {
    std::shared_ptr<Queue> queue;
    std::shared_ptr<Queue::Waiter> waiter;
    ~Standing() {
      if (waiter->has_place) queue->leave();
      std::erase(queue->waiting, waiter);
    }
  };
  Standing standing{queue, waiter};
  co_await waiter->called.wait_until(clock_, clock_.steady_now() + limits_.wait_most);
  if (!waiter->has_place) co_return std::nullopt;
  waiter->has_place = false;  // it is the caller's from here on
  co_return Place(queue);
}

void Attempts::refuse(const std::string& digest, std::int64_t state_expires_ms) {
  if (!refused_.emplace(digest, state_expires_ms).second) return;
  order_.push_back(digest);
  while (!order_.empty()) {
    const bool over = refused_.at(order_.front()) <= now_ms();
    if (!over && order_.size() <= limits_.kept_most) return;
    refused_.erase(order_.front());
    order_.pop_front();
  }
}

bool Attempts::was_refused(const std::string& digest) const { return refused_.contains(digest); }

}  // namespace tidemark::jobs::sign_in
