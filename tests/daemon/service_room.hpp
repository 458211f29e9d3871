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

// The store in memory, on a disk that can be full.
class Disk final : public storage::Engine {
 public:
  void read(const std::function<void(const storage::Reader&)>& body) override {
    memory_->read(body);
  }
  void write(const std::function<void(storage::Writer&)>& body) override {
    if (full) throw storage::DiskFull("0 of 64 MB free");
    memory_->write(body);
  }
  void sync() override { memory_->sync(); }
  [[nodiscard]] Statistics statistics() const override { return memory_->statistics(); }

  bool full = false;

 private:
  std::unique_ptr<storage::Engine> memory_ = storage::open_rocks_in_memory();
};

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
  Answer ask(const std::string& method, const std::string& target, const std::string& body = {},
             const std::string& content_type = {});
  Answer get(const std::string& target) { return ask("GET", target); }

  // One transaction on the store behind the routes.
  void write(std::function<void(storage::Writer&)> body);
  // A member with both tokens, as POST /v1/members makes one.
  void add_member(const std::string& id);

  Simulation simulation{test_seed()};
  std::unique_ptr<Disk> engine = std::make_unique<Disk>();
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
