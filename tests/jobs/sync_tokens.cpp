#include <boost/test/unit_test.hpp>

#include "tests/jobs/token_room.hpp"
#include "tests/support/history.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using test::TokenRoom;
using Life = TokenRoom::Life;

namespace {

const std::string renewal = "/login/oauth/access_token";

struct Syncing : TokenRoom {
  [[nodiscard]] storage::Job sync() { return world.sync(id); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_tokens, Syncing)

BOOST_AUTO_TEST_CASE(github_app_tokens_that_end_in_the_middle_are_renewed_in_time) {
  test::HistorySettings history;
  history.commits = 200;
  history.oddities = false;
  for (const std::string& line : test::make_history(history)) world.world.load_line(line, "");
  world.github.credentials().access_lifetime_s = 90;
  world.github.settings().service_ms = 5'000;
  world.settings.commit_budget = world.settings.commit_budget_max = 20;
  use_github_app();
  const storage::Job job = sync();
  BOOST_TEST((job.state == storage::JobState::done), job.last_error);
  BOOST_TEST(asked(renewal) >= 2u);
  BOOST_TEST((world.member(id).state == storage::MemberState::active));
  BOOST_TEST((world.seen(id).commits == world.expected("mona", world.this_week())));
}

BOOST_AUTO_TEST_CASE(a_github_token_that_ended_before_we_thought_is_renewed_and_asked_with_again) {
  use_github_app();
  storage::Token wrong = token("github").value();
  wrong.expires_ms += std::int64_t{48} * 3'600'000;
  put_token("github", wrong);
  world.pass(std::chrono::hours(9));
  const storage::Job job = sync();
  BOOST_TEST((job.state == storage::JobState::done), job.last_error);
  BOOST_TEST((world.member(id).state == storage::MemberState::active));
  BOOST_TEST(asked(renewal) == 1u);
}

BOOST_AUTO_TEST_CASE(a_github_app_token_that_was_taken_back_needs_a_sign_in) {
  use_github_app();
  world.github.credentials().revoke_all(world.world.account("mona"));
  (void)sync();
  const storage::Member member = world.member(id);
  BOOST_TEST((member.state == storage::MemberState::needs_sign_in));
  BOOST_TEST(member.state_reason.find("GitHub") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(our_own_client_refused_suspends_the_sync_and_blames_no_member) {
  use_github_app();
  world.pass(std::chrono::hours(9));
  world.github.credentials().client_secret = "another";
  world.live([&](Life& life) -> async::Task<void> {
    co_await life.enqueue(id);
    co_await life.pass(std::chrono::minutes(1));
    const auto job = co_await life.job(id);
    BOOST_TEST((job->state == storage::JobState::waiting));
    BOOST_TEST(job->attempts == 0u);
    BOOST_TEST(job->wait_reason.find("github.client_secret_file") != std::string::npos);
    BOOST_TEST((world.member(id).state == storage::MemberState::active));
    world.github.credentials().client_secret = "simulated-secret";
    const storage::Job later = co_await life.wait(id);
    BOOST_TEST((later.state == storage::JobState::done), later.last_error);
  });
}

BOOST_AUTO_TEST_CASE(members_who_are_not_connected_or_leave_are_asked_nothing_for) {
  for (const auto state : {storage::MemberState::not_connected, storage::MemberState::leaving}) {
    world.engine->write([&](storage::Writer& writer) {
      auto member = storage::find_member(writer, id).value();
      member.state = state;
      storage::put_member(writer, member);
    });
    const storage::Job job = sync();
    BOOST_TEST((job.state == storage::JobState::done));
    BOOST_TEST((world.member(id).state == state));
  }
  BOOST_TEST(paths.empty());
}

BOOST_AUTO_TEST_SUITE_END()
