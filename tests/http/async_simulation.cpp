#include "tests/support/simulation.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <stdexcept>
#include <vector>

#include "http/async/task_group.hpp"
#include "tests/support/run.hpp"
#include "tests/support/simulated_loop.hpp"

using namespace tidemark;
using namespace std::chrono_literals;
using async::Clock;
using async::Task;
using async::TaskGroup;
using test::Simulation;

namespace asio = boost::asio;

namespace {

Task<void> note_after(Clock& clock, async::Milliseconds delay, int name, std::vector<int>& order) {
  co_await clock.sleep_for(delay);
  order.push_back(name);
}

// The order in which a hundred tasks with random naps end.
std::vector<int> order_for(std::uint64_t seed) {
  Simulation simulation(seed);
  std::vector<int> order;
  simulation.run([&]() -> Task<void> {
    TaskGroup group(simulation.executor(), 100, nullptr);
    for (int task = 0; task < 100; ++task) {
      async::Milliseconds nap(simulation.random().below(50));
      BOOST_TEST(group.spawn("nap", note_after(simulation.clock(), nap, task, order)));
    }
    co_await group.join();
  });
  return order;
}

Task<void> wait_for_nothing() {
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer never(executor, asio::steady_timer::time_point::max());
  co_await never.async_wait(asio::use_awaitable);
}

// The message of what `run` throws.
std::string failure_of(const std::function<void()>& run) {
  try {
    run();
  } catch (const std::runtime_error& thrown) {
    return thrown.what();
  }
  return "nothing was thrown";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(async_simulation)

BOOST_AUTO_TEST_CASE(a_week_with_ten_thousand_timers_passes_in_under_a_second) {
  // Processor time: other programs on the machine do not count.
  const std::clock_t before = std::clock();
  Simulation simulation(3);
  std::vector<int> order;
  simulation.run([&]() -> Task<void> {
    Clock& clock = simulation.clock();
    async::SteadyTime start = clock.steady_now();
    TaskGroup group(simulation.executor(), 10'000, nullptr);
    for (int timer = 0; timer < 10'000; ++timer) {
      async::Milliseconds nap(simulation.random().below(7 * 24 * 3600 * 1000));
      BOOST_REQUIRE(group.spawn("timer", note_after(clock, nap, timer, order)));
    }
    co_await clock.sleep_for(7 * 24h);
    BOOST_TEST(order.size() == 10'000U);
    BOOST_TEST((clock.steady_now() == start + 7 * 24h));
    co_await group.join();
  });
  const double took_seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  BOOST_TEST(took_seconds < 1);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_order_of_events) {
  BOOST_TEST(order_for(7) == order_for(7), boost::test_tools::per_element());
  BOOST_TEST((order_for(7) != order_for(8)));
}

BOOST_AUTO_TEST_CASE(those_who_wait_for_the_same_moment_wake_in_the_order_of_their_waiting) {
  Simulation simulation(1);
  std::vector<int> order;
  simulation.run([&]() -> Task<void> {
    TaskGroup group(simulation.executor(), 100, nullptr);
    for (int task = 0; task < 100; ++task) {
      BOOST_TEST(group.spawn("nap", note_after(simulation.clock(), 1h, task, order)));
    }
    co_await group.join();
  });
  BOOST_REQUIRE(order.size() == 100U);
  BOOST_TEST(std::is_sorted(order.begin(), order.end()));
}

BOOST_AUTO_TEST_CASE(what_one_waker_does_is_done_before_the_next_one_wakes) {
  Simulation simulation(1);
  std::vector<int> order;
  auto several_turns = [](Clock& clock, int name, std::vector<int>& notes) -> Task<void> {
    co_await clock.sleep_for(1h);
    for (int turn = 0; turn < 5; ++turn) {
      co_await asio::post(asio::use_awaitable);
      notes.push_back(name);
    }
  };
  simulation.run([&]() -> Task<void> {
    TaskGroup group(simulation.executor(), 2, nullptr);
    BOOST_TEST(group.spawn("one", several_turns(simulation.clock(), 1, order)));
    BOOST_TEST(group.spawn("two", several_turns(simulation.clock(), 2, order)));
    co_await group.join();
  });
  std::vector<int> expected{1, 1, 1, 1, 1, 2, 2, 2, 2, 2};
  BOOST_TEST(order == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(both_clocks_go_on_together_from_a_monday) {
  Simulation simulation(1);
  Clock& clock = simulation.clock();
  BOOST_TEST((clock.wall_now() == std::chrono::sys_days(std::chrono::January / 5 / 2026)));
  async::SteadyTime start = clock.steady_now();
  simulation.run([&]() -> Task<void> { co_await clock.sleep_for(36h); });
  BOOST_TEST((clock.wall_now() == Simulation::default_start() + 36h));
  simulation.run([&]() -> Task<void> { co_await clock.sleep_for(1ms); });
  BOOST_TEST((clock.wall_now() == Simulation::default_start() + 36h + 1ms));
  BOOST_TEST((clock.steady_now() == start + 36h + 1ms));
}

BOOST_AUTO_TEST_CASE(a_wall_clock_set_anew_moves_no_steady_time_and_no_waiter) {
  Simulation simulation(1);
  Clock& clock = simulation.clock();
  simulation.run([&]() -> Task<void> {
    async::SteadyTime start = clock.steady_now();
    std::vector<int> order;
    TaskGroup group(simulation.executor(), 1, nullptr);
    BOOST_TEST(group.spawn("nap", note_after(clock, 10min, 1, order)));
    for (async::Milliseconds offset : {async::Milliseconds(1h), async::Milliseconds(-48h)}) {
      simulation.set_wall_offset(offset);
      BOOST_TEST((clock.steady_now() == start));
      BOOST_TEST((clock.wall_now() == Simulation::default_start() + offset));
    }
    co_await group.join();
    BOOST_TEST((clock.steady_now() == start + 10min));
  });
}

BOOST_AUTO_TEST_CASE(a_deadlock_is_reported_with_the_seed_and_the_body_is_cancelled) {
  Simulation simulation(4711);
  bool cleaned_up = false;
  std::string failure = failure_of([&] {
    simulation.run([&]() -> Task<void> {
      try {
        co_await wait_for_nothing();
      } catch (const boost::system::system_error&) {
        cleaned_up = true;
      }
    });
  });
  BOOST_TEST(contains(failure, "deadlock"));
  BOOST_TEST(contains(failure, "TIDEMARK_SEED=4711"));
  BOOST_TEST(cleaned_up);
  // The body is gone, so the simulation is fit for another run.
  bool ran = false;
  simulation.run([&]() -> Task<void> {
    ran = true;
    co_return;
  });
  BOOST_TEST(ran);
}

BOOST_AUTO_TEST_CASE(waiting_for_the_end_of_time_is_a_deadlock) {
  Simulation simulation(1);
  std::string failure = failure_of([&] {
    simulation.run([&] { return simulation.clock().sleep_until(async::SteadyTime::max()); });
  });
  BOOST_TEST(contains(failure, "deadlock"));
}

BOOST_AUTO_TEST_CASE(a_body_that_cannot_be_cancelled_ends_its_simulation) {
  Simulation simulation(1);
  auto stubborn = []() -> Task<void> {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await wait_for_nothing();
  };
  std::string failure = failure_of([&] { simulation.run(stubborn); });
  BOOST_TEST(contains(failure, "nor does it react to cancellation"));
  BOOST_CHECK_THROW(simulation.run(stubborn), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_body_that_takes_more_simulated_time_than_allowed_fails) {
  Simulation simulation(1);
  Clock& clock = simulation.clock();
  auto nap = [&] { return clock.sleep_for(1h); };
  std::string failure = failure_of([&] { simulation.run(nap, 1h - 1ms); });
  BOOST_TEST(contains(failure, "did not end within the simulated time"));
  simulation.run(nap, 1h);
}

BOOST_AUTO_TEST_CASE(a_loop_that_never_comes_to_rest_is_noticed) {
  test::SimulatedLoop loop(Simulation::default_start(), 20ms);
  std::function<void()> again = [&] { asio::post(loop.context(), again); };
  asio::post(loop.context(), again);
  auto never = [] { return false; };
  auto stop = loop.drive(never, loop.steady_now() + 1h);
  BOOST_TEST((stop == test::SimulatedLoop::Stop::never_at_rest));
}

BOOST_AUTO_TEST_CASE(what_a_body_throws_comes_out) {
  Simulation simulation(1);
  auto thrower = [&]() -> Task<void> {
    co_await simulation.clock().sleep_for(1h);
    throw std::out_of_range("from the body");
  };
  BOOST_CHECK_THROW(simulation.run(thrower), std::out_of_range);
  BOOST_CHECK_THROW(test::run([]() -> Task<void> {
                      co_await asio::post(asio::use_awaitable);
                      throw std::out_of_range("from the body");
                    }),
                    std::out_of_range);
}

BOOST_AUTO_TEST_CASE(a_body_that_hangs_in_real_time_is_a_failure) {
  bool cleaned_up = false;
  std::string failure = failure_of([&] {
    test::run(
        [&]() -> Task<void> {
          try {
            co_await wait_for_nothing();
          } catch (const boost::system::system_error&) {
            cleaned_up = true;
          }
        },
        20ms);
  });
  BOOST_TEST(contains(failure, "did not end within 20 ms"));
  BOOST_TEST(cleaned_up);
}

BOOST_AUTO_TEST_SUITE_END()
