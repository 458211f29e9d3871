#include "jobs/sign_in/attempts.hpp"

#include <algorithm>

#include "jobs/signal.hpp"

namespace tidemark::jobs::sign_in {

struct Attempts::Queue {
  struct Waiter {
    Waiter(const async::Executor& executor, std::string from)
        : called(executor), address(std::move(from)) {}
    Signal called;
    std::string address;
    bool has_place = false;
  };
  using Line = std::deque<std::shared_ptr<Waiter>>;

  void join(const std::shared_ptr<Waiter>& waiter) {
    Line& line = lines[waiter->address];
    if (line.empty()) turns.push_back(waiter->address);
    line.push_back(waiter);
    ++waiting;
  }
  // The first of the address whose turn it is, which then stands behind all others.
  std::shared_ptr<Waiter> next() {
    const std::string address = std::move(turns.front());
    turns.pop_front();
    const auto found = lines.find(address);
    std::shared_ptr<Waiter> first = std::move(found->second.front());
    found->second.pop_front();
    --waiting;
    if (found->second.empty()) {
      lines.erase(found);
    } else {
      turns.push_back(address);
    }
    return first;
  }
  void give_up(const std::shared_ptr<Waiter>& waiter) {
    const auto found = lines.find(waiter->address);
    if (found == lines.end()) return;
    waiting -= std::erase(found->second, waiter);
    if (!found->second.empty()) return;
    lines.erase(found);
    std::erase(turns, waiter->address);
  }
  void leave() {
    --taken;
    while (waiting > 0 && taken < at_once) {
      const std::shared_ptr<Waiter> called = next();
      called->has_place = true;
      ++taken;
      called->called.set();
    }
  }
  [[nodiscard]] std::size_t waiting_of(const std::string& address) const {
    const auto found = lines.find(address);
    return found == lines.end() ? 0 : found->second.size();
  }

  std::size_t at_once = 0, taken = 0, waiting = 0;
  std::map<std::string, Line> lines;  // by address, none of them empty
  std::deque<std::string> turns;      // addresses with a line
};

Attempts::Attempts(async::Executor executor, async::Clock& clock, AttemptLimits limits)
    : executor_(std::move(executor)), clock_(clock), limits_(limits) {}

Attempts::~Attempts() = default;

Attempts::Place::~Place() {
  if (queue_) queue_->leave();
}

async::Task<std::optional<Attempts::Place>> Attempts::enter(std::string provider,
                                                            std::string address) {
  std::shared_ptr<Queue>& known = queues_[provider];
  if (!known) known = std::make_shared<Queue>();
  known->at_once = limits_.at_once;
  const std::shared_ptr<Queue> queue = known;
  if (queue->taken < queue->at_once) {
    ++queue->taken;
    co_return Place(queue);
  }
  const bool full = queue->waiting >= limits_.waiting_most ||
                    queue->waiting_of(address) >= limits_.waiting_of_address_most;
  if (full) co_return std::nullopt;
  auto waiter = std::make_shared<Queue::Waiter>(executor_, std::move(address));
  queue->join(waiter);
  // However it ends, by cancellation as well: the place is kept, given on, or never taken.
  struct Standing {
    std::shared_ptr<Queue> queue;
    std::shared_ptr<Queue::Waiter> waiter;
    ~Standing() {
      queue->give_up(waiter);
      if (waiter->has_place) queue->leave();
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
