#include "http/async/task_group.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>

#include "tests/http/async_both_loops.hpp"

using namespace tidemark;
using namespace std::chrono_literals;
using async::Clock;
using async::Task;
using async::TaskGroup;
using test::on_both_loops;

namespace asio = boost::asio;

namespace {

constexpr async::Milliseconds soon = 3ms;
constexpr async::Milliseconds far_off = 10s;

// What a group reported, one "name: message" a line.
struct Reports {
  std::string text;

  TaskGroup::OnError recorder() {
    return [this](const std::string& name, const std::exception_ptr& error) {
      try {
        std::rethrow_exception(error);
      } catch (const std::exception& thrown) {
        text += name + ": " + thrown.what() + "\n";
      }
    };
  }
};

Task<void> count_after(Clock& clock, async::Milliseconds delay, int& count) {
  co_await clock.sleep_for(delay);
  ++count;
}

Task<void> throw_after(Clock& clock, async::Milliseconds delay) {
  if (delay > 0ms) co_await clock.sleep_for(delay);
  throw std::runtime_error("broken");
}

Task<void> join_and_note(TaskGroup& group, bool& joined) {
  co_await group.join();
  joined = true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(async_task_group)

BOOST_AUTO_TEST_CASE(an_empty_group_is_joined_at_once) {
  on_both_loops([](Clock& clock) -> Task<void> {
    async::SteadyTime start = clock.steady_now();
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 4, nullptr);
    co_await group.join();
    group.cancel();
    co_await group.join();
    BOOST_TEST(group.size() == 0);
    BOOST_TEST((clock.steady_now() < start + 1s));
  });
}

BOOST_AUTO_TEST_CASE(join_waits_for_every_task) {
  on_both_loops([](Clock& clock) -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 8, nullptr);
    int count = 0;
    for (int task = 0; task < 8; ++task) {
      BOOST_TEST(group.spawn("count", count_after(clock, soon * task, count)));
    }
    BOOST_TEST(group.size() == 8);
    co_await group.join();
    BOOST_TEST(count == 8);
    BOOST_TEST(group.size() == 0);
  });
}

BOOST_AUTO_TEST_CASE(a_full_group_drops_the_task_unstarted_and_has_room_again_later) {
  on_both_loops([](Clock& clock) -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 2, nullptr);
    int count = 0;
    BOOST_TEST(group.spawn("first", count_after(clock, soon, count)));
    BOOST_TEST(group.spawn("second", count_after(clock, soon, count)));
    BOOST_TEST(!group.spawn("third", count_after(clock, 0ms, count)));
    co_await group.join();
    BOOST_TEST(count == 2);
    BOOST_TEST(group.spawn("fourth", count_after(clock, soon, count)));
    co_await group.join();
    BOOST_TEST(count == 3);
  });
}

BOOST_AUTO_TEST_CASE(a_group_of_no_size_takes_nothing) {
  on_both_loops([](Clock& clock) -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 0, nullptr);
    int count = 0;
    BOOST_TEST(!group.spawn("first", count_after(clock, 0ms, count)));
    co_await group.join();
    BOOST_TEST(count == 0);
  });
}

BOOST_AUTO_TEST_CASE(after_a_cancellation_nothing_is_taken) {
  on_both_loops([](Clock& clock) -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 4, nullptr);
    int count = 0;
    group.cancel();
    BOOST_TEST(!group.spawn("late", count_after(clock, 0ms, count)));
    co_await group.join();
    BOOST_TEST(count == 0);
  });
}

BOOST_AUTO_TEST_CASE(cancelling_ends_every_task_and_is_no_error) {
  on_both_loops([](Clock& clock) -> Task<void> {
    Reports reports;
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 16, reports.recorder());
    int count = 0;
    async::SteadyTime start = clock.steady_now();
    for (int task = 0; task < 16; ++task) {
      BOOST_TEST(group.spawn("count", count_after(clock, far_off, count)));
    }
    co_await clock.sleep_for(soon);
    group.cancel();
    co_await group.join();
    BOOST_TEST(count == 0);
    BOOST_TEST(reports.text.empty());
    BOOST_TEST((clock.steady_now() < start + 5s));
  });
}

BOOST_AUTO_TEST_CASE(a_task_cancelled_before_its_first_turn_never_runs) {
  on_both_loops([](Clock& /*clock*/) -> Task<void> {
    Reports reports;
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 4, reports.recorder());
    bool ran = false;
    auto note = [](bool& flag) -> Task<void> {
      flag = true;
      co_return;
    };
    BOOST_TEST(group.spawn("note", note(ran)));
    group.cancel();
    co_await group.join();
    BOOST_TEST(!ran);
    BOOST_TEST(reports.text.empty());
  });
}

BOOST_AUTO_TEST_CASE(a_task_that_throws_is_reported_by_name_and_the_others_go_on) {
  on_both_loops([](Clock& clock) -> Task<void> {
    Reports reports;
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 4, reports.recorder());
    int count = 0;
    BOOST_TEST(group.spawn("at once", throw_after(clock, 0ms)));
    BOOST_TEST(group.spawn("later", throw_after(clock, soon)));
    BOOST_TEST(group.spawn("count", count_after(clock, 4 * soon, count)));
    co_await group.join();
    BOOST_TEST(count == 1);
    BOOST_TEST(reports.text ==
               "at once: broken\n"
               "later: broken\n");
  });
}

