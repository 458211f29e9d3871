#include "http/async/clock.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include "http/async/task_group.hpp"
#include "tests/http/async_both_loops.hpp"
#include "tests/support/run.hpp"

using namespace tidemark;
using namespace std::chrono_literals;
using async::Clock;
using async::Task;
using test::on_both_loops;

namespace asio = boost::asio;

namespace {

// What a cancelled wait says: by value, and by exception.
struct Ending {
  bool reached = true;
  bool aborted = false;
};

Task<void> wait_long(Clock& clock, Ending& ending) {
  ending.reached = co_await clock.wait_until(clock.steady_now() + 10s);
}

Task<void> sleep_long(Clock& clock, Ending& ending) {
  try {
    co_await clock.sleep_for(10s);
  } catch (const std::exception& thrown) {
    ending.aborted = test::is_operation_aborted(thrown);
  }
}

// Has only what a clock must have, as a test's own clock would.
struct PlainClock final : Clock {
  [[nodiscard]] async::SteadyTime steady_now() const noexcept override { return real.steady_now(); }
  [[nodiscard]] async::WallTime wall_now() const noexcept override { return real.wall_now(); }
  Task<void> sleep_until(async::SteadyTime until) override { return real.sleep_until(until); }

  async::RealClock real;
};

Task<void> cancel_both_waits(Clock& clock) {
  Ending ending;
  auto executor = co_await asio::this_coro::executor;
  async::TaskGroup group(executor, 2, nullptr);
  BOOST_TEST(group.spawn("wait", wait_long(clock, ending)));
  BOOST_TEST(group.spawn("sleep", sleep_long(clock, ending)));
  co_await clock.sleep_for(2ms);
  group.cancel();
  co_await group.join();
  BOOST_TEST(!ending.reached);
  BOOST_TEST(ending.aborted);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(async_clock)

BOOST_AUTO_TEST_CASE(a_sleep_ends_at_its_time_or_after) {
  on_both_loops([](Clock& clock) -> Task<void> {
    async::SteadyTime start = clock.steady_now();
    co_await clock.sleep_until(start + 5ms);
    BOOST_TEST((clock.steady_now() >= start + 5ms));
    co_await clock.sleep_for(5ms);
    BOOST_TEST((clock.steady_now() >= start + 10ms));
    bool reached = co_await clock.wait_until(start + 15ms);
    BOOST_TEST(reached);
    BOOST_TEST((clock.steady_now() >= start + 15ms));
  });
}

BOOST_AUTO_TEST_CASE(a_sleep_until_a_past_moment_ends_and_turns_no_time_back) {
  on_both_loops([](Clock& clock) -> Task<void> {
    async::SteadyTime start = clock.steady_now();
    co_await clock.sleep_until(start - 1h);
    co_await clock.sleep_for(-5ms);
    BOOST_TEST((clock.steady_now() >= start));
    BOOST_TEST((clock.steady_now() < start + 5s));
  });
}

BOOST_AUTO_TEST_CASE(a_cancelled_sleep_throws_and_a_cancelled_wait_says_so) {
  on_both_loops(cancel_both_waits);
}

BOOST_AUTO_TEST_CASE(a_clock_that_only_sleeps_can_wait_too) {
  PlainClock clock;
  test::run([&]() -> Task<void> {
    bool reached = co_await clock.wait_until(clock.steady_now() + 1ms);
    BOOST_TEST(reached);
    co_await cancel_both_waits(clock);
  });
}

BOOST_AUTO_TEST_CASE(the_real_wall_clock_is_the_systems) {
  async::RealClock clock;
  auto difference = std::chrono::system_clock::now() - clock.wall_now();
  BOOST_TEST((difference >= 0ms && difference < 5s));
}

BOOST_AUTO_TEST_SUITE_END()
