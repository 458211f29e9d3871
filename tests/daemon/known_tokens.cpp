#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include "daemon/parts.hpp"
#include "storage/members.hpp"
#include "storage/secrets.hpp"
#include "tests/support/folder.hpp"

namespace tidemark::daemon {

namespace {

// The daemon's parts in a folder, with a log that knows nothing; upstream addresses lead nowhere.
struct Composed {
  explicit Composed(const test::Folder& folder)
      : parts(
            load_settings({.flags = {"store.path=" + folder.file("store"),
                                     "store.key_file=" + folder.file("key"), "store.free_mb_min=1",
                                     "control.socket=" + folder.file("control.sock"),
                                     "control.tcp_address=", "github.api_url=http://127.0.0.1:9",
                                     "github.graphql_url=http://127.0.0.1:9/graphql",
                                     "openhumans.url=http://127.0.0.1:9"}})
                .settings,
            log, [](const std::string&) {}) {}

  void run(const std::function<async::Task<void>()>& body) {
    std::exception_ptr error;
    auto ended = [&error](std::exception_ptr thrown) { error = thrown; };
    boost::asio::co_spawn(parts.loop, body(), ended);
    parts.loop.run();
    if (error) std::rethrow_exception(error);
  }

  Log log{LogLevel::error, LogFormat::text};
  Parts parts;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(known_tokens)

BOOST_AUTO_TEST_CASE(the_log_knows_a_token_as_soon_as_it_is_sent) {
  const test::Folder folder;
  Composed daemon(folder);
  daemon.run([&]() -> async::Task<void> {
    (void)co_await daemon.parts.github.get("plainGithub1", "/user");
    (void)co_await daemon.parts.openhumans.project_id("plainAccess1");
    (void)co_await daemon.parts.openhumans.refresh("plainRefresh1");
    daemon.parts.client.close();
  });
  BOOST_TEST(daemon.log.clean("plainGithub1, plainAccess1, plainRefresh1") ==
             "[secret], [secret], [secret]");
}

BOOST_AUTO_TEST_CASE(after_a_start_the_log_knows_the_tokens_that_are_stored) {
  const test::Folder folder;
  {
    Composed daemon(folder);
    daemon.parts.engine->write([&](storage::Writer& writer) {
      storage::Member member;
      member.id = "7";
      storage::put_member(writer, member);
      storage::put_token(writer, daemon.parts.sealer, "7", "github", {"plainGithub1", "", 0, ""});
      storage::put_token(writer, daemon.parts.sealer, "7", "openhumans",
                         {"plainAccess1", "plainRefresh1", 0, ""});
    });
  }
  const Composed daemon(folder);
  BOOST_TEST(daemon.log.clean("plainGithub1, plainAccess1, plainRefresh1") ==
             "[secret], [secret], [secret]");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
