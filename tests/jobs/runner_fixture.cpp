#include "tests/jobs/runner_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace tidemark::test {

void Workshop::live(std::function<async::Task<void>()> body) {
  auto fail = [](const std::string& name, std::exception_ptr error) {
    BOOST_TEST_MESSAGE(name);
    std::rethrow_exception(error);
  };
  auto whole = [&]() -> async::Task<void> {
    async::TaskGroup group(simulation.executor(), 1, fail);
    BOOST_REQUIRE(group.spawn("runner", runner->run()));
    std::exception_ptr error;
    try {
      co_await body();
    } catch (...) {
      error = std::current_exception();
    }
    const auto deadline = async::Deadline::after(clock(), async::Milliseconds(10'000));
    co_await runner->stop(deadline);
    co_await group.join();
    if (error) std::rethrow_exception(error);
  };
  simulation.run(whole);
}

async::Task<void> Workshop::until(std::function<bool()> happened) {
  for (int look = 0; !happened(); ++look) {
    BOOST_REQUIRE_MESSAGE(look < 100'000, "it never happened");
    co_await sleep_ms(10);
  }
}

async::Task<storage::Enqueued> Workshop::enqueue(std::string kind, std::string key,
                                                 std::uint32_t priority, std::int64_t due_ms) {
  storage::Job job;
  job.kind = std::move(kind);
  job.key = std::move(key);
  job.priority = priority;
  job.due_ms = due_ms;
  const std::int64_t now = now_ms();
  auto body = [&](storage::Writer& writer) { return storage::enqueue_job(writer, job, now); };
  storage::Enqueued enqueued = co_await store.write(storage::Durability::soon, std::move(body));
  runner->wake();
  co_return enqueued;
}

async::Task<storage::Job> Workshop::job(std::string kind, std::string key) {
  auto body = [&](const storage::Reader& reader) {
    return storage::find_job(reader, kind, key).value_or(storage::Job{});
  };
  storage::Job found = co_await store.read(std::move(body));
  co_return found;
}

async::Task<storage::JobCounts> Workshop::counts() {
  auto body = [](const storage::Reader& reader) { return storage::job_counts(reader); };
  storage::JobCounts found = co_await store.read(std::move(body));
  co_return found;
}

}  // namespace tidemark::test
