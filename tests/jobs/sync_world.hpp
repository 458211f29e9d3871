#pragma once

#include <functional>
#include <map>
#include <string>

#include "jobs/sync/sync_job.hpp"
#include "storage/members.hpp"
#include "storage/seal.hpp"
#include "tests/jobs/lived_world.hpp"
#include "tests/simulators/github.hpp"
#include "tests/simulators/openhumans.hpp"

namespace tidemark::test {

// Both simulated upstreams, and the parts of the daemon that a sync needs.
class SyncWorld : public LivedWorld {
 public:
  explicit SyncWorld(simulators::GithubSettings settings = {}, std::uint64_t seed = 1);
  ~SyncWorld();

  // Makes the account's tokens at both upstreams and the member in the store.
  void add_member(const std::string& id, const std::string& login);

  // One life of the daemon: runs `body` beside the runner, then stops it.
  struct Life;
  void live(const std::function<async::Task<void>(Life&)>& body);
  // Enqueues a sync and waits until its job is done or dead.
  storage::Job sync(const std::string& member);
  // A lost disk: the member's tokens are kept, all else is gone.
  void lose_store(const std::string& member);

  // What a reader of the member's files at Open Humans sees.
  struct SeenCommit {
    std::string week;
    std::int64_t additions = 0, deletions = 0;
    friend bool operator==(const SeenCommit&, const SeenCommit&) = default;
  };
  struct Seen {
    std::map<std::string, SeenCommit> commits;      // by sha
    std::map<std::string, std::size_t> weeks;       // how often each week stands in a file
    std::map<std::string, std::string> incomplete;  // week → reason
    std::size_t issues = 0, pull_requests = 0, reviews = 0, repositories = 0, days = 0;
  };
  [[nodiscard]] Seen seen(const std::string& member) const;
  // The same, counted from the simulated world alone, with libc's idea of ISO weeks.
  [[nodiscard]] std::map<std::string, SeenCommit> expected(const std::string& login,
                                                           const std::string& before_week) const;
  [[nodiscard]] std::map<std::string, std::string> file_bytes(const std::string& member) const;
  [[nodiscard]] storage::Member member(const std::string& id);
  [[nodiscard]] std::string this_week() const;  // by libc

  simulators::World world;
  simulators::GithubSimulator github;
  simulators::OpenHumansSimulator openhumans;
  storage::Sealer sealer;
  jobs::sync::SyncSettings settings;
  // What the daemon believes its client secrets to be.
  std::string github_client_secret = "simulated-secret";
  std::string openhumans_client_secret = "simulated-secret";
  using Hook = std::function<void(const http::Request&)>;
  Hook before_github;     // at each question to GitHub, while its points are reserved
  Hook after_openhumans;  // after each answer of Open Humans: what a reader sees then

 private:
  async::Task<http::Reply> reply(const http::Handler& handler, Hook SyncWorld::* before,
                                 Hook SyncWorld::* after, http::Request request, http::Peer peer);
};

[[nodiscard]] std::string libc_week(std::int64_t unix_s);

}  // namespace tidemark::test
