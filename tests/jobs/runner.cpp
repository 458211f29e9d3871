#include "jobs/runner.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/jobs/runner_fixture.hpp"

using namespace tidemark;
using async::Task;
using jobs::Done;
using jobs::Failed;
using jobs::Run;
using jobs::RunResult;
using jobs::Suspended;
using storage::JobState;
using test::Workshop;

BOOST_TEST_DONT_PRINT_LOG_VALUE(storage::JobState)

BOOST_AUTO_TEST_SUITE(runner)

BOOST_AUTO_TEST_CASE(a_job_asked_for_twice_runs_once) {
  Workshop shop;
  int runs = 0;
  shop.add("sync", [&](Run&) -> Task<RunResult> {
    ++runs;
    co_return Done{};
  });
  shop.live([&]() -> Task<void> {
    const auto first = co_await shop.enqueue("sync", "anna", 50, shop.now_ms() + 1'000);
    const auto second = co_await shop.enqueue("sync", "anna", 50, shop.now_ms() + 1'000);
    BOOST_TEST(!first.joined);
    BOOST_TEST(second.joined);
    co_await shop.sleep_ms(5'000);
    const storage::Job job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.state == JobState::done);
    BOOST_TEST(runs == 1);
  });
}

BOOST_AUTO_TEST_CASE(a_job_asked_for_while_it_runs_runs_once_more) {
  Workshop shop;
  int runs = 0;
  shop.add("sync", [&](Run&) -> Task<RunResult> {
    ++runs;
    co_await shop.sleep_ms(1'000);
    co_return Done{};
  });
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("sync", "anna");
    co_await shop.until([&] { return runs == 1; });
    (void)co_await shop.enqueue("sync", "anna");
    (void)co_await shop.enqueue("sync", "anna");
    co_await shop.sleep_ms(10'000);
    BOOST_TEST(runs == 2);
  });
}

BOOST_AUTO_TEST_CASE(a_smaller_priority_number_runs_first) {
  Workshop shop;
  shop.settings.concurrency = 1;
  shop.renew();
  std::vector<std::string> order;
  shop.add("sync", [&](Run& run) -> Task<RunResult> {
    order.push_back(run.job().key);
    co_await shop.sleep_ms(100);
    co_return Done{};
  });
  shop.live([&]() -> Task<void> {
    const std::int64_t due_ms = shop.now_ms() + 1'000;
    (void)co_await shop.enqueue("sync", "crawl", 90, due_ms - 500);
    (void)co_await shop.enqueue("sync", "crawl later", 90, due_ms - 400);
    (void)co_await shop.enqueue("sync", "member", 50, due_ms - 450);
    (void)co_await shop.enqueue("sync", "page", 10, due_ms - 450);
    co_await shop.sleep_ms(10'000);
  });
  const std::vector<std::string> expected{"crawl", "page", "member", "crawl later"};
  BOOST_TEST(order == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_more_jobs_run_at_once_than_allowed) {
  Workshop shop;
  shop.settings.concurrency = 3;
  shop.renew();
  std::size_t now = 0, most = 0, runs = 0;
  shop.add("sync", [&](Run&) -> Task<RunResult> {
    most = std::max(most, ++now);
    co_await shop.sleep_ms(50);
    --now;
    ++runs;
    co_return Done{};
  });
  shop.live([&]() -> Task<void> {
    for (int number = 0; number < 20; ++number) {
      (void)co_await shop.enqueue("sync", std::to_string(number));
    }
    co_await shop.until([&] { return runs == 20; });
  });
  BOOST_TEST(most == 3u);
}

BOOST_AUTO_TEST_CASE(a_suspended_job_goes_on_exactly_when_it_asked_to) {
  Workshop shop;
  std::vector<std::int64_t> starts;
  std::int64_t until_ms = 0;
  shop.add("sync", [&](Run&) -> Task<RunResult> {
    starts.push_back(shop.now_ms());
    if (starts.size() == 2) co_return Done{};
    co_await shop.sleep_ms(7);
    until_ms = shop.now_ms() + 3'721'123;
    co_return Suspended{until_ms, "waiting for GitHub quota (graphql): 0 of 20 left"};
  });
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("sync", "anna");
    co_await shop.sleep_ms(10'000);
    const storage::Job job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.state == JobState::waiting);
    BOOST_TEST(job.due_ms == until_ms);
    BOOST_TEST(job.wait_reason == "waiting for GitHub quota (graphql): 0 of 20 left");
    co_await shop.sleep_ms(4'000'000);
  });
  BOOST_REQUIRE(starts.size() == 2u);
  BOOST_TEST(starts[1] == until_ms);
  BOOST_TEST(shop.events.at(0) ==
             "anna: waiting until 2026-01-05T01:02:01Z: waiting for GitHub quota (graphql): 0 of "
             "20 left");
}

BOOST_AUTO_TEST_CASE(a_year_of_hourly_schedules_misses_none) {
  Workshop shop;
  shop.settings.look_most_ms = std::chrono::hours(24);
  shop.settings.finished_kept = 200;
  shop.renew();
  std::uint64_t runs = 0;
  std::int64_t last_ms = shop.now_ms();
  shop.add("discovery", [&](Run&) -> Task<RunResult> {
    BOOST_TEST(shop.now_ms() - last_ms == 3'600'000);
    last_ms = shop.now_ms();
    ++runs;
    co_return Done{};
  });
  shop.live([&]() -> Task<void> {
    storage::Schedule schedule;
    schedule.name = schedule.kind = "discovery";
    schedule.every_ms = 3'600'000;
    schedule.next_ms = shop.now_ms() + schedule.every_ms;
    auto define = [&](storage::Writer& writer) { storage::define_schedule(writer, schedule); };
    co_await shop.store.write(storage::Durability::soon, std::move(define));
    shop.runner->wake();
    co_await shop.sleep_ms(365LL * 24 * 3'600'000 + 1'000);
    const storage::JobCounts counts = co_await shop.counts();
    BOOST_TEST(counts.done <= 222u);  // finished jobs are pruned now and then
  });
  BOOST_TEST(runs == 365u * 24);
}

BOOST_AUTO_TEST_CASE(nothing_is_written_while_nothing_happens) {
  Workshop shop;
  shop.live([&]() -> Task<void> {
    co_await shop.sleep_ms(1'000);
    const std::uint64_t before = shop.engine.writes;
    co_await shop.sleep_ms(3'600'000);
    BOOST_TEST(shop.engine.writes == before);
  });
}

BOOST_AUTO_TEST_CASE(failures_back_off_then_die_and_can_be_requeued) {
  Workshop shop;
  shop.settings.attempts_max = 4;
  shop.renew();
  std::vector<std::int64_t> starts;
  bool repaired = false;
  shop.add("sync", [&](Run&) -> Task<RunResult> {
    starts.push_back(shop.now_ms());
    if (repaired) co_return Done{};
    if (starts.size() % 2 == 0) throw std::runtime_error("api.github.com does not answer");
    co_return Failed{"api.github.com does not answer", true};
  });
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("sync", "anna");
    co_await shop.sleep_ms(3'600'000);
    storage::Job job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.state == JobState::dead);
    BOOST_TEST(job.attempts == 4u);
    BOOST_TEST(job.last_error == "api.github.com does not answer");
    BOOST_REQUIRE(starts.size() == 4u);
    for (std::size_t gap = 1; gap < starts.size(); ++gap) {
      const std::int64_t base_ms = 1'000LL << gap;
      BOOST_TEST(starts[gap] - starts[gap - 1] >= base_ms / 2);
      BOOST_TEST(starts[gap] - starts[gap - 1] <= base_ms);
    }
    repaired = true;
    auto requeue = [&](storage::Writer& writer) {
      return storage::requeue_job(writer, job.id, shop.now_ms());
    };
    const bool requeued = co_await shop.store.write(storage::Durability::soon, std::move(requeue));
    BOOST_TEST(requeued);
    shop.runner->wake();
    co_await shop.sleep_ms(1'000);
    job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.state == JobState::done);
  });
}

BOOST_AUTO_TEST_CASE(a_failure_that_no_retry_mends_is_dead_at_once) {
  Workshop shop;
  shop.add("sync", [&](Run&) -> Task<RunResult> { co_return Failed{"token revoked", false}; });
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("sync", "anna");
    co_await shop.sleep_ms(1'000);
    const storage::Job job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.state == JobState::dead);
    BOOST_TEST(job.attempts == 1u);
  });
}

