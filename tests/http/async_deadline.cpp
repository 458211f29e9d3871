#include "http/async/deadline.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <stdexcept>
#include <thread>

#include "http/async/task_group.hpp"
#include "tests/http/async_both_loops.hpp"
#include "tests/http/async_thrown.hpp"
#include "tests/support/run.hpp"
#include "tests/support/simulation.hpp"

using namespace tidemark;
using namespace std::chrono_literals;
using async::Clock;
using async::Deadline;
using async::DeadlinePassed;
using async::Task;
using async::with_deadline;
using test::holds;
using test::on_both_loops;
using test::thrown_by;

namespace asio = boost::asio;

namespace {

// Long enough that a busy machine does not pass it before the operation has started.
constexpr async::Milliseconds soon = 20ms;
constexpr async::Milliseconds far_off = 10s;

Task<int> number_after(Clock& clock, async::Milliseconds delay) {
  co_await clock.sleep_for(delay);
  co_return 42;
}

Task<void> throw_after(Clock& clock, async::Milliseconds delay) {
  if (delay > 0ms) co_await clock.sleep_for(delay);
  throw std::invalid_argument("the peer talks nonsense");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(async_deadline)

BOOST_AUTO_TEST_CASE(an_operation_that_ends_in_time_gives_its_value) {
  on_both_loops([](Clock& clock) -> Task<void> {
    Deadline deadline = Deadline::after(clock, far_off);
    int value = co_await with_deadline(clock, deadline, "counting", number_after(clock, soon));
    BOOST_TEST(value == 42);
    BOOST_TEST((clock.steady_now() < deadline.at - 5s));
  });
}

BOOST_AUTO_TEST_CASE(a_move_only_value_comes_through) {
  on_both_loops([](Clock& clock) -> Task<void> {
    auto make = [](Clock& on) -> Task<std::unique_ptr<std::string>> {
      co_await on.sleep_for(soon);
      co_return std::make_unique<std::string>("unique");
    };
    Deadline deadline = Deadline::after(clock, far_off);
    std::unique_ptr<std::string> made =
        co_await with_deadline(clock, deadline, "making", make(clock));
    BOOST_REQUIRE(made != nullptr);
    BOOST_TEST(*made == "unique");
  });
}

BOOST_AUTO_TEST_CASE(an_operation_that_never_waits_gives_its_value) {
  on_both_loops([](Clock& clock) -> Task<void> {
    auto ready = []() -> Task<int> { co_return 7; };
    Deadline deadline = Deadline::after(clock, far_off);
    int value = co_await with_deadline(clock, deadline, "being ready", ready());
    BOOST_TEST(value == 7);
  });
}

BOOST_AUTO_TEST_CASE(what_the_operation_throws_first_comes_out_at_once) {
  on_both_loops([](Clock& clock) -> Task<void> {
    for (async::Milliseconds delay : {0ms, soon}) {
      Deadline deadline = Deadline::after(clock, far_off);
      auto thrown =
          co_await thrown_by(with_deadline(clock, deadline, "asking", throw_after(clock, delay)));
      BOOST_TEST(holds<std::invalid_argument>(thrown));
      BOOST_TEST((clock.steady_now() < deadline.at - 5s));
    }
  });
}

// A busy loop finds both timers expired, and the clock of the race can no longer be cancelled.
BOOST_AUTO_TEST_CASE(an_operation_that_throws_just_before_the_deadline_is_heard_on_a_busy_loop) {
  async::RealClock clock;
  test::run([&]() -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    async::TaskGroup group(executor, 1, nullptr);
    Deadline deadline = Deadline::after(clock, 5 * soon);
    auto block = [](Clock& on, async::SteadyTime until) -> Task<void> {
      co_await on.sleep_for(1ms);
      std::this_thread::sleep_until(until);
    };
    auto fail = [](Clock& on, async::SteadyTime at) -> Task<void> {
      co_await on.sleep_until(at);
      throw std::invalid_argument("the peer talks nonsense");
    };
    BOOST_TEST(group.spawn("block", block(clock, deadline.at + soon)));
    auto thrown = co_await thrown_by(
        with_deadline(clock, deadline, "asking", fail(clock, deadline.at - 1us)));
    BOOST_TEST(holds<std::invalid_argument>(thrown));
    co_await group.join();
  });
}

BOOST_AUTO_TEST_CASE(a_deadline_that_passes_first_cancels_the_operation_and_names_it) {
  on_both_loops([](Clock& clock) -> Task<void> {
    Deadline deadline = Deadline::after(clock, soon);
    std::string message;
    try {
      co_await with_deadline(clock, deadline, "reading from x.test", number_after(clock, far_off));
    } catch (const DeadlinePassed& thrown) {
      message = thrown.what();
    }
    BOOST_TEST(message == "reading from x.test did not end before its deadline");
    BOOST_TEST(deadline.passed(clock));
    BOOST_TEST((clock.steady_now() < deadline.at + 5s));
  });
}

BOOST_AUTO_TEST_CASE(a_deadline_in_the_past_does_not_start_the_operation) {
  on_both_loops([](Clock& clock) -> Task<void> {
    bool started = false;
    auto start = [](bool& flag) -> Task<void> {
      flag = true;
      co_return;
    };
    for (Deadline deadline : {Deadline{clock.steady_now()}, Deadline{clock.steady_now() - 1h}}) {
      auto thrown = co_await thrown_by(with_deadline(clock, deadline, "x", start(started)));
      BOOST_TEST(holds<DeadlinePassed>(thrown));
    }
    BOOST_TEST(!started);
  });
}

BOOST_AUTO_TEST_CASE(no_deadline_means_no_race) {
  struct NobodyWaits final : Clock {
    [[nodiscard]] async::SteadyTime steady_now() const noexcept override { return {}; }
    [[nodiscard]] async::WallTime wall_now() const noexcept override { return {}; }
    Task<void> sleep_until(async::SteadyTime /*until*/) override {
      throw std::logic_error("waited for a deadline that does not exist");
    }
  };
  on_both_loops([](Clock& clock) -> Task<void> {
    NobodyWaits never;
    int value =
        co_await with_deadline(never, Deadline::none(), "waiting", number_after(clock, soon));
    BOOST_TEST(value == 42);
    auto thrown = co_await thrown_by(
        with_deadline(never, Deadline::none(), "asking", throw_after(clock, soon)));
    BOOST_TEST(holds<std::invalid_argument>(thrown));
  });
}

BOOST_AUTO_TEST_CASE(of_nested_deadlines_the_earlier_one_is_named) {
  on_both_loops([](Clock& clock) -> Task<void> {
    for (bool inner_is_earlier : {true, false}) {
      Deadline inner_deadline = Deadline::after(clock, inner_is_earlier ? soon : far_off);
      Deadline outer_deadline = Deadline::after(clock, inner_is_earlier ? far_off : soon);
      std::string message;
      Task<int> inner = with_deadline(clock, inner_deadline, "inner", number_after(clock, far_off));
      try {
        co_await with_deadline(clock, outer_deadline, "outer", std::move(inner));
      } catch (const DeadlinePassed& thrown) {
        message = thrown.what();
      }
      std::string expected = inner_is_earlier ? "inner" : "outer";
      BOOST_TEST(message == expected + " did not end before its deadline");
    }
  });
}

// Only simulated time can hit a moment exactly. `Deadline::passed` says the same.
BOOST_AUTO_TEST_CASE(ending_exactly_at_the_deadline_is_too_late_and_just_before_is_not) {
  test::Simulation simulation(1);
  Clock& clock = simulation.clock();
  simulation.run([&]() -> Task<void> {
    Deadline deadline = Deadline::after(clock, 1h);
    auto thrown =
        co_await thrown_by(with_deadline(clock, deadline, "x", clock.sleep_until(deadline.at)));
    BOOST_TEST(holds<DeadlinePassed>(thrown));
    BOOST_TEST((clock.steady_now() == deadline.at));

    deadline = Deadline::after(clock, 1h);
    co_await with_deadline(clock, deadline, "x", clock.sleep_until(deadline.at - 1ns));
    BOOST_TEST((clock.steady_now() == deadline.at - 1ns));
  });
}

BOOST_AUTO_TEST_SUITE_END()
