#include "daemon/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstring>

#include "tests/support/folder.hpp"

namespace tidemark::daemon {

namespace {

// systemd's end of the protocol.
class Manager {
 public:
  explicit Manager(const std::string& name) : file_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name.starts_with('@')) address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    BOOST_REQUIRE_EQUAL(::bind(file_, reinterpret_cast<sockaddr*>(&address), length), 0);
  }
  ~Manager() { ::close(file_); }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  std::string next() {
    char buffer[4096];
    const auto size = ::recv(file_, buffer, sizeof(buffer), MSG_DONTWAIT);
    return size < 0 ? "" : std::string(buffer, static_cast<std::size_t>(size));
  }

 private:
  int file_;
};

void tells_everything(const std::string& name) {
  Manager manager(name);
  const Notifier notifier(name.c_str());
  BOOST_TEST(notifier.active());
  notifier.ready("serving");
  BOOST_TEST(manager.next() == "READY=1\nSTATUS=serving");
  notifier.status("two\nlines would be two fields");
  BOOST_TEST(manager.next() == "STATUS=two lines would be two fields");
  notifier.watchdog();
  BOOST_TEST(manager.next() == "WATCHDOG=1");
  notifier.reloading();
  BOOST_TEST(manager.next().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  notifier.stopping();
  BOOST_TEST(manager.next() == "STOPPING=1");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(notify)

BOOST_AUTO_TEST_CASE(it_speaks_to_a_socket_in_the_file_system) {
  const test::Folder folder;
  tells_everything(folder.file("notify"));
}

BOOST_AUTO_TEST_CASE(it_speaks_to_an_abstract_socket) {
  tells_everything("@tidemark-test-" + std::to_string(::getpid()));
}

BOOST_AUTO_TEST_CASE(without_a_manager_it_does_nothing) {
  for (const char* name : {static_cast<const char*>(nullptr), "", "@", "relative", "/nowhere/x"}) {
    const Notifier notifier(name);
    BOOST_TEST(!notifier.active());
    notifier.ready("nobody hears");
  }
}

BOOST_AUTO_TEST_CASE(the_watchdog_hears_from_us_twice_in_its_time) {
  BOOST_TEST(watchdog_every_ms("30000000", nullptr, 7).value() == 15'000);
  BOOST_TEST(watchdog_every_ms("30000000", "7", 7).value() == 15'000);
  BOOST_TEST(watchdog_every_ms("10", "7", 7).value() == 1);
  BOOST_TEST(!watchdog_every_ms("30000000", "8", 7));  // it means another process
  BOOST_TEST(!watchdog_every_ms(nullptr, nullptr, 7));
  BOOST_TEST(!watchdog_every_ms("0", nullptr, 7));
  BOOST_TEST(!watchdog_every_ms("soon", nullptr, 7));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
