#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <string>

#include "daemon/routes/routes.hpp"
#include "http/router.hpp"
#include "storage/rocks/open.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::test {

// The routes with everything real behind them: a store in memory, ledger and runner, on the
// simulated clock. No listener: what HTTP adds is tested with the binary.
class ServiceRoom {
 public:
  ServiceRoom();

  struct Answer {
    unsigned status = 0;
    boost::json::object json;  // empty when the body is none
    std::string body;
    http::Headers headers;
  };
  Answer ask(const std::string& method, const std::string& target, const std::string& body = {});
  Answer get(const std::string& target) { return ask("GET", target); }

  // One transaction on the store behind the routes.
  void write(const std::function<void(storage::Writer&)>& body) { engine->write(body); }
  // A member with both tokens, as POST /v1/members makes one.
  void add_member(const std::string& id);

  Simulation simulation{test_seed()};
  std::unique_ptr<storage::Engine> engine = storage::open_rocks_in_memory();
  std::unique_ptr<storage::Pool> pool = storage::make_inline_pool();
  storage::Store store{*engine, *pool};
  storage::Sealer sealer;
  daemon::Log log{daemon::LogLevel::error, daemon::LogFormat::text};
  jobs::QuotaLedger ledger{simulation.clock(), simulation.random()};
  jobs::Runner runner;
  daemon::EventHub events;
  daemon::RouteServices services;
  http::Router router;
};

}  // namespace tidemark::test
