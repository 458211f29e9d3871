#include "tests/jobs/sync_life.hpp"

#include <boost/test/unit_test.hpp>

#include "jobs/leave/leave_job.hpp"
#include "jobs/sign_in/connect_job.hpp"

namespace tidemark::test {
namespace {

http::github::OAuthSettings github_oauth_settings(const SyncWorld& world) {
  http::github::OAuthSettings settings;
  settings.web_url = "https://github.test";
  settings.api_url = "https://api.github.test";
  settings.client_id = "Iv1.tidemark";
  settings.client_secret = world.github_client_secret;
  return settings;
}

http::openhumans::ApiSettings openhumans_settings(const SyncWorld& world) {
  http::openhumans::ApiSettings settings;
  settings.url = "https://openhumans.test";
  settings.client_id = "tidemark";
  settings.client_secret = world.openhumans_client_secret;
  return settings;
}

}  // namespace

SyncWorld::Life::Life(SyncWorld& owner)
    : LivedParts(owner,
                 [this](const storage::Job& job, const std::string& what) {
                   events.push_back(job.kind + " " + job.key + ": " + what);
                 }),
      world(owner),
      github_oauth(client, owner.simulation.clock(), github_oauth_settings(owner)),
      openhumans(client, owner.simulation.clock(), openhumans_settings(owner)),
      tokens(owner.simulation.executor(), store, owner.sealer, owner.simulation.clock(), openhumans,
             github_oauth,
             [this](const std::string& provider, const std::string& why) {
               client_events.push_back(provider + ": " + why);
               holds.set(provider, why);
             }),
      holds(runner),
      attempts(owner.simulation.executor(), owner.simulation.clock()) {}

async::Task<void> SyncWorld::Life::begin() {
  jobs::sync::SyncServices services{store,  world.sealer,  world.simulation.clock(),
                                    github, openhumans,    ledger,
                                    tokens, world.settings};
  runner.add(jobs::sync::make_sync_job(services));
  runner.add(jobs::sync::make_sweep_job(world.simulation.clock(), std::chrono::hours(96)));
  runner.add(jobs::sign_in::make_connect_job(this->services()));
  runner.add(jobs::sign_in::make_tidy_job(this->services()));
  runner.add(jobs::leave::make_leave_job(this->services()));
  runner.add(jobs::leave::make_disconnect_job(this->services()));
  co_await begin_runner();
}

async::Task<void> SyncWorld::Life::end() {
  const std::exception_ptr error = co_await stop_runner();
  co_await tokens.stop(soon());
  co_await join();
  if (error) std::rethrow_exception(error);
}

async::Task<void> SyncWorld::Life::enqueue(const std::string& member) {
  const std::int64_t now_ms = world.simulation.clock().wall_now().time_since_epoch().count();
  auto put = [&](storage::Writer& writer) {
    storage::Job job;
    job.kind = "sync";
    job.key = member;
    storage::enqueue_job(writer, std::move(job), now_ms);
  };
  co_await store.write(storage::Durability::soon, std::move(put));
  runner.wake();
}

async::Task<std::optional<storage::Job>> SyncWorld::Life::job(const std::string& member) {
  auto find = [&](const storage::Reader& reader) {
    return storage::find_job(reader, "sync", member);
  };
  co_return co_await store.read(std::move(find));
}

async::Task<storage::Job> SyncWorld::Life::wait(const std::string& member) {
  while (true) {
    const std::optional<storage::Job> found = co_await job(member);
    if (found &&
        (found->state == storage::JobState::done || found->state == storage::JobState::dead)) {
      co_return *found;
    }
    co_await world.simulation.clock().sleep_for(std::chrono::milliseconds(50));
  }
}

async::Task<std::optional<storage::Job>> SyncWorld::Life::wait_for(std::string kind,
                                                                   std::string key) {
  while (true) {
    auto find = [&](const storage::Reader& reader) { return storage::find_job(reader, kind, key); };
    std::optional<storage::Job> found = co_await store.read(std::move(find));
    const bool over = !found || found->state == storage::JobState::done ||
                      found->state == storage::JobState::dead;
    if (over) co_return found;
    co_await pass(std::chrono::milliseconds(50));
  }
}

jobs::sign_in::SignInServices SyncWorld::Life::services() {
  return {store,  world.sealer, world.simulation.clock(), github, github_oauth, openhumans, ledger,
          tokens, attempts};
}

async::Task<storage::Job> SyncWorld::Life::sync(const std::string& member) {
  co_await enqueue(member);
  co_return co_await wait(member);
}

}  // namespace tidemark::test
