#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "jobs/discovery/crawl.hpp"
#include "jobs/discovery/discovery_job.hpp"
#include "jobs/discovery/services.hpp"
#include "storage/graph/edges.hpp"
#include "storage/graph/user.hpp"
#include "tests/jobs/lived_world.hpp"
#include "tests/simulators/github.hpp"

namespace tidemark::test {

// GitHub with a graph of people, and the parts of the daemon that the crawl needs.
class DiscoveryWorld : public LivedWorld {
 public:
  using UserId = storage::graph::UserId;

  explicit DiscoveryWorld(simulators::GithubSettings settings = {}, std::uint64_t seed = 1);
  ~DiscoveryWorld();

  // Accounts u0, u1 … of which each follows some: everybody is reached from u0.
  void make_people(std::size_t count, std::size_t follows, std::uint64_t seed = 7);
  void follow(const std::string& from, const std::string& to);
  void unfollow(const std::string& from, const std::string& to);
  void name_seed(const std::string& login, std::uint32_t depth_most = 0);

  // One life of the daemon: runs `body` beside the runner, then stops it.
  struct Life;
  void live(const std::function<async::Task<void>(Life&)>& body);
  // Enqueues the crawl and waits until its job is done or dead, at most so long.
  storage::Job crawl(async::Milliseconds most = std::chrono::hours(24 * 30));

  // What is stored, and what there is to be found: whoever can be reached from the seeds.
  struct Known {
    std::map<UserId, std::string> users;  // of people, by login
    std::set<storage::graph::Edge> follows;
    std::set<std::uint64_t> repositories;
    friend bool operator==(const Known&, const Known&) = default;
  };
  [[nodiscard]] Known known();
  [[nodiscard]] Known truth(const std::vector<std::string>& seeds,
                            std::uint32_t depth_most = 1'000) const;
  // Names what differs, a few of each.
  void expect(const Known& truth);
  [[nodiscard]] storage::graph::User user(const std::string& login);
  [[nodiscard]] std::size_t lists_in(storage::graph::ListState state);
  [[nodiscard]] jobs::discovery::Crawl cursor();
  [[nodiscard]] const simulators::LedgerLine& spent(const std::string& resource) const;
  // What the whole graph costs at least: 40 accounts a point, 149 further pages a point.
  [[nodiscard]] double ideal_points(const Known& truth) const;

  simulators::World world;
  simulators::GithubSimulator github;
  jobs::discovery::DiscoverySettings settings;
  std::string token;  // empty: anonymous
  std::function<void(const http::Request&)> before_github;
  // Changes what GitHub answers, on its way to the daemon.
  std::function<void(const http::Request&, http::Response&)> after_github;

 private:
  simulators::Account* operator_account_ = nullptr;
};

// One life of the daemon's parts.
struct DiscoveryWorld::Life : LivedParts {
  explicit Life(DiscoveryWorld& world);

  async::Task<void> begin();
  async::Task<void> end();
  async::Task<void> enqueue();
  async::Task<std::optional<storage::Job>> job();

  DiscoveryWorld& world;
};

}  // namespace tidemark::test
