#include "daemon/events.hpp"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <deque>

namespace tidemark::daemon {

namespace asio = boost::asio;

struct EventHub::Follower {
  Follower(std::list<Follower*>& all_followers, const async::Executor& executor)
      : all(all_followers), timer(executor) {
    all.push_back(this);
  }
  ~Follower() { all.remove(this); }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  void add(std::string chunk) {
    queue.push_back(std::move(chunk));
    if (queue.size() > queue_most) {
      queue.pop_front();
      ++dropped;
    }
    timer.cancel();
  }

  std::list<Follower*>& all;
  asio::steady_timer timer;
  std::deque<std::string> queue;
  std::uint64_t dropped = 0;
};

EventHub::EventHub(async::Milliseconds keep_alive_ms) : keep_alive_ms_(keep_alive_ms) {}
EventHub::~EventHub() = default;

void EventHub::publish(std::string_view type, std::string_view json) {
  const auto chunk = fmt::format("id: {}\nevent: {}\ndata: {}\n\n", next_id_++, type, json);
  for (Follower* follower : followers_) follower->add(chunk);
}

async::Task<void> EventHub::follow(Send send) {
  const async::Executor executor = co_await asio::this_coro::executor;
  Follower self(followers_, executor);
  co_await send(": tidemark events\n\n");
  while (true) {
    while (!self.queue.empty()) {
      if (self.dropped > 0) {
        const auto notice =
            fmt::format("event: dropped\ndata: {{\"events\":{}}}\n\n", self.dropped);
        self.dropped = 0;
        co_await send(notice);
      }
      const std::string chunk = std::move(self.queue.front());
      self.queue.pop_front();
      co_await send(chunk);
    }
    if (closed_) co_return;
    self.timer.expires_after(keep_alive_ms_);
    boost::system::error_code woken;
    co_await self.timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none) {
      throw boost::system::system_error(asio::error::operation_aborted);
    }
    // The comment finds out whether anyone still listens.
    if (!woken) co_await send(": still here\n\n");
  }
}

void EventHub::close() {
  closed_ = true;
  for (Follower* follower : followers_) follower->timer.cancel();
}

std::size_t EventHub::followers() const { return followers_.size(); }

}  // namespace tidemark::daemon
