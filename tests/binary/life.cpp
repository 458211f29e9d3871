#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstring>
#include <thread>

#include "tests/binary/daemon_process.hpp"

namespace tidemark::test {

namespace {

// systemd's end of the notification protocol.
class Manager {
 public:
  explicit Manager(const std::string& path) : file_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    BOOST_REQUIRE_EQUAL(::bind(file_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  ~Manager() { ::close(file_); }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  // Everything that comes until `text` is among it.
  std::string until(const std::string& text) {
    std::string all;
    for (int i = 0; i < 1'000 && all.find(text) == std::string::npos; ++i) {
      char buffer[4096];
      const auto size = ::recv(file_, buffer, sizeof(buffer), MSG_DONTWAIT);
      if (size > 0) all.append(buffer, static_cast<std::size_t>(size)).append("\n");
      if (size <= 0) ::usleep(5'000);
    }
    return all;
  }

 private:
  int file_;
};

// The order in which these words stand in a text; fails the test when one is missing.
void in_order(const std::string& text, const std::vector<std::string>& words) {
  std::size_t at = 0;
  for (const auto& word : words) {
    const auto found = text.find(word, at);
    BOOST_TEST(found != std::string::npos,
               "\"" + word + "\" is missing, or too early, in: " + text);
    if (found != std::string::npos) at = found;
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(life)

BOOST_AUTO_TEST_CASE(systemd_hears_ready_status_watchdog_and_stopping) {
  const DaemonFolder folder;
  Manager manager(folder.file("notify"));
  ServingDaemon daemon(folder, {},
                       {{"NOTIFY_SOCKET", folder.file("notify")}, {"WATCHDOG_USEC", "200000"}});
  manager.until("READY=1\nSTATUS=serving");
  const auto heard = manager.until("STATUS=0 jobs running, 0 waiting");
  BOOST_TEST(heard.find("WATCHDOG=1") != std::string::npos);
  BOOST_TEST(heard.find("STATUS=0 jobs running, 0 waiting") != std::string::npos);
  daemon.process.signal(SIGTERM);
  BOOST_TEST(manager.until("STOPPING=1").find("STOPPING=1") != std::string::npos);
  BOOST_TEST(daemon.process.wait() == 0);
}

BOOST_AUTO_TEST_CASE(sigterm_ends_it_in_the_written_order) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const DaemonFolder folder;
    ServingDaemon daemon(folder);
    daemon.process.signal(signal);
    BOOST_TEST(daemon.process.wait() == 0);
    in_order(daemon.process.errors(),
             {"stopping: got", "stop 1 of 5: no new connections", "stop 2 of 5: 0 running jobs",
              "stop 3 of 5", "stop 4 of 5: the store is flushed", "stop 5 of 5: the store",
              "ended with code 0"});
    BOOST_TEST(!std::filesystem::exists(folder.file("control.sock")));
  }
}

BOOST_AUTO_TEST_CASE(after_kill_9_it_starts_again_by_itself_with_everything_it_had) {
  const DaemonFolder folder;
  {
    ServingDaemon daemon(folder);
    BOOST_REQUIRE_EQUAL(folder.run({"members", "add", "12345678"}, grants).code, 0);
    daemon.process.signal(SIGKILL);
    BOOST_TEST(daemon.process.wait() == -SIGKILL);
    BOOST_TEST(std::filesystem::exists(folder.file("control.sock")));
    BOOST_TEST(folder.run({"status"}).code == 3);
  }
  const ServingDaemon again(folder);
  const auto members = folder.run({"members", "--json"});
  BOOST_TEST(members.output.find("\"12345678\"") != std::string::npos, members.output);
  BOOST_TEST(folder.run({"check"}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_start_takes_little_time) {
  const DaemonFolder folder;
  {
    const ServingDaemon first(folder);
  }
  std::chrono::milliseconds best{1'000'000};
  for (int i = 0; i < 3; ++i) {
    ServingDaemon daemon(folder);
    best = std::min(best, daemon.start_ms);
    daemon.process.signal(SIGTERM);
    daemon.process.wait();
  }
  // 50 ms is the aim of the release build; this one is not optimised and the machine is shared.
  BOOST_TEST_MESSAGE("start to serving: " << best.count() << " ms");
  BOOST_TEST(best.count() < 1'000);
}

BOOST_AUTO_TEST_CASE(sighup_takes_over_live_settings_and_refuses_bad_ones) {
  const DaemonFolder folder;
  folder.write("tidemark.toml", "[log]\nlevel = \"info\"\n");
  Launch launch = folder.launch({"serve", "--config", folder.file("tidemark.toml")});
  Process daemon(launch);
  BOOST_REQUIRE(daemon.wait_for_error_text(" serves "));
  folder.write("tidemark.toml", "[log]\nlevel = \"loud\"\n");
  daemon.signal(SIGHUP);
  BOOST_TEST(daemon.wait_for_error_text("reload refused, the old settings stay"));
  folder.write("tidemark.toml", "[log]\nlevel = \"debug\"\n[jobs]\nconcurrency = 3\n");
  daemon.signal(SIGHUP);
  BOOST_TEST(daemon.wait_for_error_text("reload: log.level = \"debug\""));
  BOOST_TEST(
      daemon.wait_for_error_text("reload: jobs.concurrency = 3 (takes effect at the next start)"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::test
