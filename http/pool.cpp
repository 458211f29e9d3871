#include "http/pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

namespace tidemark::http {

namespace asio = boost::asio;

ConnectionPool::ConnectionPool(async::Executor executor, async::Clock& clock,
                               async::Connector& connector, ClientLimits limits)
    : executor_(std::move(executor)), clock_(clock), connector_(connector), limits_(limits) {}

std::optional<Lease> ConnectionPool::try_acquire(const async::Endpoint& endpoint) {
  drop_expired();
  Place& place = places_[endpoint];
  bool free = place.in_use < limits_.connections_per_endpoint && place.waiters.empty();
  if (!free) return std::nullopt;
  ++place.in_use;
  return Lease(shared_from_this(), endpoint);
}

async::Task<Lease> ConnectionPool::acquire(async::Endpoint endpoint) {
  Waiter waiter(executor_);
  auto self = shared_from_this();
  std::exception_ptr failure;
  try {
    co_await wait_in_line(waiter, endpoint);
  } catch (const async::DeadlinePassed&) {
    // A place granted at the same moment is taken all the same.
  } catch (...) {
    failure = std::current_exception();
  }
  if (waiter.granted) {
    Lease lease(self, std::move(endpoint));
    if (failure) std::rethrow_exception(failure);
    co_return lease;
  }
  if (failure) std::rethrow_exception(failure);
  throw TransportError(
      TransportError::Step::pool,
      fmt::format("{}:{}: no connection became free within {} ms: all {} are in use", endpoint.host,
                  endpoint.port, limits_.queue_ms.count(), limits_.connections_per_endpoint));
}

async::Task<void> ConnectionPool::stand(Waiter& waiter) {
  // Granted before the wait began: then nobody will signal any more.
  if (!waiter.granted) co_await waiter.wake.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!waiter.granted) throw boost::system::system_error(asio::error::operation_aborted);
}

async::Task<void> ConnectionPool::wait_in_line(Waiter& waiter, async::Endpoint endpoint) {
  Place& place = places_[endpoint];  // stays while we stand in line
  auto position = place.waiters.insert(place.waiters.end(), &waiter);
  ++waiting_;
  std::exception_ptr failure;
  try {
    auto deadline = async::Deadline::after(clock_, limits_.queue_ms);
    co_await async::with_deadline(clock_, deadline, "waiting for a connection", stand(waiter));
  } catch (...) {
    failure = std::current_exception();
  }
  --waiting_;
  if (!waiter.granted) place.waiters.erase(position);
  if (failure) std::rethrow_exception(failure);
}

void ConnectionPool::release(const async::Endpoint& endpoint, std::optional<Wire> wire) {
  auto place = places_.find(endpoint);
  --place->second.in_use;
  if (wire && !closed_ && limits_.idle_connections > 0) {
    place->second.idle.push_back(Idle{std::move(*wire), clock_.steady_now()});
    if (++idle_ > limits_.idle_connections) drop_oldest_idle();
  }
  hand_over(place);
}

void ConnectionPool::hand_over(Places::iterator place) {
  Place& here = place->second;
  if (here.waiters.empty()) {
    if (here.in_use == 0 && here.idle.empty()) places_.erase(place);
    return;
  }
  Waiter* next = here.waiters.front();
  here.waiters.pop_front();
  ++here.in_use;
  next->granted = true;
  next->wake.cancel();
}

void ConnectionPool::drop_expired() {
  auto oldest = clock_.steady_now() - limits_.idle_connection_ms;
  for (auto place = places_.begin(); place != places_.end();) {
    Place& here = place->second;
    while (!here.idle.empty() && here.idle.front().since <= oldest) {
      here.idle.pop_front();
      --idle_;
    }
    bool unused = here.in_use == 0 && here.idle.empty() && here.waiters.empty();
    place = unused ? places_.erase(place) : std::next(place);
  }
}

void ConnectionPool::drop_oldest_idle() {
  Place* oldest = nullptr;
  for (auto& [endpoint, place] : places_) {
    if (place.idle.empty()) continue;
    if (!oldest || place.idle.front().since < oldest->idle.front().since) oldest = &place;
  }
  // A place left empty by this goes with the next release() or drop_expired().
  oldest->idle.pop_front();
  --idle_;
}

void ConnectionPool::close() {
  closed_ = true;
  for (auto& [endpoint, place] : places_) place.idle.clear();
  idle_ = 0;
  std::erase_if(places_, [](const auto& entry) {
    return entry.second.in_use == 0 && entry.second.waiters.empty();
  });
}

Client::Statistics ConnectionPool::statistics() const {
  Client::Statistics now;
  now.idle = idle_;
  now.open = idle_ + leased_connections_;
  now.waiting = waiting_;
  now.connects = connects_;
  return now;
}

Lease::~Lease() {
  if (!pool_) return;
  if (wire_) --pool_->leased_connections_;
  if (!keep_) wire_.reset();
  pool_->release(endpoint_, std::move(wire_));
}

void Lease::set_wire(std::optional<Wire> wire) {
  if (wire_) --pool_->leased_connections_;
  wire_ = std::move(wire);
  if (wire_) ++pool_->leased_connections_;
}

bool Lease::take_idle(bool surely) {
  // A connection that rested for longer than this is looked at before use: the look costs less
  // than a request sent in vain.
  constexpr async::Milliseconds rested{1'000};
  auto& idle = pool_->places_[endpoint_].idle;
  while (!idle.empty()) {
    ConnectionPool::Idle last = std::move(idle.back());
    idle.pop_back();
    --pool_->idle_;
    bool look = surely || pool_->clock_.steady_now() - last.since > rested;
    if (look && !last.wire.connection->quiet()) continue;
    set_wire(std::move(last.wire));
    return true;
  }
  return false;
}

async::Task<void> Lease::connect(async::Deadline deadline) {
  set_wire(std::nullopt);
  auto limit = async::Deadline::after(pool_->clock_, pool_->limits_.connect_ms);
  limit.at = std::min(limit.at, deadline.at);
  ++pool_->connects_;
  auto connection = co_await pool_->connector_.connect(endpoint_, limit);
  set_wire(Wire{std::move(connection), ReadBuffer()});
}

}  // namespace tidemark::http
