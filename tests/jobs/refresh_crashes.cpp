#include <boost/test/unit_test.hpp>
#include <cstdio>

#include "tests/jobs/token_room.hpp"

// The process dies at each commit and at each request of a run that renews the tokens of both
// providers. Nobody must sign in again but for an answer that came and died with the process.

using namespace tidemark;  // NOLINT: a test of everything together
using test::Died;
using test::TokenRoom;

namespace {

struct Refreshing : TokenRoom {
  Refreshing() {
    use_github_app();
    world.pass(std::chrono::hours(11));  // both tokens are over
    at_request = [this](const http::Request&) {
      if (requests_left != 0 && --requests_left == 0) engine->die();
    };
  }

  void live_on() {
    world.live([&](Life& life) -> async::Task<void> {
      life.mortal = true;
      try {
        if (!(co_await life.job(id))) co_await life.enqueue(id);
      } catch (const Died&) {
        co_return;
      }
      bool over = false;
      while (!engine->dead() && !over) {
        co_await life.pass(std::chrono::milliseconds(20));
        const auto job = co_await life.job(id);
        over =
            job && (job->state == storage::JobState::done || job->state == storage::JobState::dead);
      }
    });
  }
  // One death at most, and the life after it.
  void die_and_live_on() {
    live_on();
    if (!engine->dead()) return;
    ++deaths;
    engine->revive();
    requests_left = 0;
    live_on();
  }
  [[nodiscard]] bool must_sign_in() {
    return world.member(id).state == storage::MemberState::needs_sign_in;
  }
  // By the upstreams' own books. A GitHub pair that was stored is unused as well when Open Humans'
  // pair is lost before the first question, so it is asked about the member, not the pairs.
  [[nodiscard]] bool lost_an_answer() {
    return world.openhumans.lost_pairs().answered_unused +
               world.github.credentials().lost_pairs().answered_unused >
           0;
  }

  std::uint64_t requests_left = 0;
  std::uint64_t deaths = 0;
};

struct Count {
  std::uint64_t deaths = 0, signing_in_again = 0, answers_lost = 0;
  void add(Refreshing& one) {
    deaths += one.deaths;
    signing_in_again += one.must_sign_in() ? 1 : 0;
    answers_lost += one.lost_an_answer() ? 1 : 0;
    // Whoever must sign in again lost an answer, and the other way round.
    BOOST_TEST(one.must_sign_in() == one.lost_an_answer());
    one.world.check();
  }
  void print(const char* what) const {
    std::printf(
        "renewals, %s: %llu deaths, %llu members must sign in again, of whom %llu lost "
        "the answer itself\n",
        what, static_cast<unsigned long long>(deaths),
        static_cast<unsigned long long>(signing_in_again),
        static_cast<unsigned long long>(answers_lost));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(refresh_crashes)

BOOST_AUTO_TEST_CASE(only_an_answer_that_died_with_the_process_costs_a_sign_in) {
  Refreshing undisturbed;
  const std::uint64_t before = undisturbed.engine->writes();
  undisturbed.live_on();
  const std::uint64_t writes = undisturbed.engine->writes() - before;
  std::uint64_t requests = 0;
  for (const auto& [path, count] : undisturbed.paths) requests += count;
  BOOST_TEST(!undisturbed.must_sign_in());
  BOOST_TEST(undisturbed.refreshes() == 1u);
  BOOST_TEST(undisturbed.asked("/login/oauth/access_token") == 1u);

  Count just_before, just_after, at_request;
  for (std::uint64_t at = 1; at <= writes; ++at) {
    for (const bool after : {false, true}) {
      Refreshing mortal;
      mortal.engine->die_at(at, after);
      mortal.die_and_live_on();
      (after ? just_after : just_before).add(mortal);
    }
  }
  for (std::uint64_t at = 1; at <= requests; ++at) {
    Refreshing mortal;
    mortal.requests_left = at;
    mortal.die_and_live_on();
    at_request.add(mortal);
  }
  just_before.print("killed just before each commit");
  just_after.print("killed just after each commit");
  at_request.print("killed while each request is under way");
  BOOST_TEST(just_before.deaths == writes);
  BOOST_TEST(just_before.signing_in_again == 2u);  // the two commits of the pairs themselves
  BOOST_TEST(just_after.signing_in_again == 0u);
  BOOST_TEST(at_request.signing_in_again == 2u);  // the two renewals
}

BOOST_AUTO_TEST_SUITE_END()