BOOST_AUTO_TEST_CASE(a_held_kind_waits_and_delays_no_other) {
  Workshop shop;
  std::vector<std::string> order;
  auto note = [&](Run& run) -> Task<RunResult> {
    order.push_back(run.job().key);
    co_return Done{};
  };
  shop.add("upload", note);
  shop.add("crawl", note);
  shop.live([&]() -> Task<void> {
    shop.runner->hold("upload", "Open Humans refuses our client: check client_id");
    (void)co_await shop.enqueue("upload", "held", 10);
    (void)co_await shop.enqueue("crawl", "later", 90, shop.now_ms() + 1'234);
    BOOST_TEST(shop.runner->held_reason() ==
               "upload: Open Humans refuses our client: check client_id");
    co_await shop.sleep_ms(1'233);
    BOOST_TEST(order.empty());
    co_await shop.sleep_ms(2);
    BOOST_TEST(order.size() == 1u);
    shop.runner->release("upload");
    co_await shop.sleep_ms(1);
    BOOST_TEST(order.size() == 2u);
    BOOST_TEST(shop.runner->held_reason() == "");
  });
}

BOOST_AUTO_TEST_CASE(a_kind_that_nobody_knows_stays_ready) {
  Workshop shop;
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("of a newer version", "x");
    co_await shop.sleep_ms(600'000);
    const storage::Job job = co_await shop.job("of a newer version", "x");
    BOOST_TEST(job.state == JobState::ready);
  });
}

BOOST_AUTO_TEST_CASE(a_wall_clock_that_is_set_is_noticed_within_a_minute) {
  Workshop shop;
  std::vector<std::int64_t> passed_ms;
  const async::SteadyTime start = shop.clock().steady_now();
  shop.add("sync", [&](Run&) -> Task<RunResult> {
    const auto passed = shop.clock().steady_now() - start;
    passed_ms.push_back(std::chrono::duration_cast<async::Milliseconds>(passed).count());
    co_return Done{};
  });
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("sync", "forward", 50, shop.now_ms() + 3'600'000);
    co_await shop.sleep_ms(90'000);
    shop.simulation.set_wall_offset(std::chrono::hours(1));
    co_await shop.sleep_ms(60'000);
    BOOST_REQUIRE(passed_ms.size() == 1u);
    (void)co_await shop.enqueue("sync", "back", 50, shop.now_ms() + 60'000);
    shop.simulation.set_wall_offset(std::chrono::minutes(30));
    co_await shop.sleep_ms(1'800'000);
    BOOST_TEST(passed_ms.size() == 1u);
    co_await shop.sleep_ms(61'000);
    BOOST_TEST(passed_ms.size() == 2u);
  });
}

BOOST_AUTO_TEST_CASE(progress_is_stored_with_what_it_counts) {
  Workshop shop;
  shop.add("sync", [&](Run& run) -> Task<RunResult> {
    auto body = [&](storage::Writer& writer) { run.progress(writer, {3, 52, "weeks"}); };
    co_await run.commit(storage::Durability::soon, std::move(body));
    co_await shop.sleep_ms(1'000);
    co_return Done{};
  });
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("sync", "anna");
    co_await shop.sleep_ms(500);
    const storage::Job job = co_await shop.job("sync", "anna");
    BOOST_TEST(job.progress.done == 3u);
    BOOST_TEST(job.progress.total == 52u);
    BOOST_TEST(job.progress.unit == "weeks");
    BOOST_TEST(shop.runner->running() == 1u);
  });
}

BOOST_AUTO_TEST_SUITE_END()
