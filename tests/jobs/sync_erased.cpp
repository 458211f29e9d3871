#include <boost/test/unit_test.hpp>

#include "jobs/leave/leave_job.hpp"
#include "jobs/leave/orphans.hpp"
#include "storage/jobs.hpp"
#include "tests/jobs/arrival_room.hpp"

// Members press "Delete my data", are erased by Open Humans or removed by the operator at any
// moment: also between two steps of their own sync. It ends; nobody else's does.

using namespace tidemark;  // NOLINT: a test of everything together
using test::ArrivalRoom;
using Life = ArrivalRoom::Life;

namespace {

enum class Way { removed, deleted, disconnected };

struct Erased : ArrivalRoom {
  void go_away(storage::Writer& writer, Way way) {
    if (way == Way::removed) {
      (void)jobs::leave::remove_member(writer, world.sealer, id, now_ms());
    } else if (way == Way::deleted) {
      (void)jobs::leave::begin_leaving(writer, id, {false, "the member"}, now_ms());
    } else {
      (void)jobs::leave::begin_disconnecting(writer, world.sealer, id, now_ms());
    }
  }
  // False: the sync was over before that step.
  bool sync_and_go_away_at(std::uint64_t step, Way way) {
    bool went = false;
    engine->at_step(step, [&, way](storage::Writer& writer) { go_away(writer, way); });
    world.live([&](Life& life) -> async::Task<void> {
      co_await life.enqueue(id);
      (void)co_await life.wait_for("sync", id);
      went = !engine->waits_for_step();
      engine->at_step(0, {});
      life.runner.wake();
      for (const char* kind : {"leave", "disconnect"}) (void)co_await life.wait_for(kind, id);
      co_await others(life);  // the runner is there for them
    });
    return went;
  }
  async::Task<void> others(Life& life) {
    world.engine->write([&](storage::Writer& writer) {
      storage::Job tidy;
      tidy.kind = "tidy";
      tidy.key = "all";
      storage::enqueue_job(writer, std::move(tidy), now_ms());
    });
    life.runner.wake();
    co_await life.pass(std::chrono::seconds(5));
    const auto tidied = job("tidy", "all");
    BOOST_REQUIRE(tidied.has_value());
    BOOST_TEST((tidied->state == storage::JobState::done), tidied->last_error);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_erased)

BOOST_AUTO_TEST_CASE(a_member_who_goes_at_any_step_of_a_sync_ends_that_sync_and_nothing_else) {
  constexpr std::uint64_t steps_most = 30;
  for (const Way way : {Way::removed, Way::deleted, Way::disconnected}) {
    for (const bool first_sync : {true, false}) {
      if (first_sync && way != Way::removed) continue;
      std::uint64_t tried = 0;
      for (std::uint64_t step = 1; step <= steps_most; ++step, ++tried) {
        BOOST_TEST_CONTEXT("way " << int(way) << ", step " << step << ", first " << first_sync) {
          Erased room;
          if (!first_sync) {
            BOOST_REQUIRE((room.world.sync(Erased::id).state == storage::JobState::done));
            room.expire("openhumans");
          }
          const bool went = room.sync_and_go_away_at(step, way);
          if (!went) break;
          if (way != Way::disconnected && step > 1) {
            BOOST_TEST(room.rows_with("mona").empty());
          }
          room.world.check();
        }
      }
      BOOST_TEST(tried > 15u);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
