#include "http/server.hpp"

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <list>
#include <utility>

#include "http/address_count.hpp"
#include "http/forwarded.hpp"
#include "http/listener.hpp"
#include "http/session.hpp"
#include "http/sockets.hpp"
#include "http/tls_context.hpp"

namespace tidemark::http {

namespace asio = boost::asio;

namespace {

constexpr async::Milliseconds accept_pause{100};
// Connections that were closed to make room end a moment later.
constexpr std::size_t connections_ending_max = 16;

// A connection as stop() sees it: its TLS handshake first, then its session.
struct Live {
  async::SteadyTime since;
  async::Connection* handshaking = nullptr;
  Session* session = nullptr;

  // Since when the peer has been silent, or not done with its request.
  [[nodiscard]] async::SteadyTime waits_since() const { return session ? session->since() : since; }
  void close() const {
    if (handshaking) handshaking->close();
    if (session) session->close();
  }
};

void report(const OnServerError& on_error, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& thrown) {
    on_error("connection", thrown.what());
  } catch (...) {
    on_error("connection", "something that is no std::exception was thrown");
  }
}

}  // namespace

struct Server::State {
  State(const async::Executor& its_executor, async::Clock& its_clock, ListenOn its_where,
        ServerLimits its_limits, Handler its_handler, OnServerError its_on_error)
      : executor(its_executor),
        clock(its_clock),
        where(std::move(its_where)),
        limits(std::move(its_limits)),
        handler(std::move(its_handler)),
        on_error(std::move(its_on_error)),
        acceptor(executor),
        emptied(executor, asio::steady_timer::time_point::max()),
        tasks(executor, limits.connections + connections_ending_max,
              [this](const std::string&, const std::exception_ptr& error) {
                if (on_error) report(on_error, error);
              }) {
    if (where.tls) tls.emplace(server_tls_context(*where.tls));
    Listener listener = open_listener(where);
    port = listener.port;
    acceptor.assign(asio::generic::stream_protocol(listener.family, 0), listener.descriptor);
  }

  void stop_accepting() {
    if (!acceptor.is_open()) return;
    boost::system::error_code ignored;
    acceptor.close(ignored);
    if (where.address.starts_with('/')) ::unlink(where.address.c_str());
  }

  async::Task<void> accept_one();
  async::Task<void> serve(Socket socket, AddressCount::Place place);
  async::Task<void> serve_as(std::list<Live>::iterator live, Socket socket);
  async::Task<std::unique_ptr<async::Connection>> secured(std::list<Live>::iterator live,
                                                          Socket socket, std::string peer);
  async::Task<void> all_ended();
  std::optional<AddressCount::Place> place_of(Socket& socket);
  bool make_room();
  void ended(std::list<Live>::iterator live);

  async::Executor executor;
  async::Clock& clock;
  ListenOn where;
  ServerLimits limits;
  Handler handler;
  OnServerError on_error;
  std::optional<asio::ssl::context> tls;
  asio::basic_socket_acceptor<asio::generic::stream_protocol> acceptor;
  std::uint16_t port = 0;
  bool stopping = false;
  std::list<Live> live;
  AddressCount per_address;
  asio::steady_timer emptied;  // never expires: its cancellation says that `live` is empty
  async::TaskGroup tasks;
};

Server::Server(async::Executor executor, async::Clock& clock, ListenOn where, ServerLimits limits,
               Handler handler, OnServerError on_error)
    : state_(std::make_shared<State>(executor, clock, std::move(where), std::move(limits),
                                     std::move(handler), std::move(on_error))) {}

Server::~Server() { state_->stop_accepting(); }

std::uint16_t Server::port() const { return state_->port; }
std::size_t Server::connections() const { return state_->live.size(); }

void Server::reload_tls() {
  if (!state_->where.tls) return;
  // Connections that are there hold the old one until they end.
  *state_->tls = server_tls_context(*state_->where.tls);
}

async::Task<void> Server::run() {
  std::shared_ptr<State> state = state_;
  while (state->acceptor.is_open()) {
    bool failed = false;
    try {
      co_await state->accept_one();
    } catch (const boost::system::system_error& error) {
      bool cancelled = error.code() == asio::error::operation_aborted;
      if (cancelled && state->acceptor.is_open()) throw;
      failed = !cancelled;
      if (failed && state->on_error) state->on_error("accept", error.code().message());
    }
    // Descriptors may have run out: trying again at once would only spin.
    if (failed) co_await state->clock.sleep_for(accept_pause);
  }
}

async::Task<void> Server::State::accept_one() {
  auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
  if (error) throw boost::system::system_error(error);
  if (!acceptor.is_open()) co_return;
  std::optional<AddressCount::Place> place = place_of(socket);
  if (!place || !make_room()) co_return;
  boost::system::error_code unix_sockets_have_no_delay;
  socket.set_option(asio::ip::tcp::no_delay(true), unix_sockets_have_no_delay);
  // Not taken when the group is full or stopped: then the socket closes with the task.
  if (!tasks.spawn("connection", serve(std::move(socket), std::move(*place)))) co_return;
}

