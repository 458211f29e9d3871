#include "tests/jobs/lived_world.hpp"

#include <boost/test/unit_test.hpp>

#include "storage/check.hpp"
#include "storage/migrations.hpp"
#include "storage/quota.hpp"

namespace tidemark::test {
namespace {

http::github::ApiSettings github_settings() {
  http::github::ApiSettings settings;
  settings.api_url = "https://api.github.test";
  settings.graphql_url = "https://api.github.test/graphql";
  return settings;
}

}  // namespace

LivedWorld::LivedWorld(std::uint64_t seed)
    : simulation(seed), engine(storage::open_rocks_in_memory()) {
  (void)storage::migrate(*engine, storage::migrations(), "memory");
}

void LivedWorld::pass(async::Milliseconds time) {
  simulation.run([&]() -> async::Task<void> { co_await simulation.clock().sleep_for(time); });
}

void LivedWorld::check() {
  engine->read([&](const storage::Reader& reader) {
    const storage::CheckReport report = storage::check_store(reader);
    for (const std::string& problem : report.problems) BOOST_TEST(false, problem);
  });
}

LivedParts::LivedParts(LivedWorld& world, Event event)
    : lived_(world),
      pool(storage::make_inline_pool()),
      store(*world.engine, *pool),
      client(world.simulation.executor(), world.simulation.clock(), world.simulation.connector(),
             http::ClientLimits{}, "tidemark-test"),
      github(client, world.simulation.clock(), github_settings()),
      ledger(world.simulation.clock(), world.simulation.random()),
      runner(world.simulation.executor(), store, world.simulation.clock(),
             world.simulation.random(), jobs::RunnerSettings{}, std::move(event)),
      tasks(world.simulation.executor(), 8,
            [this](const std::string& name, std::exception_ptr error) {
              try {
                std::rethrow_exception(error);
              } catch (const std::exception& what) {
                if (!mortal) BOOST_TEST(false, name << " failed: " << what.what());
              }
            }) {}

async::Task<void> LivedParts::begin_runner() {
  auto list = [](const storage::Reader& reader) { return storage::list_quotas(reader); };
  ledger.load(co_await store.read(std::move(list)));
  if (!tasks.spawn("runner", runner.run())) throw std::logic_error("no place for the runner");
}

async::Task<std::exception_ptr> LivedParts::stop_runner() {
  std::exception_ptr error;
  try {
    co_await runner.stop(soon());
  } catch (const std::exception&) {
    error = std::current_exception();
  }
  co_return mortal ? nullptr : error;
}

async::Task<void> LivedParts::join() {
  tasks.cancel();
  co_await tasks.join();
  client.close();
}

async::Deadline LivedParts::soon() {
  return async::Deadline::after(lived_.simulation.clock(), std::chrono::seconds(5));
}

}  // namespace tidemark::test
