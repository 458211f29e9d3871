#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/jobs/runner_fixture.hpp"

using namespace tidemark;
using async::Task;
using jobs::Done;
using jobs::Run;
using jobs::RunResult;
using jobs::Suspended;
using storage::Durability;
using storage::JobState;
using test::Workshop;

BOOST_TEST_DONT_PRINT_LOG_VALUE(storage::JobState)

namespace {

// Something that a run stores.
void put_mark(storage::Writer& writer, const std::string& mark) {
  writer.put(storage::Table::meta, "test", mark);
}
Task<std::string> mark(Workshop& shop) {
  auto body = [](const storage::Reader& reader) {
    return reader.get(storage::Table::meta, "test").value_or("");
  };
  std::string found = co_await shop.store.read(std::move(body));
  co_return found;
}

bool any_event(const Workshop& shop, const std::string& text) {
  for (const std::string& event : shop.events) {
    if (event.find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_faults)

BOOST_AUTO_TEST_CASE(a_run_that_lost_its_lease_cannot_commit) {
  Workshop shop;
  bool old_committed = false, old_went_on = false;
  shop.add("sync", [&](Run& run) -> Task<RunResult> {
    co_await shop.sleep_ms(60'000);  // as if the machine had stood still
    old_went_on = true;
    auto body = [&](storage::Writer& writer) { put_mark(writer, "old"); };
    co_await run.commit(Durability::soon, std::move(body));
    old_committed = true;
    co_return Done{};
  });
  jobs::Runner second(shop.simulation.executor(), shop.store, shop.clock(),
                      shop.simulation.random(), shop.settings, nullptr);
  auto take_over = [&](Run& run) -> Task<RunResult> {
    BOOST_TEST(run.job().fence == 2u);
    auto body = [&](storage::Writer& writer) { put_mark(writer, "new"); };
    co_await run.commit(Durability::soon, std::move(body));
    co_return Done{};
  };
  second.add(std::make_unique<test::KindOf>("sync", take_over));
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("sync", "anna");
    co_await shop.sleep_ms(1'000);
    async::TaskGroup group(shop.simulation.executor(), 1, nullptr);
    BOOST_REQUIRE(group.spawn("second", second.run()));
    co_await shop.sleep_ms(1'000);
    storage::Job job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.state == JobState::done);
    co_await shop.sleep_ms(60'000);
    job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.state == JobState::done);
    BOOST_TEST(job.attempts == 0u);
    const std::string kept = co_await mark(shop);
    BOOST_TEST(kept == "new");
    co_await second.stop(async::Deadline::none());
    co_await group.join();
  });
  BOOST_TEST(old_went_on);
  BOOST_TEST(!old_committed);
  BOOST_TEST(any_event(shop, "dropped: job 1 was claimed by another run"));
}

BOOST_AUTO_TEST_CASE(a_full_disk_holds_all_jobs_until_there_is_room) {
  Workshop shop;
  int runs = 0, others = 0;
  shop.add("sync", [&](Run& run) -> Task<RunResult> {
    ++runs;
    co_await shop.sleep_ms(1'000);
    auto body = [&](storage::Writer& writer) { put_mark(writer, "kept"); };
    co_await run.commit(Durability::now, std::move(body));
    co_return Done{};
  });
  shop.add("crawl", [&](Run&) -> Task<RunResult> {
    ++others;
    co_return Done{};
  });
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("crawl", "later", 90, shop.now_ms() + 5'000);
    (void)co_await shop.enqueue("sync", "anna");
    co_await shop.sleep_ms(500);
    shop.engine.full = true;
    co_await shop.sleep_ms(120'000);
    BOOST_TEST(shop.runner->held_reason() == "no room on the disk of the store: 0 of 64 MB free");
    BOOST_TEST(runs == 1);
    BOOST_TEST(others == 0);
    // The store still says what it said before; people are told the truth.
    for (const auto& [kind, key] : {std::pair("sync", "anna"), std::pair("crawl", "later")}) {
      const storage::Job stored = co_await shop.job(kind, key);
      BOOST_TEST(stored.wait_reason == "");
      const storage::Job shown = shop.runner->as_it_is(stored);
      BOOST_TEST(shown.state == JobState::waiting);
      BOOST_TEST(shown.wait_reason == shop.runner->held_reason());
      BOOST_TEST(shown.due_ms > shop.now_ms());
    }
    shop.engine.full = false;
    co_await shop.sleep_ms(8'000);
    BOOST_TEST(shop.runner->held_reason() == "");
    const storage::Job job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.state == JobState::done);
    BOOST_TEST(job.suspensions == 1u);
    BOOST_TEST(job.attempts == 0u);
    BOOST_TEST(runs == 2);
    BOOST_TEST(others == 1);
    const std::string kept = co_await mark(shop);
    BOOST_TEST(kept == "kept");
  });
  BOOST_TEST(any_event(shop, "there was no room on the disk of the store"));
}

BOOST_AUTO_TEST_CASE(a_disk_full_at_the_last_word_of_a_run_does_not_run_it_again) {
  Workshop shop;
  int runs = 0;
  shop.add("sync", [&](Run&) -> Task<RunResult> {
    ++runs;
    shop.engine.full = true;
    co_return Done{};
  });
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("sync", "anna");
    co_await shop.sleep_ms(60'000);
    shop.engine.full = false;
    co_await shop.sleep_ms(6'000);
    const storage::Job job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.state == JobState::done);
    BOOST_TEST(runs == 1);
  });
}

BOOST_AUTO_TEST_CASE(a_disk_full_at_the_start_is_waited_for) {
  Workshop shop;
  shop.add("sync", [&](Run&) -> Task<RunResult> { co_return Done{}; });
  shop.simulation.run([&]() -> Task<void> { (void)co_await shop.enqueue("sync", "anna"); });
  shop.engine.full = true;
  shop.live([&]() -> Task<void> {
    co_await shop.sleep_ms(60'000);
    BOOST_TEST(shop.runner->held_reason() != "");
    shop.engine.full = false;
    co_await shop.sleep_ms(6'000);
    BOOST_TEST(shop.runner->held_reason() == "");
    const storage::Job job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.state == JobState::done);
  });
}

BOOST_AUTO_TEST_CASE(a_store_that_fails_ends_the_runner_with_its_runs) {
  Workshop shop;
  bool other_ended = false;
  shop.add("sync", [&](Run& run) -> Task<RunResult> {
    co_await shop.sleep_ms(1'000);
    shop.engine.broken = true;
    auto body = [&](storage::Writer& writer) { put_mark(writer, "lost"); };
    co_await run.commit(Durability::soon, std::move(body));
    co_return Done{};
  });
  shop.add("crawl", [&](Run&) -> Task<RunResult> {
    struct Ended {
      bool& flag;
      ~Ended() { flag = true; }
    } ended{other_ended};
    co_await shop.sleep_ms(3'600'000);
    co_return Done{};
  });
  std::string what;
  shop.simulation.run([&]() -> Task<void> {
    (void)co_await shop.enqueue("sync", "anna");
    (void)co_await shop.enqueue("crawl", "graph");
    try {
      co_await shop.runner->run();
    } catch (const storage::StoreError& error) {
      what = error.what();
    }
  });
  BOOST_TEST(what == "the disk is broken");
  BOOST_TEST(other_ended);
}

BOOST_AUTO_TEST_CASE(a_stop_lets_runs_reach_their_next_commit) {
  Workshop shop;
  bool reached = false;
  shop.add("sync", [&](Run& run) -> Task<RunResult> {
    while (!run.stopping()) co_await shop.sleep_ms(3'000);
    auto body = [&](storage::Writer& writer) { put_mark(writer, "reached"); };
    co_await run.commit(Durability::soon, std::move(body));
    reached = true;
    co_return Suspended{shop.now_ms(), "stopped"};
  });
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("sync", "anna");
    co_await shop.sleep_ms(1'000);
  });
  BOOST_TEST(reached);
  BOOST_TEST(shop.runner->running() == 0u);
}

BOOST_AUTO_TEST_CASE(a_run_that_does_not_end_is_cancelled_at_the_deadline_and_goes_on_later) {
  Workshop shop;
  int runs = 0;
  auto endless_once = [&](Run&) -> Task<RunResult> {
    if (++runs == 1) co_await shop.sleep_ms(365LL * 24 * 3'600'000);
    co_return Done{};
  };
  shop.add("sync", endless_once);
  const async::SteadyTime start = shop.clock().steady_now();
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("sync", "anna");
    co_await shop.sleep_ms(1'000);
  });
  BOOST_TEST((shop.clock().steady_now() - start <= async::Milliseconds(11'100)));
  shop.renew();
  shop.add("sync", endless_once);
  shop.live([&]() -> Task<void> {
    storage::Job job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.wait_reason == "the daemon stopped; goes on at its next start");
    BOOST_TEST(job.attempts == 0u);
    co_await shop.sleep_ms(1'000);
    job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.state == JobState::done);
  });
}

BOOST_AUTO_TEST_CASE(a_runner_that_is_cancelled_ends_its_runs_first) {
  Workshop shop;
  bool ended = false, ended_first = false;
  shop.add("sync", [&](Run&) -> Task<RunResult> {
    struct Ended {
      bool& flag;
      ~Ended() { flag = true; }
    } at_end{ended};
    co_await shop.sleep_ms(3'600'000);
    co_return Done{};
  });
  shop.simulation.run([&]() -> Task<void> {
    auto watched = [&]() -> Task<void> {
      try {
        co_await shop.runner->run();
      } catch (const boost::system::system_error&) {
        ended_first = ended;
      }
    };
    async::TaskGroup group(shop.simulation.executor(), 1, nullptr);
    BOOST_REQUIRE(group.spawn("runner", watched()));
    (void)co_await shop.enqueue("sync", "anna");
    co_await shop.sleep_ms(1'000);
    group.cancel();
    co_await group.join();
    BOOST_TEST(ended_first);
    const storage::Job job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.state == JobState::waiting);
    BOOST_TEST(job.due_ms == shop.now_ms());
  });
}

BOOST_AUTO_TEST_CASE(what_a_killed_process_left_running_is_claimed_again) {
  Workshop shop;
  int runs = 0;
  shop.add("sync", [&](Run& run) -> Task<RunResult> {
    ++runs;
    BOOST_TEST(run.job().fence == 2u);
    co_return Done{};
  });
  shop.simulation.run([&]() -> Task<void> {
    (void)co_await shop.enqueue("sync", "anna");
    // The process that claimed it is gone.
    auto claim = [&](storage::Writer& writer) {
      auto all = [](const storage::Job&) { return true; };
      return storage::claim_job(writer, shop.now_ms(), all).has_value();
    };
    const bool claimed = co_await shop.store.write(Durability::soon, std::move(claim));
    BOOST_TEST(claimed);
  });
  shop.live([&]() -> Task<void> { co_await shop.sleep_ms(1'000); });
  BOOST_TEST(runs == 1);
}

BOOST_AUTO_TEST_SUITE_END()
