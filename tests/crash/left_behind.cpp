#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "http/async/random.hpp"
#include "storage/purge.hpp"
#include "storage/rocks/families.hpp"
#include "storage/rocks/open.hpp"
#include "tests/binary/site_on_sockets.hpp"
#include "tests/support/run.hpp"
#include "tests/support/simulation.hpp"
#include "tests/support/traces.hpp"

// Members leave the real daemon, which is killed a moment later. Then the files of its store are
// read, byte by byte and table by table.

namespace tidemark::test {

namespace {

const std::vector<std::string> nowhere;
const std::string headline = "redesign of the secret lighthouse";
const std::vector<std::string> texts = {"00000042", "mona", headline};

std::string commits(const DaemonFolder& folder, const std::string& login,
                    const std::string& subject) {
  std::string lines;
  for (int i = 1; i <= 40; ++i) {
    const auto when = fmt::format("2025-{:02}-{:02}T10:00:00+00:00", 1 + i % 12, 1 + i % 28);
    lines += fmt::format(R"({{"repo":"{0}/one","sha":"{1:040x}","author":"{0}","authored":"{2}",)"
                         R"("committed":"{2}","merge":false,"additions":3,"deletions":1,)"
                         R"("subject":"{3}"}})",
                         login, i, when, subject);
    lines += '\n';
  }
  return folder.write("commits.ndjson", lines);
}

struct LeftBehind {
  LeftBehind()
      : site({"--commits", commits(world, "mona", headline), "--person", "00000042", "--person",
              "00000050", "--fault", R"({"kind":"slow","path":"/user","delay_ms":1})"}) {}

  void arrive(Person& person) {
    Browser::Page page;
    run([&]() -> async::Task<void> {
      (void)co_await person.sign_in();
      page = co_await person.connect();
    });
    BOOST_TEST(Person::is_connected(page), page.body.substr(0, 1'000));
    site.wait_until("weeks", [&] {
      return site.state(person.id()) == "active" && site.job_state("sync", person.id()) == "done";
    });
  }
  void press_delete(Person& person) {
    run([&]() -> async::Task<void> {
      (void)co_await person.press("/member/delete", {{"remove_files", "yes"}});
    });
  }
  void wait_until_gone(const std::string& id) {
    site.wait_until("the end of leaving", [&] { return site.state(id) == "gone"; });
    site.wait_until("the end of tidying", [&] { return site.job_state("tidy", "all") == "done"; });
  }
  [[nodiscard]] std::vector<std::string> traces_of_mona() const {
    return traces_in(site.folder.file("store"), texts);
  }
  [[nodiscard]] bool is_owed() const {
    bool owed = false;
    storage::open_rocks(site.folder.file("store"), {})->read([&](const storage::Reader& reader) {
      owed = storage::is_purge_owed(reader);
    });
    return owed;
  }

  DaemonFolder world;
  SiteOnSockets site;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(left_behind)

BOOST_AUTO_TEST_CASE(who_left_is_in_no_file_of_the_store_though_the_daemon_was_killed) {
  LeftBehind all;
  async::SeededRandom random(test_seed());
  int owed = 0;
  for (int round = 0; round < 6; ++round) {
    all.site.start();
    Person mona = all.site.person("00000042", "mona");
    all.arrive(mona);
    for (const auto& text : texts) {
      BOOST_TEST(!traces_in(all.site.folder.file("store"), {text}).empty(), text << " is nowhere");
    }
    all.press_delete(mona);
    // As soon as the store says so, or a moment later.
    all.site.wait_until("the end of leaving", [&] { return all.site.state("00000042") == "gone"; });
    std::this_thread::sleep_for(std::chrono::microseconds(round < 2 ? 0U : random.below(60'000)));
    all.site.die();
    if (all.is_owed()) ++owed;
    all.site.start();
    all.wait_until_gone("00000042");
    BOOST_TEST(all.traces_of_mona() == nowhere, boost::test_tools::per_element());
    all.site.stop();
    BOOST_TEST(all.traces_of_mona() == nowhere, boost::test_tools::per_element());
    BOOST_TEST(!all.is_owed());
    BOOST_TEST(all.traces_of_mona() == nowhere, boost::test_tools::per_element());
  }
  BOOST_TEST_MESSAGE(owed << " of 6 deaths came before the end of the purge");
  const auto check = all.site.folder.run({"check"});
  BOOST_TEST(check.code == 0, check.output << check.errors);
}

BOOST_AUTO_TEST_CASE(whom_the_operator_removed_is_in_no_file_of_the_store) {
  LeftBehind all;
  all.site.start();
  Person mona = all.site.person("00000042", "mona");
  all.arrive(mona);
  const auto removed = all.site.folder.run({"members", "remove", "00000042"});
  BOOST_TEST(removed.code == 0, removed.output << removed.errors);
  all.wait_until_gone("00000042");
  BOOST_TEST(all.traces_of_mona() == nowhere, boost::test_tools::per_element());
  all.site.stop();
  BOOST_TEST(all.traces_of_mona() == nowhere, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::test
