#include "http/net.hpp"

#include <fmt/format.h>
#include <sys/un.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "http/address_cache.hpp"
#include "http/client.hpp"
#include "http/sockets.hpp"
#include "http/tls_context.hpp"

namespace tidemark::http {

namespace asio = boost::asio;

namespace {

using Step = TransportError::Step;
using GenericEndpoint = asio::generic::stream_protocol::endpoint;

async::Task<void> connect_socket(Socket& socket, GenericEndpoint endpoint) {
  auto [error] = co_await socket.async_connect(endpoint, asio::as_tuple(asio::use_awaitable));
  if (error) throw boost::system::system_error(error);
}

async::Task<void> shake_hands(TlsConnection& connection, std::string name) {
  boost::system::error_code error = co_await connection.handshake();
  if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
  if (!error) co_return;
  std::string problem = connection.verify_problem();
  if (!problem.empty()) {
    throw TransportError(
        Step::handshake,
        fmt::format("{}: the certificate is refused: {}. If this is your own server, trust its "
                    "authority; otherwise somebody may be in between",
                    name, problem));
  }
  throw TransportError(Step::handshake,
                       fmt::format("{}: no TLS session: {}. Does this port speak TLS 1.2 or newer?",
                                   name, error.message()));
}

class NetConnector final : public async::Connector {
 public:
  NetConnector(async::Executor executor, async::Clock& clock, const TlsTrust& trust)
      : executor_(executor), clock_(clock), addresses_(std::move(executor), clock), trust_(trust) {
    if (!trust.ca_file.empty()) (void)tls();  // a file that cannot be read is said at the start
  }

  async::Task<std::unique_ptr<async::Connection>> connect(async::Endpoint endpoint,
                                                          async::Deadline deadline) override;

 private:
  async::Task<std::vector<GenericEndpoint>> candidates(async::Endpoint endpoint,
                                                       async::Deadline deadline);
  async::Task<Socket> connect_to_any(async::Endpoint endpoint, async::Deadline deadline);
  async::Deadline share(async::Deadline deadline, std::size_t parts) const;
  // Made at the first use: the system's authorities take longer to read than all else at a start,
  // and a control socket needs none.
  asio::ssl::context& tls() {
    if (!tls_) tls_.emplace(client_tls_context(trust_));
    return *tls_;
  }

  async::Executor executor_;
  async::Clock& clock_;
  AddressCache addresses_;
  TlsTrust trust_;
  std::optional<asio::ssl::context> tls_;
};

std::string name_of(const async::Endpoint& endpoint) {
  if (endpoint.host.starts_with('/')) return endpoint.host;
  return endpoint.host + ":" + endpoint.port;
}

std::string text_of(const GenericEndpoint& endpoint) {
  if (endpoint.protocol().family() == AF_UNIX) return "the socket";
  asio::ip::tcp::endpoint tcp;
  tcp.resize(endpoint.size());
  std::copy_n(reinterpret_cast<const char*>(endpoint.data()), endpoint.size(),
              reinterpret_cast<char*>(tcp.data()));
  return tcp.address().to_string();
}

GenericEndpoint unix_endpoint(const std::string& path) {
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    throw TransportError(Step::resolve, fmt::format("{}: a socket's path may have at most {} bytes",
                                                    path, sizeof(sockaddr_un::sun_path) - 1));
  }
  return asio::local::stream_protocol::endpoint(path);
}

// What is left of the deadline, split so that one dead address leaves time for the next.
async::Deadline NetConnector::share(async::Deadline deadline, std::size_t parts) const {
  if (deadline.at == async::Deadline::none().at) return deadline;
  auto now = clock_.steady_now();
  auto left = std::max(deadline.at - now, std::chrono::nanoseconds(0));
  return async::Deadline{now + left / static_cast<std::int64_t>(parts)};
}

async::Task<std::vector<GenericEndpoint>> NetConnector::candidates(async::Endpoint endpoint,
                                                                   async::Deadline deadline) {
  std::vector<GenericEndpoint> found;
  if (endpoint.host.starts_with('/')) {
    found.push_back(unix_endpoint(endpoint.host));
    co_return found;
  }
  std::uint16_t port = 0;
  std::from_chars(endpoint.port.data(), endpoint.port.data() + endpoint.port.size(), port);
  if (port == 0) {
    throw TransportError(Step::resolve, name_of(endpoint) + ": the port is no number above 0");
  }
  try {
    auto look_up = addresses_.look_up(endpoint.host);
    auto addresses = co_await async::with_deadline(clock_, deadline, "look-up", std::move(look_up));
    for (const auto& address : addresses) {
      found.emplace_back(asio::ip::tcp::endpoint(address, port));
    }
  } catch (const async::DeadlinePassed&) {
    throw TransportError(Step::resolve, name_of(endpoint) + ": the name look-up took too long");
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;
    throw TransportError(Step::resolve, fmt::format("{}: the name cannot be resolved: {}",
                                                    name_of(endpoint), error.code().message()));
  }
  co_return found;
}

async::Task<Socket> NetConnector::connect_to_any(async::Endpoint endpoint,
                                                 async::Deadline deadline) {
  auto candidates_found = co_await candidates(endpoint, deadline);
  std::string failures;
  for (std::size_t at = 0; at < candidates_found.size(); ++at) {
    const GenericEndpoint& candidate = candidates_found[at];
    Socket socket(executor_);
    std::string failure;
    try {
      async::Deadline limit = share(deadline, candidates_found.size() - at);
      auto connecting = connect_socket(socket, candidate);
      co_await async::with_deadline(clock_, limit, "connecting", std::move(connecting));
      boost::system::error_code unix_sockets_have_no_delay;
      socket.set_option(asio::ip::tcp::no_delay(true), unix_sockets_have_no_delay);
      co_return socket;
    } catch (const async::DeadlinePassed&) {
      failure = "no answer in time";
    } catch (const boost::system::system_error& error) {
      if (error.code() == asio::error::operation_aborted) throw;
      failure = error.code().message();
    }
    failures += fmt::format("{}{}: {}", failures.empty() ? "" : "; ", text_of(candidate), failure);
  }
  addresses_.forget(endpoint.host);
  throw TransportError(Step::connect,
                       fmt::format("{}: cannot connect: {}", name_of(endpoint), failures));
}

async::Task<std::unique_ptr<async::Connection>> NetConnector::connect(async::Endpoint endpoint,
                                                                      async::Deadline deadline) {
  Socket socket = co_await connect_to_any(endpoint, deadline);
  std::string name = name_of(endpoint);
  if (!endpoint.tls) co_return plain_connection(std::move(socket), name);
  auto secured = tls_client_connection(std::move(socket), tls(), endpoint.host, name);
  try {
    auto shaking = shake_hands(*secured, name);
    co_await async::with_deadline(clock_, deadline, "handshake", std::move(shaking));
  } catch (const async::DeadlinePassed&) {
    throw TransportError(Step::handshake, name + ": the TLS handshake took too long");
  }
  co_return secured;
}

}  // namespace

std::unique_ptr<async::Connector> make_connector(async::Executor executor, async::Clock& clock,
                                                 const TlsTrust& trust) {
  return std::make_unique<NetConnector>(std::move(executor), clock, trust);
}

}  // namespace tidemark::http
