#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/async/task_group.hpp"
#include "http/client.hpp"
#include "http/net.hpp"
#include "http/server.hpp"
#include "tests/http/wire_peer.hpp"

namespace tidemark::test {

// A real client on real sockets, trusting test_identity().
class WireClient {
 public:
  explicit WireClient(async::Executor executor, http::ClientLimits limits = {});

  // GET with a deadline of ten seconds.
  async::Task<http::Exchanged> get(http::Url url, http::Headers headers = {});
  async::Task<http::Exchanged> send(http::Url url, http::Request request,
                                    http::ExchangeOptions options);
  // What a GET fails with; fails the test when it does not.
  async::Task<http::TransportError> failure(http::Url url, http::ExchangeOptions options = {});

  [[nodiscard]] http::Client& client() { return client_; }
  [[nodiscard]] async::Connector& connector() { return *connector_; }
  [[nodiscard]] async::Clock& clock() { return clock_; }

 private:
  async::RealClock clock_;
  std::unique_ptr<async::Connector> connector_;
  http::Client client_;
};

// Our server on real sockets, with what it reported. Stopped by stop().
class WireServer {
 public:
  WireServer(async::Executor executor, http::Handler handler, http::ServerLimits limits = {},
             http::ListenOn where = local());
  ~WireServer();

  [[nodiscard]] static http::ListenOn local();
  [[nodiscard]] http::Url url(const std::string& target) const;
  // A raw connection, for what no well-behaved client would send.
  async::Task<std::unique_ptr<async::Connection>> connect();
  // Sends these bytes on a fresh connection and returns all that comes until its end.
  async::Task<std::string> converse(std::string bytes);
  async::Task<void> stop(async::Milliseconds grace = async::Milliseconds(0));

  [[nodiscard]] http::Server& server() { return *server_; }
  std::vector<std::string> reports;  // "where: what"

 private:
  async::RealClock clock_;
  http::ListenOn where_;
  std::unique_ptr<async::Connector> connector_;
  std::unique_ptr<http::Server> server_;
  async::TaskGroup tasks_;
};

// Waits until it holds, for two seconds at most.
async::Task<bool> eventually(std::function<bool()> holds);

// One case: the loop, the peer or server, and a client for it. Stops all also when the case fails.
using PeerCase = std::function<async::Task<void>(WirePeer& peer, WireClient& client)>;
void with_peer(WirePeer::Script script, const PeerCase& test, http::ClientLimits limits = {},
               std::optional<http::TlsIdentity> tls = std::nullopt);
using ServerCase = std::function<async::Task<void>(WireServer& server, WireClient& client)>;
void with_server(http::Handler handler, const ServerCase& test, http::ServerLimits limits = {},
                 http::ListenOn where = WireServer::local());

}  // namespace tidemark::test