// Nothing when the address has its share already. Asked before make_room(), so that one more of the
// same address does not cost another one its connection.
std::optional<AddressCount::Place> Server::State::place_of(Socket& socket) {
  if (limits.connections_per_address == 0) return AddressCount::Place();
  const Peer peer = peer_of(socket.native_handle());
  if (peer.address.starts_with("unix")) return AddressCount::Place();
  const std::string asker = address_without_port(peer.address);
  if (limits.exempt && limits.exempt(asker)) return AddressCount::Place();
  std::string address = limited_address(asker);
  if (per_address.of(address) >= limits.connections_per_address) return std::nullopt;
  return per_address.enter(std::move(address));
}

// At the limit the connection that rested longest goes, else the one that has been sending its
// request, or shaking hands, for longest: half requests from a few addresses must not keep
// everybody out. When all are at work, the new one goes.
bool Server::State::make_room() {
  if (live.size() < limits.connections) return true;
  const auto older = [](const Live* left, const Live& right) {
    return left == nullptr || right.waits_since() < left->waits_since();
  };
  const Live* resting = nullptr;
  const Live* sending = nullptr;
  for (const Live& one : live) {
    if (one.session && one.session->idle()) {
      if (older(resting, one)) resting = &one;
    } else if (one.handshaking || (one.session && one.session->receiving())) {
      if (older(sending, one)) sending = &one;
    }
  }
  if (resting) {
    resting->session->finish_soon();
    return true;
  }
  const bool too_fresh =
      !sending || clock.steady_now() < sending->waits_since() + limits.undisturbed_ms;
  if (too_fresh) return false;
  sending->close();
  return true;
}

async::Task<void> Server::State::serve(Socket socket, [[maybe_unused]] AddressCount::Place place) {
  auto mine = live.insert(live.end(), Live{clock.steady_now()});
  std::exception_ptr failure;
  try {
    co_await serve_as(mine, std::move(socket));
  } catch (const boost::system::system_error&) {
    // The peer went away.
  } catch (const async::DeadlinePassed&) {
    // The peer was too slow.
  } catch (...) {
    failure = std::current_exception();
  }
  ended(mine);
  if (failure) std::rethrow_exception(failure);
}

void Server::State::ended(std::list<Live>::iterator mine) {
  live.erase(mine);
  if (live.empty()) emptied.cancel();
}

async::Task<void> Server::State::serve_as(std::list<Live>::iterator mine, Socket socket) {
  Peer peer = peer_of(socket.native_handle());
  std::unique_ptr<async::Connection> connection;
  if (tls) {
    connection = co_await secured(mine, std::move(socket), peer.address);
  } else {
    connection = plain_connection(std::move(socket), peer.address);
  }
  if (!connection || stopping) co_return;
  Session session(std::move(connection), std::move(peer), clock, limits, handler, on_error);
  mine->session = &session;
  std::exception_ptr failure;
  try {
    co_await session.run();
  } catch (...) {
    failure = std::current_exception();
  }
  mine->session = nullptr;
  if (failure) std::rethrow_exception(failure);
}

// Nothing when there is no TLS session: scanners and plain HTTP are everyday on an open port.
async::Task<std::unique_ptr<async::Connection>> Server::State::secured(
    std::list<Live>::iterator mine, Socket socket, std::string peer) {
  auto connection = tls_server_connection(std::move(socket), *tls, std::move(peer));
  mine->handshaking = connection.get();
  std::exception_ptr failure;
  boost::system::error_code error;
  try {
    auto deadline = async::Deadline::after(clock, limits.header_ms);
    auto shaking = connection->handshake();
    error = co_await async::with_deadline(clock, deadline, "handshake", std::move(shaking));
  } catch (...) {
    failure = std::current_exception();
  }
  mine->handshaking = nullptr;
  if (failure) std::rethrow_exception(failure);
  if (error) co_return nullptr;
  co_return connection;
}

async::Task<void> Server::State::all_ended() {
  if (!live.empty()) co_await emptied.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!live.empty()) throw boost::system::system_error(asio::error::operation_aborted);
}

async::Task<void> Server::stop(async::Deadline deadline) {
  std::shared_ptr<State> state = state_;
  state->stopping = true;
  state->stop_accepting();
  for (const Live& one : state->live) {
    if (one.handshaking) one.handshaking->close();
    if (one.session) one.session->finish_soon();
  }
  std::exception_ptr cancelled;
  try {
    auto ending = state->all_ended();
    co_await async::with_deadline(state->clock, deadline, "stopping", std::move(ending));
  } catch (const async::DeadlinePassed&) {
    // Their time is over.
  } catch (...) {
    cancelled = std::current_exception();
  }
  for (const Live& one : state->live) {
    if (one.session) one.session->close();
  }
  state->tasks.cancel();
  co_await state->tasks.join();
  if (cancelled) std::rethrow_exception(cancelled);
}

}  // namespace tidemark::http
