#include "tests/support/simulated_network.hpp"

#include <utility>

#include "http/client.hpp"
#include "tests/support/chance.hpp"
#include "tests/support/simulated_pipe.hpp"

namespace tidemark::test {

namespace {

using Step = http::TransportError::Step;

// Keeps the function that serves alive for as long as it serves: a host may be replaced meanwhile.
async::Task<void> serve_one(std::shared_ptr<const SimulatedNetwork::Serve> serve,
                            std::unique_ptr<async::Connection> connection) {
  co_await (*serve)(std::move(connection));
}

}  // namespace

void SimulatedNetwork::add_host(const std::string& host, Serve serve) {
  hosts_[host] = std::make_shared<const Serve>(std::move(serve));
}

async::Task<std::unique_ptr<async::Connection>> SimulatedNetwork::connect(
    async::Endpoint endpoint, async::Deadline deadline) {
  const std::string where = "simulated " + endpoint.host + ":" + endpoint.port;
  auto found = hosts_.find(endpoint.host);
  if (found == hosts_.end()) {
    throw http::TransportError(
        Step::resolve, where + ": no such host; register it with Simulation::serve before the run");
  }
  std::shared_ptr<const Serve> serve = found->second;

  const async::SteadyTime connected = loop_.steady_now() + 2 * latency_;
  if (deadline.at <= connected) {
    co_await loop_.sleep_until(deadline.at);
    throw http::TransportError(Step::connect, where + ": no connection before the deadline");
  }
  co_await loop_.sleep_until(connected);
  if (happens(random_, faults_.refuse)) {
    throw http::TransportError(Step::connect, where + ": refused, as the simulation's faults say");
  }
  PipeEnds ends = make_pipe(loop_, random_, {latency_, endpoint.tls, faults_.cut_answer});
  async::Task<void> serving = serve_one(std::move(serve), std::move(ends.answering));
  if (!tasks_.spawn("connection to " + where, std::move(serving))) {
    throw http::TransportError(Step::connect, where + ": refused, too many connections are open");
  }
  co_return std::move(ends.asking);
}

}  // namespace tidemark::test
