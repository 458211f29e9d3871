#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "http/async/clock.hpp"
#include "http/async/task.hpp"

namespace tidemark::daemon {

// Hands what happens to everyone who follows /v1/events. On the I/O thread. A follower who reads
// too slowly loses the oldest events and is told so; the publisher never waits.
class EventHub {
 public:
  using Send = std::function<async::Task<void>(std::string_view chunk)>;

  explicit EventHub(async::Milliseconds keep_alive_ms = async::Milliseconds(15'000));
  ~EventHub();

  // `json` must be one line.
  void publish(std::string_view type, std::string_view json);
  // Sends events as text/event-stream until the hub is closed or sending fails.
  async::Task<void> follow(Send send);
  // Ends every follower after what is queued: the first step of a shutdown.
  void close();

  [[nodiscard]] std::size_t followers() const;
  [[nodiscard]] bool full() const { return followers() >= followers_most; }

  static constexpr std::size_t followers_most = 32;
  static constexpr std::size_t queue_most = 256;

 private:
  struct Follower;
  std::list<Follower*> followers_;
  std::uint64_t next_id_ = 1;
  bool closed_ = false;
  async::Milliseconds keep_alive_ms_;
};

}  // namespace tidemark::daemon
