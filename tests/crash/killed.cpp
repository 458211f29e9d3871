#include <boost/test/unit_test.hpp>
#include <csignal>
#include <thread>

#include "http/async/random.hpp"
#include "tests/crash/sync_on_sockets.hpp"
#include "tests/support/history.hpp"
#include "tests/support/simulation.hpp"

// kill -9 of the real daemon, again and again, while it syncs one member under a tight quota; the
// simulators of another process are the judge.

namespace tidemark::test {

namespace {

constexpr int kills = 50;

std::vector<std::string> arguments(const std::string& commits) {
  return {"--commits",       commits, "--busiest",  "--extras",        "5",    "--quota-graphql",
          "4",               "--window-s", "2",     "--window-anchor", "grid", "--service-ms",
          "12"};
}

// Lives until a moment after its start, or after it began to serve; then it is killed.
void live_and_die(const SyncOnSockets& sync, async::Random& random) {
  Process process(sync.launch());
  const bool at_start = random.below(4) == 0;
  if (!at_start) BOOST_REQUIRE_MESSAGE(process.wait_for_error_text(" serves "), process.errors());
  std::this_thread::sleep_for(std::chrono::microseconds(random.below(120'000)));
  process.signal(SIGKILL);
  BOOST_REQUIRE_MESSAGE(process.wait() == -SIGKILL, "it ended by itself: " << process.errors());
}

void judge(const SyncOnSockets& sync, std::uint64_t deaths) {
  std::uint64_t repeated = 0;
  for (const std::string resource : {"graphql", "core", "openhumans"}) {
    const auto totals = sync.simulator.totals(resource);
    BOOST_TEST(totals.while_blocked == 0U);
    BOOST_TEST(totals.refused_per_window_max <= 1U);
    for (const std::string& repeat : totals.repeats) BOOST_TEST_MESSAGE("repeated: " << repeat);
    repeated += totals.repeated;
  }
  BOOST_TEST_MESSAGE(repeated << " requests were spent twice in " << deaths << " deaths");
  BOOST_TEST(repeated <= deaths);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(killed)

BOOST_AUTO_TEST_CASE(fifty_deaths_cost_a_request_each_at_most_and_change_no_byte) {
  const Folder world;
  HistorySettings history;
  history.commits = 2'000;
  const std::string commits = write_history(world.file("commits.ndjson"), history);
  const SyncOnSockets undisturbed(arguments(commits)), sync(arguments(commits));
  ServingDaemon beside(undisturbed.folder, undisturbed.simulator.settings());
  undisturbed.add_member();
  {
    ServingDaemon first(sync.folder, sync.simulator.settings());
    sync.add_member();
    first.process.signal(SIGKILL);
    first.process.wait();
  }

  async::SeededRandom random(test_seed());
  std::uint64_t asked = sync.requests();
  int lives_with_progress = 0;
  for (int death = 1; death < kills; ++death) {
    live_and_die(sync, random);
    const std::uint64_t now = sync.requests();
    if (now > asked) ++lives_with_progress;
    asked = now;
  }
  BOOST_TEST_MESSAGE(lives_with_progress << " of " << kills << " lives asked something; " << asked
                                         << " requests");
  BOOST_TEST(lives_with_progress >= kills / 3);

  ServingDaemon last(sync.folder, sync.simulator.settings());
  // All those deaths fell into the sync.
  BOOST_TEST(sync.state() != "done");
  BOOST_TEST(sync.wait(last, std::chrono::seconds(60)) == "done");
  BOOST_TEST(undisturbed.wait(beside, std::chrono::seconds(60)) == "done");
  const auto files = undisturbed.simulator.files();
  BOOST_TEST(files.size() > 10U);
  BOOST_TEST((sync.simulator.files() == files));
  judge(sync, kills);
  judge(undisturbed, 0);
  const auto check = sync.folder.run({"check"});
  BOOST_TEST(check.code == 0, check.output << check.errors);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::test
