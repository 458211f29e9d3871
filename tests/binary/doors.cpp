#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstring>

#include "tests/binary/daemon_process.hpp"

namespace tidemark::test {

namespace {

std::string bearer(const DaemonFolder& folder) {
  auto token = folder.read("token");
  token.pop_back();
  return "Bearer " + token;
}

// GET /v1/events on a plain socket: an HTTP client would wait for the end of the answer.
class EventStream {
 public:
  explicit EventStream(const std::string& path) : file_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    BOOST_REQUIRE_EQUAL(::connect(file_, reinterpret_cast<sockaddr*>(&address), sizeof(address)),
                        0);
    timeval limit{};
    limit.tv_sec = 3;
    ::setsockopt(file_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    const std::string request = "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    BOOST_REQUIRE(::send(file_, request.data(), request.size(), 0) > 0);
  }
  ~EventStream() { ::close(file_); }
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  std::string read_until(const std::string& words) {
    std::string text;
    while (text.find(words) == std::string::npos && !ended_) {
      char buffer[4096];
      const auto size = ::recv(file_, buffer, sizeof(buffer), 0);
      ended_ = size == 0;
      if (size <= 0) break;
      text.append(buffer, static_cast<std::size_t>(size));
    }
    return text;
  }
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  int file_;
  bool ended_ = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(doors)

BOOST_AUTO_TEST_CASE(status_is_answered_over_the_socket_and_over_tcp_with_the_token) {
  const DaemonFolder folder;
  const ServingDaemon daemon(folder);
  const auto socket = folder.file("control.sock");
  BOOST_TEST(ask(socket, "GET", "/v1/status").json.at("activity").as_string() ==
             "0 jobs running, 0 waiting");
  struct stat status{};
  BOOST_REQUIRE_EQUAL(::stat(socket.c_str(), &status), 0);
  BOOST_TEST((status.st_mode & 0777) == 0660);

  const auto tcp = "127.0.0.1:" + daemon.port;
  const std::pair<std::string, std::string> token{"Authorization", bearer(folder)};
  BOOST_TEST(ask(tcp, "GET", "/v1/status", {token}).status == 200);
  BOOST_TEST(ask(tcp, "GET", "/health").status == 200);
  BOOST_TEST(ask(tcp, "GET", "/v1/status").status == 401);
  BOOST_TEST(ask(tcp, "GET", "/metrics").status == 401);
  BOOST_TEST(ask(tcp, "GET", "/v1/status", {{"Authorization", "Bearer wrong"}}).status == 401);
  BOOST_TEST(ask(tcp, "GET", "/v1/status", {token, {"Host", "evil.example"}}).status == 421);
  BOOST_TEST(ask(tcp, "GET", "/v1/status", {token, {"Origin", "http://evil.example"}}).status ==
             403);
  BOOST_TEST(ask(tcp, "GET", "/v1/nothing", {token}).status == 404);
  BOOST_TEST(ask(tcp, "PUT", "/v1/status", {token}).status == 405);
}

BOOST_AUTO_TEST_CASE(another_user_is_refused_with_the_command_that_lets_them_in) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("skipped: only root can become another user");
    return;
  }
  const DaemonFolder folder;
  const ServingDaemon daemon(folder, {"control.socket_mode=0666", "control.socket_group=man"});
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  Launch status = folder.launch({"status"});
  status.user = 65'534;  // nobody
  const auto refused = run_process(status);
  BOOST_TEST(refused.code == 4);
  BOOST_TEST(refused.errors.find("sudo usermod --append --groups man nobody") != std::string::npos,
             refused.errors);
  status.user = 6;  // "man" on every Debian, of the group that may
  const auto let_in = run_process(status);
  BOOST_TEST(let_in.code == 0, let_in.errors);
}

BOOST_AUTO_TEST_CASE(what_the_asker_has_already_is_not_sent_again) {
  const DaemonFolder folder;
  const ServingDaemon daemon(folder);
  const auto socket = folder.file("control.sock");
  const auto first = ask(socket, "GET", "/v1/members");
  BOOST_TEST(first.status == 200);
  const auto again = ask(socket, "GET", "/v1/members", {{"If-None-Match", first.etag}});
  BOOST_TEST(again.status == 304);
  BOOST_TEST(again.body == "");
}

BOOST_AUTO_TEST_CASE(the_page_of_the_api_is_served) {
  const DaemonFolder folder;
  const ServingDaemon daemon(folder);
  const auto page = ask(folder.file("control.sock"), "GET", "/v1/openapi.json");
  BOOST_TEST(page.json.at("openapi").as_string() == "3.1.0");
}

BOOST_AUTO_TEST_CASE(events_are_followed_as_they_happen_and_end_with_the_daemon) {
  const DaemonFolder folder;
  ServingDaemon daemon(folder);
  EventStream stream(folder.file("control.sock"));
  const auto head = stream.read_until(": tidemark events");
  BOOST_TEST(head.starts_with("HTTP/1.1 200 "));
  BOOST_TEST(head.find("Content-Type: text/event-stream") != std::string::npos);
  daemon.process.signal(SIGTERM);
  BOOST_TEST(daemon.process.wait(std::chrono::seconds(3)) == 0);
  stream.read_until("never said");
  BOOST_TEST(stream.ended());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::test
