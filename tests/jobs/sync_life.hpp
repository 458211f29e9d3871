#pragma once

#include "http/github/oauth.hpp"
#include "jobs/client_holds.hpp"
#include "jobs/sign_in/services.hpp"
#include "jobs/token_keeper.hpp"
#include "tests/jobs/sync_world.hpp"

namespace tidemark::test {

// One life of the daemon's parts.
struct SyncWorld::Life : LivedParts {
  explicit Life(SyncWorld& world);

  async::Task<void> begin();
  async::Task<void> end();
  async::Task<void> enqueue(const std::string& member);
  async::Task<std::optional<storage::Job>> job(const std::string& member);
  // Until the job is done or dead.
  async::Task<storage::Job> wait(const std::string& member);
  async::Task<storage::Job> sync(const std::string& member);
  // The same for a job of any kind, which may have been removed when it ended.
  async::Task<std::optional<storage::Job>> wait_for(std::string kind, std::string key);
  async::Task<void> pass(async::Milliseconds time) {
    return world.simulation.clock().sleep_for(time);
  }
  [[nodiscard]] jobs::sign_in::SignInServices services();

  SyncWorld& world;
  http::github::OAuth github_oauth;
  http::openhumans::Api openhumans;
  jobs::TokenKeeper tokens;
  jobs::ClientHolds holds;
  jobs::sign_in::Attempts attempts;
  std::vector<std::string> events;
  std::vector<std::string> client_events;  // of the keeper: provider and why
};

}  // namespace tidemark::test
