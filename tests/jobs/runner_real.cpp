#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include "http/async/task_group.hpp"
#include "jobs/runner.hpp"
#include "storage/rocks/open.hpp"
#include "tests/jobs/runner_fixture.hpp"
#include "tests/support/run.hpp"

using namespace tidemark;
using async::Task;
using storage::Durability;

BOOST_AUTO_TEST_SUITE(runner_real)

BOOST_AUTO_TEST_CASE(jobs_run_on_real_threads_and_clocks) {
  constexpr int jobs_most = 40;
  const auto engine = storage::open_rocks_in_memory();
  const auto pool = storage::make_thread_pool(2, 64);
  storage::Store store(*engine, *pool);
  async::RealClock clock;
  async::SecureRandom random;
  int runs = 0;
  auto work = [&](jobs::Run& run) -> Task<jobs::RunResult> {
    auto body = [&](storage::Writer& writer) { run.progress(writer, {1, 1, "runs"}); };
    co_await run.commit(Durability::soon, std::move(body));
    ++runs;
    co_return jobs::Done{};
  };
  auto whole = [&]() -> Task<void> {
    auto executor = co_await boost::asio::this_coro::executor;
    jobs::Runner runner(executor, store, clock, random, {}, nullptr);
    runner.add(std::make_unique<test::KindOf>("sync", work));
    async::TaskGroup group(executor, 1, nullptr);
    BOOST_REQUIRE(group.spawn("runner", runner.run()));
    for (int number = 0; number < jobs_most; ++number) {
      storage::Job job;
      job.kind = "sync";
      job.key = std::to_string(number);
      auto add = [&](storage::Writer& writer) { storage::enqueue_job(writer, job, 1); };
      co_await store.write(Durability::soon, std::move(add));
      runner.wake();
    }
    for (int look = 0; runs < jobs_most && look < 1'000; ++look) {
      co_await clock.sleep_for(async::Milliseconds(5));
    }
    co_await runner.stop(async::Deadline::after(clock, async::Milliseconds(5'000)));
    co_await group.join();
  };
  test::run(whole);
  BOOST_TEST(runs == jobs_most);
  engine->read([&](const storage::Reader& reader) {
    BOOST_TEST(storage::job_counts(reader).done == static_cast<std::uint64_t>(jobs_most));
  });
}

BOOST_AUTO_TEST_SUITE_END()
