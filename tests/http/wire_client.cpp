#include "tests/http/wire_client.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <stdexcept>

#include "tests/support/run.hpp"

namespace tidemark::test {

namespace {

http::TlsTrust trust() { return http::TlsTrust{test_identity().certificate_file}; }

}  // namespace

WireClient::WireClient(async::Executor executor, http::ClientLimits limits)
    : connector_(http::make_connector(executor, clock_, trust())),
      client_(executor, clock_, *connector_, limits, "tidemark-test") {}

async::Task<http::Exchanged> WireClient::get(http::Url url, http::Headers headers) {
  http::Request request;
  request.headers = std::move(headers);
  http::ExchangeOptions options;
  options.idempotent = true;
  return send(std::move(url), std::move(request), options);
}

async::Task<http::Exchanged> WireClient::send(http::Url url, http::Request request,
                                              http::ExchangeOptions options) {
  auto limit = async::Deadline::after(clock_, async::Milliseconds(10'000));
  options.deadline.at = std::min(options.deadline.at, limit.at);
  return client_.exchange(std::move(url), std::move(request), options);
}

async::Task<http::TransportError> WireClient::failure(http::Url url,
                                                      http::ExchangeOptions options) {
  std::optional<http::TransportError> thrown;
  try {
    http::Request request;
    co_await send(std::move(url), std::move(request), options);
  } catch (const http::TransportError& error) {
    thrown = error;
  }
  if (!thrown) throw std::runtime_error("the exchange should have failed, but did not");
  co_return *thrown;
}

http::ListenOn WireServer::local() {
  http::ListenOn where;
  where.address = "127.0.0.1";
  return where;
}

WireServer::WireServer(async::Executor executor, http::Handler handler, http::ServerLimits limits,
                       http::ListenOn where)
    : where_(where),
      connector_(http::make_connector(executor, clock_, trust())),
      server_(
          std::make_unique<http::Server>(executor, clock_, where, limits, std::move(handler),
                                         [this](const std::string& place, const std::string& what) {
                                           reports.push_back(place + ": " + what);
                                         })),
      tasks_(executor, 1, [](const std::string&, const std::exception_ptr&) {}) {
  if (!tasks_.spawn("server", server_->run())) throw std::runtime_error("cannot run the server");
}

WireServer::~WireServer() = default;

http::Url WireServer::url(const std::string& target) const {
  http::Url url;
  url.endpoint.tls = where_.tls.has_value();
  url.endpoint.host = url.endpoint.tls ? "localhost" : where_.address;
  url.endpoint.port = std::to_string(server_->port());
  url.target = target;
  return url;
}

async::Task<std::unique_ptr<async::Connection>> WireServer::connect() {
  auto deadline = async::Deadline::after(clock_, async::Milliseconds(5'000));
  return connector_->connect(url("/").endpoint, deadline);
}

async::Task<std::string> WireServer::converse(std::string bytes) {
  auto connection = co_await connect();
  co_await connection->write(bytes);
  co_return co_await read_to_end(*connection);
}

async::Task<void> WireServer::stop(async::Milliseconds grace) {
  auto deadline = async::Deadline::after(clock_, grace);
  co_await server_->stop(deadline);
  co_await tasks_.join();
}

async::Task<bool> eventually(std::function<bool()> holds) {
  async::RealClock clock;
  for (int tries = 0; tries < 400; ++tries) {
    if (holds()) co_return true;
    co_await clock.sleep_for(async::Milliseconds(5));
  }
  co_return false;
}

namespace {

// Stops also when the case fails, so that its message is not lost in a crash.
template <class Stoppable, class Case>
async::Task<void> run_case(Stoppable& server, WireClient& client, const Case& test) {
  std::exception_ptr failure;
  try {
    co_await test(server, client);
  } catch (...) {
    failure = std::current_exception();
  }
  co_await server.stop();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

void with_peer(WirePeer::Script script, const PeerCase& test, http::ClientLimits limits,
               std::optional<http::TlsIdentity> tls) {
  run([&]() -> async::Task<void> {
    auto executor = co_await boost::asio::this_coro::executor;
    WirePeer peer(executor, std::move(script), std::move(tls));
    WireClient client(executor, limits);
    co_await run_case(peer, client, test);
  });
}

void with_server(http::Handler handler, const ServerCase& test, http::ServerLimits limits,
                 http::ListenOn where) {
  run([&]() -> async::Task<void> {
    auto executor = co_await boost::asio::this_coro::executor;
    WireServer server(executor, std::move(handler), limits, std::move(where));
    WireClient client(executor);
    co_await run_case(server, client, test);
  });
}

}  // namespace tidemark::test
