#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <thread>

#include "tests/binary/sync_on_sockets.hpp"
#include "tests/crash/small_disk.hpp"
#include "tests/support/history.hpp"

// The disk of the real daemon's store fills up in the middle of a sync.

namespace tidemark::test {

namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t disk_bytes = std::uint64_t{64} << 20;

template <class Condition>
bool soon(Condition condition, milliseconds limit = milliseconds(20'000)) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(milliseconds(20));
  }
  return true;
}

std::vector<std::string> arguments(const std::string& commits) {
  return {"--commits", commits,      "--busiest", "--extras",        "5",    "--quota-graphql",
          "15",        "--window-s", "1",         "--window-anchor", "grid", "--service-ms",
          "20"};
}

std::string text_of(const boost::json::object& object, std::string_view key) {
  const boost::json::value& value = object.at(key);
  return value.is_string() ? std::string(value.as_string()) : std::string();
}

std::string wait_reason(const boost::json::object& job) {
  const boost::json::value& wait = job.at("wait");
  return wait.is_object() ? text_of(wait.get_object(), "reason") : std::string();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// What a person sees while there is no room: why, where, and what to do.
void look_at_full_disk(const SyncOnSockets& sync, const std::string& store) {
  const std::string socket = sync.folder.file("control.sock");
  BOOST_TEST(soon([&] { return contains(wait_reason(sync.job()), "no room"); }),
             "the job is not suspended: " << sync.state() << ", " << wait_reason(sync.job()));
  const boost::json::object job = sync.job();
  BOOST_TEST(text_of(job, "state") == "waiting");
  BOOST_TEST(contains(wait_reason(job), store), wait_reason(job));
  BOOST_TEST(contains(wait_reason(job), "make room on that file system"), wait_reason(job));
  const std::uint64_t asked = sync.requests();
  for (int look = 0; look < 10; ++look) {
    const HttpAnswer status = ask(socket, "GET", "/v1/status");
    BOOST_REQUIRE(status.status == 200);
    BOOST_TEST(contains(text_of(status.json, "held"), store), status.body);
    std::this_thread::sleep_for(milliseconds(100));
  }
  BOOST_TEST(sync.requests() == asked, "quota is spent on what cannot be stored");
  const HttpAnswer refused =
      ask(socket, "POST", "/v1/members/" + sync.simulator.member() + "/sync");
  BOOST_TEST(refused.status == 507);
  BOOST_TEST(contains(refused.body, "no restart is needed"), refused.body);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(full_disk, *boost::unit_test::precondition(SmallDisk::possible))

// With a reserve the daemon sees it coming; with hardly any, a write may fail half-way.
BOOST_DATA_TEST_CASE(a_sync_waits_for_room_and_goes_on_by_itself,
                     boost::unit_test::data::make({8, 1}), reserve_mb) {
  const Folder world;
  HistorySettings history;
  history.commits = 800;
  history.from_s = 1'451'606'400;  // 2016-01-01
  const std::string commits = write_history(world.file("commits.ndjson"), history);
  const SyncOnSockets undisturbed(arguments(commits)), sync(arguments(commits));
  ServingDaemon beside(undisturbed.folder, undisturbed.simulator.settings());
  undisturbed.add_member();

  const SmallDisk disk(disk_bytes);
  auto settings = sync.simulator.settings();
  settings.push_back("store.path=" + disk.file("store"));
  settings.push_back("store.free_mb_min=" + std::to_string(reserve_mb));
  ServingDaemon daemon(sync.folder, settings);
  sync.add_member();
  BOOST_REQUIRE(soon([&] { return sync.simulator.totals("graphql").requests >= 3; }));
  BOOST_REQUIRE(sync.state() != "done");
  disk.fill();
  look_at_full_disk(sync, disk.file("store"));
  disk.empty();

  BOOST_TEST(sync.wait(daemon, std::chrono::seconds(60)) == "done");
  BOOST_TEST(daemon.process.running());
  BOOST_TEST(undisturbed.wait(beside, std::chrono::seconds(60)) == "done");
  BOOST_TEST((sync.simulator.files() == undisturbed.simulator.files()));
  BOOST_TEST(text_of(ask(sync.folder.file("control.sock"), "GET", "/v1/status").json, "held") ==
             "");
  const auto check = sync.folder.run({"check"});
  BOOST_TEST(check.code == 0, check.output << check.errors);
}

BOOST_AUTO_TEST_CASE(an_export_without_room_says_so_and_leaves_nothing) {
  const DaemonFolder folder;
  const ServingDaemon daemon(folder);
  const SmallDisk disk(std::uint64_t{1} << 20);
  disk.fill();
  const auto finished =
      folder.run({"graph", "export", "--format", "graphml", "--output", disk.file("graph.xml")});
  BOOST_TEST(finished.code == 1);
  BOOST_TEST(contains(finished.errors, "graph.xml: No space left on device"), finished.errors);
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(disk.path()), {}) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::test
