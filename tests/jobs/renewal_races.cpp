#include <boost/test/unit_test.hpp>

#include "jobs/leave/leave_job.hpp"
#include "storage/jobs.hpp"
#include "storage/secrets.hpp"
#include "tests/jobs/arrival_room.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using simulators::Fault;
using simulators::FaultKind;
using test::ArrivalRoom;
using Life = ArrivalRoom::Life;

namespace {

enum class Way { disconnect, leave };

// A GitHub App's pair is being renewed; GitHub takes its time for every answer.
struct Racing : ArrivalRoom {
  Racing() {
    use_github_app();
    world.github.credentials().grant(account(), {});
    expire("github");
    world.github.settings().service_ms = 1'000;
  }
  [[nodiscard]] const simulators::Account& account() { return world.world.account("mona"); }

  void go(Way way) {
    world.engine->write([&](storage::Writer& writer) {
      const bool begun =
          way == Way::leave
              ? jobs::leave::begin_leaving(writer, id, {false, "the member"}, now_ms())
              : jobs::leave::begin_disconnecting(writer, world.sealer, id, now_ms());
      BOOST_TEST(begun);
    });
  }
  void renew(Life& life) {
    auto task = [](jobs::TokenKeeper& keeper) -> async::Task<void> {
      (void)co_await keeper.fresh(id, "github");
    };
    const bool spawned = life.tasks.spawn("asker", task(life.tokens));
    BOOST_REQUIRE(spawned);
  }
  async::Task<void> race(Life& life, Way way, std::int64_t after_ms) {
    renew(life);
    co_await life.pass(async::Milliseconds(after_ms));
    go(way);
    life.runner.wake();
    co_await life.pass(std::chrono::seconds(1));
    (void)co_await life.wait_for(way == Way::leave ? "leave" : "disconnect", id);
  }
  void expect_no_grant() {
    auto& credentials = world.github.credentials();
    BOOST_TEST(!credentials.granted(account()).has_value());
    const auto live = credentials.live_tokens("mona");
    BOOST_TEST(live.used + live.unheard == 0u);
    BOOST_TEST(rows_with("ghu_").empty());
    BOOST_TEST(rows_with("ghr_").empty());
    world.check();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(renewal_races)

BOOST_AUTO_TEST_CASE(disconnecting_and_leaving_at_any_instant_of_a_renewal_end_the_grant) {
  for (const Way way : {Way::disconnect, Way::leave}) {
    for (std::int64_t after_ms = 0; after_ms <= 1'500; after_ms += 50) {
      Racing racing;
      racing.world.live([&](Life& life) -> async::Task<void> {
        co_await racing.race(life, way, after_ms);
        co_await life.pass(std::chrono::seconds(5));
      });
      BOOST_TEST_CONTEXT((way == Way::leave ? "leave" : "disconnect") << " after " << after_ms) {
        racing.expect_no_grant();
      }
    }
  }
}

// The new pair was to be ended at once, and GitHub did not answer.
BOOST_AUTO_TEST_CASE(a_new_pair_that_nobody_needs_is_ended_after_an_outage_as_well) {
  Racing racing;
  Fault fault;
  fault.kind = FaultKind::status_html;
  fault.path = "/applications/";
  racing.world.github.faults().add(fault);
  racing.world.live([&](Life& life) -> async::Task<void> {
    racing.renew(life);
    co_await life.pass(std::chrono::milliseconds(500));
    racing.world.engine->write(
        [&](storage::Writer& writer) { storage::erase_member(writer, Racing::id); });
    co_await life.pass(std::chrono::minutes(2));
    racing.world.github.faults().clear();
    racing.world.engine->write([&](storage::Writer& writer) {
      storage::Job job;
      job.kind = "tidy";
      job.key = "all";
      storage::enqueue_job(writer, std::move(job), racing.now_ms());
    });
    life.runner.wake();
    (void)co_await life.wait_for("tidy", "all");
  });
  const auto live = racing.world.github.credentials().live_tokens("mona");
  BOOST_TEST(live.used + live.unheard == 0u);
  BOOST_TEST(racing.rows_with("ghu_").empty());
}

BOOST_AUTO_TEST_SUITE_END()
