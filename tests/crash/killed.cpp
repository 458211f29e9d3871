#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <thread>

#include "http/async/random.hpp"
#include "tests/binary/sync_on_sockets.hpp"
#include "tests/support/history.hpp"
#include "tests/support/simulation.hpp"

// kill -9 of the real daemon, again and again, while it syncs one member under a tight quota; the
// simulators of another process are the judge.

namespace tidemark::test {

namespace {

constexpr int kills = 50, more_most = 25;

// Answers take long enough for kills to fall between question and answer, and the quota lets the
// sync last longer than all lives together.
std::vector<std::string> arguments(const std::string& commits) {
  return {"--commits", commits,      "--busiest", "--extras",        "5",    "--quota-graphql",
          "6",         "--window-s", "1",         "--window-anchor", "grid", "--service-ms",
          "25"};
}

// What all lives of a sync asked so far.
struct Asked {
  explicit Asked(const SimulatorProcess& simulator) {
    for (const std::string resource : {"graphql", "core", "openhumans"}) {
      const auto totals = simulator.totals(resource);
      (resource == "openhumans" ? uploads : questions) += totals.requests;
      repeated += totals.repeated;
      while_blocked += totals.while_blocked;
      refused_per_window_max = std::max(refused_per_window_max, totals.refused_per_window_max);
      for (const std::string& repeat : totals.repeats) repeats.push_back(repeat.substr(0, 200));
    }
  }
  std::uint64_t questions = 0, uploads = 0, repeated = 0, while_blocked = 0;
  std::uint64_t refused_per_window_max = 0;
  std::vector<std::string> repeats;
};

// Lives until a moment after it began to serve, or seldom while it is starting.
void live_and_die(const SyncOnSockets& sync, async::Random& random) {
  Process process(sync.launch());
  if (random.below(8) != 0) {
    BOOST_REQUIRE_MESSAGE(process.wait_for_error_text(" serves "), process.errors());
  }
  std::this_thread::sleep_for(std::chrono::microseconds(random.below(240'000)));
  process.signal(SIGKILL);
  BOOST_REQUIRE_MESSAGE(process.wait() == -SIGKILL, "it ended by itself: " << process.errors());
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
  Asked before(sync.simulator);
  int asking = 0, uploading = 0, neither = 0;
  int deaths = 1;
  // On a busy machine fewer lives come as far as uploading: a few more of them then.
  for (; deaths < kills || (uploading < 2 && deaths < kills + more_most); ++deaths) {
    live_and_die(sync, random);
    Asked now(sync.simulator);
    if (now.questions > before.questions) ++asking;
    if (now.uploads > before.uploads) ++uploading;
    if (now.questions + now.uploads == before.questions + before.uploads) ++neither;
    before = std::move(now);
  }
  BOOST_TEST_MESSAGE("of " << deaths << " lives " << asking << " asked GitHub, " << uploading
                           << " uploaded, " << neither << " waited for quota or were starting");
  // Deaths fell into every part of the sync.
  BOOST_TEST(asking >= 7);
  BOOST_TEST(uploading >= 2);
  BOOST_TEST(neither >= 3);

  ServingDaemon last(sync.folder, sync.simulator.settings());
  BOOST_TEST(sync.wait(last, std::chrono::seconds(60)) == "done");
  BOOST_TEST(undisturbed.wait(beside, std::chrono::seconds(60)) == "done");
  const auto files = undisturbed.simulator.files();
  BOOST_TEST(files.size() > 10U);
  BOOST_TEST((sync.simulator.files() == files));

  const Asked all(sync.simulator), calm(undisturbed.simulator);
  for (const std::string& repeat : all.repeats) BOOST_TEST_MESSAGE("repeated: " << repeat);
  BOOST_TEST_MESSAGE(all.repeated << " requests were spent twice in " << deaths << " deaths, "
                                  << all.while_blocked << " refusals died unheard");
  // A refusal that died with the process on its way was not known: what is asked again is the one
  // request that the death may cost.
  BOOST_TEST(all.repeated + all.while_blocked <= static_cast<std::uint64_t>(deaths));
  // The last life was not killed: it asks for what the one before it did not hear, and no more.
  BOOST_TEST(all.while_blocked <= before.while_blocked + 1);
  BOOST_TEST(calm.repeated + calm.while_blocked == 0U);
  BOOST_TEST(calm.refused_per_window_max <= 1U);
  const auto check = sync.folder.run({"check"});
  BOOST_TEST(check.code == 0, check.output << check.errors);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::test
