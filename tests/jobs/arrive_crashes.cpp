#include <boost/test/unit_test.hpp>
#include <cstdio>

#include "jobs/sign_in/connect_job.hpp"
#include "storage/jobs.hpp"
#include "tests/jobs/arrival_room.hpp"

// The process dies at each commit of both flows, just before and just after it. The person can
// always start over, and what the dead process left is tidied.

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::sign_in::Arrival;
using jobs::sign_in::arrive_from_github;
using jobs::sign_in::arrive_from_openhumans;
using jobs::sign_in::Arrived;
using storage::MemberState;
using test::ArrivalRoom;
using test::Died;
using Life = ArrivalRoom::Life;

namespace {

struct Mortal : ArrivalRoom {
  // Open Humans first, then GitHub; false when the process died on the way.
  bool both(const std::string& states) {
    bool whole = false;
    world.live([&](Life& life) -> async::Task<void> {
      life.mortal = true;
      auto services = life.services();
      try {
        const Arrived member =
            co_await arrive_from_openhumans(services, from_openhumans(newcomer, states + "1"), {});
        BOOST_TEST((member.arrival == Arrival::done), member);
        const Arrived connected = co_await arrive_from_github(services, newcomer, false,
                                                              from_github("lisa", states + "2"));
        BOOST_TEST((connected.arrival == Arrival::done), connected);
        whole = true;
      } catch (const Died&) {
        whole = false;
      }
    });
    return whole;
  }
  void tidy() {
    world.pass(std::chrono::minutes(11));
    world.engine->write([&](storage::Writer& writer) {
      storage::Job job;
      job.kind = jobs::sign_in::tidy_kind;
      job.key = "all";
      storage::enqueue_job(writer, std::move(job), now_ms());
    });
    world.live([&](Life& life) -> async::Task<void> {
      (void)co_await life.wait_for("tidy", "all");
      (void)co_await life.wait_for("disconnect", newcomer);
      (void)co_await life.wait_for("sync", newcomer);
    });
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(arrive_crashes)

BOOST_AUTO_TEST_CASE(death_at_every_commit_leaves_a_person_who_can_start_over) {
  Mortal undisturbed;
  const std::uint64_t before = undisturbed.engine->writes();
  BOOST_TEST(undisturbed.both("a"));
  const std::uint64_t writes = undisturbed.engine->writes() - before;
  BOOST_TEST(writes >= 4u);
  std::uint64_t deaths = 0, tidied = 0;
  for (const bool after : {false, true}) {
    for (std::uint64_t at = 1; at <= writes; ++at) {
      Mortal mortal;
      mortal.engine->die_at(at, after);
      const bool whole = mortal.both("a");
      mortal.engine->revive();
      BOOST_TEST_CONTEXT("at commit " << at << (after ? " after it" : " before it")) {
        deaths += whole ? 0 : 1;
        tidied += mortal.held();
        BOOST_TEST(mortal.both("b"));
        BOOST_TEST((mortal.world.member(ArrivalRoom::newcomer).state == MemberState::active));
        mortal.tidy();
        BOOST_TEST(mortal.held() == 0u);
        BOOST_TEST((mortal.world.member(ArrivalRoom::newcomer).last_synced_ms > 0));
        mortal.world.check();
      }
    }
  }
  std::printf(
      "sign-ins killed at each commit: %llu deaths, all could start over, %llu left tokens "
      "that were tidied\n",
      static_cast<unsigned long long>(deaths), static_cast<unsigned long long>(tidied));
  BOOST_TEST(deaths >= 8u);
}

BOOST_AUTO_TEST_SUITE_END()
