#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>

#include "tests/binary/daemon_process.hpp"

namespace tidemark::test {

namespace {

// A daemon that begins to answer an export, and never ends.
class EndlessExport {
 public:
  explicit EndlessExport(const std::string& path) : listener_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    BOOST_REQUIRE(path.size() < sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    const auto* any = reinterpret_cast<const sockaddr*>(&address);
    BOOST_REQUIRE(::bind(listener_, any, sizeof address) == 0);
    BOOST_REQUIRE(::listen(listener_, 1) == 0);
  }
  ~EndlessExport() {
    ::close(asker_);
    ::close(listener_);
  }
  EndlessExport(const EndlessExport&) = delete;
  EndlessExport& operator=(const EndlessExport&) = delete;

  // When it returns, all but what the socket holds has been taken.
  void send_megabytes(std::size_t count) {
    asker_ = ::accept(listener_, nullptr, nullptr);
    char request[4096];
    BOOST_REQUIRE(::read(asker_, request, sizeof request) > 0);
    send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string piece(std::size_t{1} << 20, 'x');
    for (std::size_t i = 0; i < count; ++i) send("100000\r\n" + piece + "\r\n");
  }

 private:
  void send(std::string_view text) const {
    while (!text.empty()) {
      const auto sent = ::send(asker_, text.data(), text.size(), MSG_NOSIGNAL);
      BOOST_REQUIRE(sent > 0);
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  int listener_ = -1, asker_ = -1;
};

std::size_t files_in(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(export_cut)

BOOST_DATA_TEST_CASE(a_signal_leaves_nothing_of_an_export_and_the_old_one_as_it_was,
                     boost::unit_test::data::make({SIGINT, SIGTERM, SIGHUP, SIGKILL}), signal) {
  const DaemonFolder folder;
  EndlessExport daemon(folder.file("control.sock"));
  const Folder place;
  for (const bool replaces : {false, true}) {
    if (replaces) place.write("big.nd", "old");
    Process process(folder.launch({"graph", "export", "--output", place.file("big.nd")}));
    daemon.send_megabytes(4);
    process.signal(signal);
    BOOST_TEST(process.wait() == -signal);
    BOOST_TEST(files_in(place.path()) == (replaces ? 1u : 0u));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::test
