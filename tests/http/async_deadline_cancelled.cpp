#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "http/async/deadline.hpp"
#include "http/async/task_group.hpp"
#include "tests/http/async_both_loops.hpp"
#include "tests/http/async_thrown.hpp"

using namespace tidemark;
using namespace std::chrono_literals;
using async::Clock;
using async::Deadline;
using async::DeadlinePassed;
using async::Task;
using async::with_deadline;
using test::holds;
using test::holds_cancellation;
using test::on_both_loops;
using test::thrown_by;

namespace asio = boost::asio;

namespace {

// Long enough that a busy machine does not pass it before the operation has started.
constexpr async::Milliseconds soon = 20ms;
constexpr async::Milliseconds far_off = 10s;

// Sleeps, and turns whatever ends the sleep early into another exception.
Task<void> translate_cancellation(Clock& clock) {
  try {
    co_await clock.sleep_for(far_off);
  } catch (const boost::system::system_error&) {
    throw std::runtime_error("reading failed");
  }
}

// Runs `task` as a member of a group that is cancelled after `delay`, and gives what it threw.
Task<std::exception_ptr> thrown_when_cancelled(Clock& clock, Task<void> task,
                                               async::Milliseconds delay) {
  std::exception_ptr thrown;
  auto keep = [](Task<void> inner, std::exception_ptr& slot) -> Task<void> {
    try {
      co_await std::move(inner);
    } catch (...) {
      slot = std::current_exception();
    }
  };
  auto executor = co_await asio::this_coro::executor;
  async::TaskGroup group(executor, 1, nullptr);
  bool spawned = group.spawn("task", keep(std::move(task), thrown));
  BOOST_TEST(spawned);
  co_await clock.sleep_for(delay);
  group.cancel();
  co_await group.join();
  co_return thrown;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(async_deadline_cancelled)

BOOST_AUTO_TEST_CASE(a_cancelled_operation_may_finish_its_clean_up) {
  on_both_loops([](Clock& clock) -> Task<void> {
    bool cleaned_up = false;
    auto tidy = [](Clock& on, bool& done) -> Task<void> {
      bool reached = co_await on.wait_until(on.steady_now() + far_off);
      BOOST_TEST(!reached);
      co_await asio::this_coro::reset_cancellation_state();
      co_await on.sleep_for(soon);
      done = true;
      throw boost::system::system_error(asio::error::operation_aborted);
    };
    Deadline deadline = Deadline::after(clock, soon);
    auto thrown =
        co_await thrown_by(with_deadline(clock, deadline, "tidying", tidy(clock, cleaned_up)));
    BOOST_TEST(holds<DeadlinePassed>(thrown));
    BOOST_TEST(cleaned_up);
  });
}

BOOST_AUTO_TEST_CASE(what_is_thrown_because_of_the_deadline_counts_as_the_deadline) {
  on_both_loops([](Clock& clock) -> Task<void> {
    Deadline deadline = Deadline::after(clock, soon);
    auto thrown =
        co_await thrown_by(with_deadline(clock, deadline, "x", translate_cancellation(clock)));
    BOOST_TEST(holds<DeadlinePassed>(thrown));
  });
}

BOOST_AUTO_TEST_CASE(a_result_that_comes_after_all_is_not_thrown_away) {
  on_both_loops([](Clock& clock) -> Task<void> {
    auto stubborn = [](Clock& on) -> Task<int> {
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
      co_await on.sleep_for(4 * soon);
      co_return 9;
    };
    Deadline deadline = Deadline::after(clock, soon);
    int value = co_await with_deadline(clock, deadline, "storing", stubborn(clock));
    BOOST_TEST(value == 9);
    BOOST_TEST(deadline.passed(clock));
  });
}

BOOST_AUTO_TEST_CASE(a_cancellation_from_outside_reaches_the_operation) {
  on_both_loops([](Clock& clock) -> Task<void> {
    bool saw_it = false;
    auto watch = [](Clock& on, bool& seen) -> Task<void> {
      bool reached = co_await on.wait_until(on.steady_now() + far_off);
      seen = !reached;
      // The clock of the race ends first, then: it must not look like the deadline.
      co_await asio::this_coro::reset_cancellation_state();
      co_await on.sleep_for(soon);
      throw boost::system::system_error(asio::error::operation_aborted);
    };
    Deadline deadline = Deadline::after(clock, far_off);
    Task<void> race = with_deadline(clock, deadline, "watching", watch(clock, saw_it));
    auto thrown = co_await thrown_when_cancelled(clock, std::move(race), soon);
    BOOST_TEST(holds_cancellation(thrown));
    BOOST_TEST(saw_it);
    BOOST_TEST((clock.steady_now() < deadline.at - 5s));
  });
}

BOOST_AUTO_TEST_CASE(an_operation_that_throws_while_being_cancelled_is_heard) {
  on_both_loops([](Clock& clock) -> Task<void> {
    Deadline deadline = Deadline::after(clock, far_off);
    Task<void> race = with_deadline(clock, deadline, "x", translate_cancellation(clock));
    auto thrown = co_await thrown_when_cancelled(clock, std::move(race), soon);
    BOOST_TEST(holds<std::runtime_error>(thrown));
    BOOST_TEST(!holds<DeadlinePassed>(thrown));
    BOOST_TEST(!holds_cancellation(thrown));
  });
}

// Asio's group listens to a cancellation only when all its members are started.
BOOST_AUTO_TEST_CASE(an_operation_may_cancel_its_own_owner_in_its_first_breath) {
  on_both_loops([](Clock& clock) -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    async::TaskGroup group(executor, 1, nullptr);
    auto stop_all = [](Clock& on, async::TaskGroup& owner) -> Task<void> {
      owner.cancel();
      co_await on.sleep_for(far_off);
    };
    async::SteadyTime start = clock.steady_now();
    Deadline deadline = Deadline::after(clock, far_off);
    Task<void> race = with_deadline(clock, deadline, "stopping", stop_all(clock, group));
    bool spawned = group.spawn("race", std::move(race));
    BOOST_TEST(spawned);
    co_await group.join();
    BOOST_TEST((clock.steady_now() < start + 5s));
  });
}

BOOST_AUTO_TEST_SUITE_END()
