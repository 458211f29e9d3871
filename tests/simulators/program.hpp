#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulators/github.hpp"
#include "tests/simulators/openhumans.hpp"

namespace tidemark::simulators {

// Both simulators and their admin port on real sockets of 127.0.0.1.
class Program {
 public:
  struct Options {
    std::string commits, one_author;
    std::optional<std::uint64_t> extras_seed;
    int utc_offset_minutes = 0;
    // The graph of who follows whom: from files or from a seed.
    std::string edges, logins;
    std::optional<std::uint64_t> graph_seed;
    std::uint64_t graph_users = 1000, graph_edges = 10'000;
    bool graph_repositories = true;
    std::optional<std::uint64_t> oddities_seed;
    std::vector<std::string> lists;          // NAME=STATE
    std::vector<std::string> github_tokens;  // LOGIN:TOKEN[:SCOPES]
    std::vector<std::string> members, people;
    bool busiest = false;

    GithubSettings github;
    OpenHumansSettings openhumans;
    double window_s = 3600, clock_offset_s = 0;
    std::string window_anchor = "first";
    std::int64_t service_ms = 0;
    // How the app is registered at GitHub; empty and 0: as the simulator has it.
    std::string github_client_id, github_client_secret, github_redirect_uris;
    bool github_app = false, device_flow = true;
    std::int64_t github_access_lifetime_s = 0;
    std::vector<std::string> unverified_logins;
    std::string webhook_ca_file;  // trusted besides the system's, for a webhook with TLS
    std::vector<std::string> github_faults, openhumans_faults;
    std::uint64_t seed = 1;

    std::uint16_t github_port = 0, openhumans_port = 0, admin_port = 0;
    double stop_after_s = 0;
  };

  // Loads the world and binds; throws with what is wrong and how to mend it.
  explicit Program(Options options);
  ~Program();

  // One line of JSON: addresses, clients, members with their tokens.
  [[nodiscard]] std::string greeting() const;
  // Serves until SIGTERM, SIGINT or the time given.
  void run();
  // From any thread; before run() too.
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tidemark::simulators
