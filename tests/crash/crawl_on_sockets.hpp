#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/binary/daemon_process.hpp"
#include "tests/binary/simulator_process.hpp"

namespace tidemark::test {

// A graph as numbers; everybody who is there, with the login.
struct KnownGraph {
  using Pairs = std::set<std::pair<std::uint64_t, std::uint64_t>>;
  std::map<std::uint64_t, std::string> users;
  Pairs follows;       // from, to
  Pairs repositories;  // owner, repository
  friend bool operator==(const KnownGraph&, const KnownGraph&) = default;
};
// Names what differs, if anything does.
void expect_same(const KnownGraph& found, const KnownGraph& truth);

// What all lives of a crawl spent, as the simulators count it.
struct Spent {
  SimulatorProcess::Totals graphql, core;
  std::uint64_t pages_repeated = 0;  // of accounts' lists, whatever else the question asked
  [[nodiscard]] std::uint64_t asked() const { return graphql.requests + core.requests; }
  [[nodiscard]] std::uint64_t repeated() const { return graphql.repeated + core.repeated; }
  [[nodiscard]] std::uint64_t while_blocked() const {
    return graphql.while_blocked + core.while_blocked;
  }
};

// The crawl between the real programs: a folder that outlives the daemon's lives, and a GitHub of
// its own that everybody in its graph can be reached in from one seed.
class CrawlOnSockets {
 public:
  // The simulator's arguments; without a token everything is read by REST.
  CrawlOnSockets(std::vector<std::string> arguments, bool with_token);

  // One of each, but a celebrity of so many followers.
  void plant_oddities(std::uint64_t celebrity_followers) const;
  [[nodiscard]] Launch launch() const { return folder.launch({"serve"}, settings()); }
  [[nodiscard]] std::vector<std::string> settings() const;
  void name_seed() const;  // to a running daemon
  [[nodiscard]] std::string state() const;
  // Until the crawl's job is done or dead; returns its state then, or at the limit.
  [[nodiscard]] std::string wait(ServingDaemon& daemon, std::chrono::seconds limit) const;

  [[nodiscard]] KnownGraph truth() const;
  [[nodiscard]] KnownGraph exported() const;  // by a running daemon
  [[nodiscard]] Spent spent() const;
  // While no daemon runs: problems of the store, and lists that are called complete and lack
  // something or hold what is not there. Counts the complete ones.
  [[nodiscard]] std::vector<std::string> problems(const KnownGraph& truth,
                                                  std::size_t& complete) const;

  DaemonFolder folder;
  SimulatorProcess simulator;

 private:
  bool with_token_;
};

}  // namespace tidemark::test
