#include <boost/test/unit_test.hpp>

#include "storage/members.hpp"
#include "storage/secrets.hpp"
#include "tests/daemon/composed.hpp"

namespace tidemark::daemon {

using test::Composed;

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
