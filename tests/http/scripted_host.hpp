#pragma once

#include <deque>
#include <string>
#include <vector>

#include "http/client.hpp"
#include "http/server.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::test {

// A real server in the simulation that gives the answers written down for it, in their order, and
// remembers what it was asked.
class ScriptedHost {
 public:
  ScriptedHost(Simulation& simulation, const std::string& host) : clock_(simulation.clock()) {
    http::Handler handler = [this](http::Request request, http::Peer) {
      return answer(std::move(request));
    };
    simulation.serve(host, std::move(handler));
  }

  void then(unsigned status, http::Headers headers, std::string body) {
    script_.push_back(http::Response{status, std::move(headers), std::move(body)});
  }
  void then_json(unsigned status, std::string body) {
    then(status, {{"Content-Type", "application/json"}}, std::move(body));
  }
  void delay(async::Milliseconds wait_ms) { wait_ms_ = wait_ms; }

  [[nodiscard]] const std::vector<http::Request>& seen() const { return seen_; }
  [[nodiscard]] std::string header(std::size_t request, std::string_view name) const {
    return std::string(seen_.at(request).headers.find(name).value_or("(none)"));
  }

 private:
  async::Task<http::Reply> answer(http::Request request) {
    seen_.push_back(std::move(request));
    if (wait_ms_.count() > 0) co_await clock_.sleep_for(wait_ms_);
    http::Reply reply;
    reply.response.status = 599;  // nothing was written down
    if (!script_.empty()) {
      reply.response = std::move(script_.front());
      script_.pop_front();
    }
    co_return reply;
  }

  async::Clock& clock_;
  async::Milliseconds wait_ms_{0};
  std::deque<http::Response> script_;
  std::vector<http::Request> seen_;
};

// A client in a simulation.
struct SimulatedClient {
  Simulation simulation{test_seed()};
  http::Client client{simulation.executor(), simulation.clock(), simulation.connector(),
                      http::ClientLimits{}, "tidemark/test"};
};

}  // namespace tidemark::test
