#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>

#include "http/client.hpp"
#include "http/exchange.hpp"

namespace tidemark::http {

class Lease;

// Open connections by endpoint: at most so many each, first come first served.
class ConnectionPool : public std::enable_shared_from_this<ConnectionPool> {
 public:
  ConnectionPool(async::Executor executor, async::Clock& clock, async::Connector& connector,
                 ClientLimits limits);

  // A place, when one is free and nobody waits for it.
  [[nodiscard]] std::optional<Lease> try_acquire(const async::Endpoint& endpoint);
  // Waits for a place; throws TransportError (pool) after the limit.
  async::Task<Lease> acquire(async::Endpoint endpoint);
  // Closes idle connections; those in use are closed when they come back.
  void close();

  [[nodiscard]] Client::Statistics statistics() const;

 private:
  friend class Lease;

  struct Idle {
    Wire wire;
    async::SteadyTime since;
  };
  struct Waiter {
    explicit Waiter(const async::Executor& executor)
        : wake(executor, boost::asio::steady_timer::time_point::max()) {}
    boost::asio::steady_timer wake;  // never expires: its cancellation is the signal
    bool granted = false;
  };
  struct Place {
    std::size_t in_use = 0;  // leases, each with at most one connection
    std::deque<Idle> idle;   // the oldest first
    std::list<Waiter*> waiters;
  };
  using Places = std::map<async::Endpoint, Place>;

  async::Task<void> wait_in_line(Waiter& waiter, async::Endpoint endpoint);
  static async::Task<void> stand(Waiter& waiter);
  void release(const async::Endpoint& endpoint, std::optional<Wire> wire);
  void hand_over(Places::iterator place);
  void drop_expired();
  void drop_oldest_idle();

  async::Executor executor_;
  async::Clock& clock_;
  async::Connector& connector_;
  ClientLimits limits_;
  Places places_;
  std::size_t idle_ = 0, waiting_ = 0, leased_connections_ = 0;
  std::uint64_t connects_ = 0;
  bool closed_ = false;
};

// The right to one connection of an endpoint. Whatever was not given back with keep() is closed:
// an exchange that ends early never leaves a half-used connection behind.
class Lease {
 public:
  Lease(std::shared_ptr<ConnectionPool> pool, async::Endpoint endpoint)
      : pool_(std::move(pool)), endpoint_(std::move(endpoint)) {}
  Lease(Lease&& other) noexcept = default;
  Lease& operator=(Lease&&) = delete;
  ~Lease();

  // Takes the kept-alive connection used last; false when there is none. `surely` leaves out those
  // that the peer has closed as far as can be told without sending.
  [[nodiscard]] bool take_idle(bool surely);
  // Opens a fresh one in place of what was there.
  async::Task<void> connect(async::Deadline deadline);
  [[nodiscard]] Wire& wire() { return *wire_; }
  void keep() { keep_ = true; }

 private:
  void set_wire(std::optional<Wire> wire);

  std::shared_ptr<ConnectionPool> pool_;
  async::Endpoint endpoint_;
  std::optional<Wire> wire_;
  bool keep_ = false;
};

}  // namespace tidemark::http