BOOST_AUTO_TEST_CASE(a_task_that_throws_while_being_cancelled_is_reported) {
  on_both_loops([](Clock& clock) -> Task<void> {
    Reports reports;
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 4, reports.recorder());
    auto fail_to_stop = [](Clock& on) -> Task<void> {
      co_await on.wait_until(on.steady_now() + far_off);
      throw std::runtime_error("could not save the cursor");
    };
    BOOST_TEST(group.spawn("sync", fail_to_stop(clock)));
    co_await clock.sleep_for(soon);
    group.cancel();
    co_await group.join();
    BOOST_TEST(reports.text == "sync: could not save the cursor\n");
  });
}

BOOST_AUTO_TEST_CASE(a_group_without_a_reporter_bears_a_task_that_throws) {
  on_both_loops([](Clock& clock) -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 4, nullptr);
    BOOST_TEST(group.spawn("thrower", throw_after(clock, 0ms)));
    co_await group.join();
    BOOST_TEST(group.size() == 0);
  });
}

BOOST_AUTO_TEST_CASE(a_reporter_may_start_a_replacement) {
  on_both_loops([](Clock& clock) -> Task<void> {
    int count = 0;
    TaskGroup* replacing = nullptr;
    auto replace = [&](const std::string& /*name*/, const std::exception_ptr& /*error*/) {
      BOOST_TEST(replacing->spawn("replacement", count_after(clock, soon, count)));
    };
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 1, replace);
    replacing = &group;
    BOOST_TEST(group.spawn("thrower", throw_after(clock, soon)));
    co_await group.join();
    BOOST_TEST(count == 1);
  });
}

BOOST_AUTO_TEST_CASE(cancelling_twice_does_not_disturb_the_clean_up) {
  on_both_loops([](Clock& clock) -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 4, nullptr);
    bool cleaned_up = false;
    auto tidy = [](Clock& on, bool& done) -> Task<void> {
      co_await on.wait_until(on.steady_now() + far_off);
      co_await asio::this_coro::reset_cancellation_state();
      co_await on.sleep_for(4 * soon);
      done = true;
    };
    BOOST_TEST(group.spawn("tidy", tidy(clock, cleaned_up)));
    co_await clock.sleep_for(soon);
    group.cancel();
    co_await clock.sleep_for(soon);
    group.cancel();
    co_await group.join();
    BOOST_TEST(cleaned_up);
  });
}

BOOST_AUTO_TEST_CASE(a_task_may_cancel_its_own_group_and_return_at_once) {
  on_both_loops([](Clock& clock) -> Task<void> {
    Reports reports;
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 4, reports.recorder());
    int count = 0;
    auto stop_all = [](TaskGroup& owner) -> Task<void> {
      owner.cancel();
      co_return;
    };
    BOOST_TEST(group.spawn("count", count_after(clock, far_off, count)));
    BOOST_TEST(group.spawn("stop", stop_all(group)));
    co_await group.join();
    BOOST_TEST(count == 0);
    BOOST_TEST(reports.text.empty());
  });
}

BOOST_AUTO_TEST_CASE(a_task_may_spawn_into_its_own_group_and_join_waits_for_it) {
  on_both_loops([](Clock& clock) -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 2, nullptr);
    int count = 0;
    auto spawn_another = [](Clock& on, TaskGroup& owner, int& counter) -> Task<void> {
      co_await on.sleep_for(soon);
      BOOST_TEST(owner.spawn("another", count_after(on, soon, counter)));
    };
    BOOST_TEST(group.spawn("spawner", spawn_another(clock, group, count)));
    co_await group.join();
    BOOST_TEST(count == 1);
  });
}

BOOST_AUTO_TEST_CASE(a_group_may_be_joined_by_several) {
  on_both_loops([](Clock& clock) -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    TaskGroup group(executor, 1, nullptr);
    TaskGroup joiners(executor, 2, nullptr);
    int count = 0;
    bool first = false;
    bool second = false;
    BOOST_TEST(group.spawn("count", count_after(clock, soon, count)));
    BOOST_TEST(joiners.spawn("first", join_and_note(group, first)));
    BOOST_TEST(joiners.spawn("second", join_and_note(group, second)));
    co_await joiners.join();
    BOOST_TEST(count == 1);
    BOOST_TEST((first && second));
  });
}

BOOST_AUTO_TEST_CASE(a_cancelled_joiner_waits_to_the_end_and_is_cancelled_after_that) {
  on_both_loops([](Clock& clock) -> Task<void> {
    auto executor = co_await asio::this_coro::executor;
    TaskGroup joiners(executor, 1, nullptr);
    int count = 0;
    bool joined = false;
    bool went_on = false;
    auto join_and_go_on = [](Clock& on, TaskGroup& awaited, bool& first, bool& then) -> Task<void> {
      co_await awaited.join();
      first = true;
      co_await on.sleep_for(0ms);
      then = true;
    };
    // A task that ends and is replaced wakes the joiner once more.
    TaskGroup* replacing = nullptr;
    auto replace = [&](const std::string& /*name*/, const std::exception_ptr& /*error*/) {
      BOOST_TEST(replacing->spawn("count", count_after(clock, 4 * soon, count)));
    };
    TaskGroup group(executor, 1, replace);
    replacing = &group;
    BOOST_TEST(group.spawn("thrower", throw_after(clock, 4 * soon)));
    BOOST_TEST(joiners.spawn("joiner", join_and_go_on(clock, group, joined, went_on)));
    co_await clock.sleep_for(soon);
    joiners.cancel();
    co_await joiners.join();
    BOOST_TEST(count == 1);
    BOOST_TEST(joined);
    BOOST_TEST(!went_on);
    co_await group.join();
  });
}

BOOST_AUTO_TEST_SUITE_END()
