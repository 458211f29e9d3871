#include "daemon/access.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "tests/support/folder.hpp"

namespace tidemark::daemon {

namespace {

AccessRules rules() {
  AccessRules rules;
  rules.socket_path = "/run/tidemark/control.sock";
  rules.own_user = 900;
  rules.socket_group = 901;
  rules.allowed_hosts = {"tidemark.example"};
  rules.token = "0123456789abcdef0123456789abcdef";
  rules.groups_of = [](std::uint32_t user, std::uint32_t primary) {
    std::vector<std::uint32_t> groups{primary};
    if (user == 1001) groups.push_back(901);
    return groups;
  };
  return rules;
}

bool socket_lets_in(std::optional<std::uint32_t> user, std::uint32_t group) {
  http::Peer peer;
  peer.user_id = user;
  peer.group_id = group;
  return !refuse_socket_peer(rules(), peer);
}

unsigned tcp_status(std::string target, http::Headers headers) {
  http::Request request;
  request.target = std::move(target);
  request.headers = std::move(headers);
  const auto refusal = refuse_tcp_request(rules(), request);
  return refusal ? refusal->status : 200;
}

const std::pair<std::string, std::string> bearer{"Authorization",
                                                 "Bearer 0123456789abcdef0123456789abcdef"};

}  // namespace

BOOST_AUTO_TEST_SUITE(access)

BOOST_AUTO_TEST_CASE(the_socket_serves_our_user_root_and_the_sockets_group) {
  BOOST_TEST(socket_lets_in(900, 900));
  BOOST_TEST(socket_lets_in(0, 0));
  BOOST_TEST(socket_lets_in(1001, 1001));  // a member of 901 by the system's list
  BOOST_TEST(socket_lets_in(1002, 901));   // by its primary group
  BOOST_TEST(!socket_lets_in(1002, 1002));
  BOOST_TEST(!socket_lets_in(std::nullopt, 901));
}

BOOST_AUTO_TEST_CASE(who_is_refused_at_the_socket_learns_the_command_that_lets_them_in) {
  AccessRules with_group = rules();
  with_group.socket_group = 12;  // "man" on every Debian
  http::Peer peer;
  peer.user_id = 65'534;
  peer.group_id = 65'534;
  const auto refusal = refuse_socket_peer(with_group, peer);
  BOOST_REQUIRE(refusal.has_value());
  BOOST_TEST(refusal->status == 403);
  BOOST_TEST(refusal->detail.find("/run/tidemark/control.sock") != std::string::npos);
  BOOST_TEST(refusal->detail.find("sudo usermod --append --groups man nobody") !=
             std::string::npos);
  with_group.socket_group = 0;
  BOOST_TEST(refuse_socket_peer(with_group, peer)->detail.find("sudo") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(tcp_wants_the_token_for_everything_but_health) {
  BOOST_TEST(tcp_status("/v1/status", {{"Host", "localhost:7410"}, bearer}) == 200);
  BOOST_TEST(tcp_status("/v1/status", {{"Host", "localhost"}}) == 401);
  BOOST_TEST(tcp_status("/metrics", {{"Host", "localhost"}}) == 401);
  BOOST_TEST(tcp_status("/health?x=1", {{"Host", "localhost"}}) == 200);
  // The paths of the replaced system that tell nothing.
  for (const char* open : {"/", "/health/", "/github/", "/github"}) {
    BOOST_TEST(tcp_status(open, {{"Host", "localhost"}}) == 200, open);
  }
  BOOST_TEST(tcp_status("/github/developers/", {{"Host", "localhost"}}) == 401);
  for (const char* closed : {"/github/tasks/", "/github/tasks", "/github/developers",
                             "/github/repositories", "/github/rate_limit", "/githubs"}) {
    BOOST_TEST(tcp_status(closed, {{"Host", "localhost"}}) == 401, closed);
  }
  BOOST_TEST(tcp_status("/healthy", {{"Host", "localhost"}}) == 401);
  for (const std::string wrong :
       {"Bearer ", "Bearer x", "Bearer 0123456789abcdef0123456789abcdeX",
        "Basic 0123456789abcdef0123456789abcdef", "Bearer 0123456789abcdef0123456789abcdef0"}) {
    BOOST_TEST(tcp_status("/v1/status", {{"Host", "localhost"}, {"Authorization", wrong}}) == 401);
  }
}

BOOST_AUTO_TEST_CASE(an_empty_token_never_opens_the_door) {
  AccessRules none = rules();
  none.token.clear();
  http::Request request;
  request.target = "/v1/status";
  request.headers = {{"Host", "localhost"}, {"Authorization", "Bearer x"}};
  BOOST_TEST(refuse_tcp_request(none, request).value().status == 401);
}

BOOST_AUTO_TEST_CASE(a_host_that_is_not_ours_is_misdirected_even_with_the_token) {
  for (const std::string host : {"localhost", "LOCALHOST:7410", "127.0.0.1", "127.0.0.1:7410",
                                 "[::1]", "[::1]:7410", "tidemark.example:7410"}) {
    BOOST_TEST(tcp_status("/v1/status", {{"Host", host}, bearer}) == 200, host);
  }
  for (const std::string host : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
                                 "", "::1", "[::1].evil.example"}) {
    BOOST_TEST(tcp_status("/v1/status", {{"Host", host}, bearer}) == 421, host);
  }
  BOOST_TEST(tcp_status("/health", {{"Host", "evil.example"}}) == 421);
  BOOST_TEST(tcp_status("/v1/status", {bearer}) == 421);
}

BOOST_AUTO_TEST_CASE(pages_of_other_origins_are_refused) {
  const std::pair<std::string, std::string> host{"Host", "localhost:7410"};
  BOOST_TEST(tcp_status("/v1/status", {host, bearer, {"Origin", "http://localhost:7410"}}) == 200);
  for (const std::string origin :
       {"http://evil.example", "null", "http://localhost", "http://localhost:7410.evil.example"}) {
    BOOST_TEST(tcp_status("/v1/status", {host, bearer, {"Origin", origin}}) == 403, origin);
  }
}

BOOST_AUTO_TEST_CASE(the_control_token_is_made_once_and_only_for_us) {
  const test::Folder folder;
  const auto file = folder.file("token");
  const auto token = load_control_token(file);
  BOOST_TEST(token.size() == 64);
  BOOST_TEST(load_control_token(file) == token);
  struct stat status{};
  BOOST_REQUIRE_EQUAL(::stat(file.c_str(), &status), 0);
  BOOST_TEST((status.st_mode & 07777) == 0600);
}

BOOST_AUTO_TEST_CASE(
    a_control_token_that_others_may_read_or_that_is_none_is_refused_with_the_remedy) {
  const test::Folder folder;
  const auto file = folder.file("token");
  (void)load_control_token(file);
  ::chmod(file.c_str(), 0640);
  auto says = [](std::string_view words) {
    return [words](const std::runtime_error& error) {
      return std::string_view(error.what()).find(words) != std::string_view::npos;
    };
  };
  BOOST_CHECK_EXCEPTION((void)load_control_token(file), std::runtime_error, says("chmod 600"));
  ::chmod(file.c_str(), 0600);
  folder.write("token", "short\n");
  BOOST_CHECK_EXCEPTION((void)load_control_token(file), std::runtime_error,
                        says("delete the file"));
  BOOST_CHECK_EXCEPTION((void)load_control_token("/nowhere/token"), std::runtime_error,
                        says("control.token_file"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
