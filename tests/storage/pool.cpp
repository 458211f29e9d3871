#include "storage/pool.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <latch>
#include <thread>

#include "tests/support/run.hpp"

namespace tidemark::storage {
namespace {

namespace asio = boost::asio;

// Spawns tasks on one loop and runs it until all have ended.
class Loop {
 public:
  void spawn(asio::awaitable<void> task) {
    asio::co_spawn(context_, std::move(task), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }
  void run() { context_.run(); }
  asio::io_context& context() { return context_; }

 private:
  asio::io_context context_{1};
};

struct FourThreads {
  Loop loop;
  std::unique_ptr<Pool> pool = make_thread_pool(4, 1'000);
};

BOOST_FIXTURE_TEST_SUITE(thread_pool, FourThreads)

BOOST_AUTO_TEST_CASE(work_runs_elsewhere_and_its_caller_goes_on_at_home) {
  const auto home = std::this_thread::get_id();
  auto body = [&]() -> asio::awaitable<void> {
    auto work = [] { return std::this_thread::get_id(); };
    const std::thread::id elsewhere = co_await pool->run(work);
    BOOST_TEST((elsewhere != home));
    BOOST_TEST((std::this_thread::get_id() == home));
  };
  loop.spawn(body());
  loop.run();
}

BOOST_AUTO_TEST_CASE(what_the_work_throws_is_thrown_at_home) {
  bool thrown = false;
  auto body = [&]() -> asio::awaitable<void> {
    auto work = []() -> int { throw std::out_of_range("row 7"); };
    try {
      (void)co_await pool->run(work);
    } catch (const std::out_of_range& error) {
      thrown = std::string_view(error.what()) == "row 7";
    }
  };
  loop.spawn(body());
  loop.run();
  BOOST_TEST(thrown);
}

BOOST_AUTO_TEST_CASE(the_loop_keeps_running_while_only_the_pool_works) {
  bool ended = false;
  auto body = [&]() -> asio::awaitable<void> {
    auto work = [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); };
    co_await pool->run(work);
    ended = true;
  };
  loop.spawn(body());
  loop.run();  // returns early when nothing holds it
  BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(a_thousand_callers_get_each_its_own_answer) {
  std::atomic<int> ran = 0;
  int sum = 0;
  auto body = [&](int number) -> asio::awaitable<void> {
    auto work = [&ran, number] {
      ++ran;
      return std::to_string(number);
    };
    const std::string answer = co_await pool->run(work);
    BOOST_REQUIRE_EQUAL(answer, std::to_string(number));
    sum += number;
  };
  for (int number = 0; number < 1'000; ++number) loop.spawn(body(number));
  loop.run();
  BOOST_TEST(ran == 1'000);
  BOOST_TEST(sum == 999 * 1'000 / 2);
}

BOOST_AUTO_TEST_CASE(a_cancellation_waits_for_the_work_and_keeps_its_result) {
  asio::cancellation_signal signal;
  std::latch started(1), cancelled(1);
  int result = 0;
  bool next_wait_cancelled = false;
  auto body = [&]() -> asio::awaitable<void> {
    auto work = [&] {
      started.count_down();
      cancelled.wait();
      return 42;
    };
    result = co_await pool->run(work);
    try {
      co_await pool->run([] {});
    } catch (const boost::system::system_error& error) {
      next_wait_cancelled = error.code() == asio::error::operation_aborted;
    }
  };
  auto ended = [](std::exception_ptr failure) { BOOST_TEST(!failure); };
  asio::co_spawn(loop.context(), body(), asio::bind_cancellation_slot(signal.slot(), ended));
  auto cancel = [&] {
    started.wait();
    signal.emit(asio::cancellation_type::all);
    cancelled.count_down();
  };
  asio::post(loop.context(), [&] { asio::post(loop.context(), cancel); });
  loop.run();
  BOOST_TEST(result == 42);
  BOOST_TEST(next_wait_cancelled);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_full_queue_refuses_at_once_and_takes_work_again_later) {
  Loop loop;
  const auto pool = make_thread_pool(1, 2);
  std::latch started(1), released(1);
  int refused = 0, ended = 0;
  auto blocking = [&]() -> asio::awaitable<void> {
    auto work = [&] {
      started.count_down();
      released.wait();
    };
    co_await pool->run(work);
    ++ended;
  };
  auto quick = [&]() -> asio::awaitable<void> {
    try {
      co_await pool->run([] {});
      ++ended;
    } catch (const PoolFull&) {
      if (++refused == 3) released.count_down();
    }
  };
  loop.spawn(blocking());
  loop.context().poll();
  started.wait();
  for (int count = 0; count < 5; ++count) loop.spawn(quick());
  loop.run();
  BOOST_TEST(refused == 3);
  BOOST_TEST(ended == 3);
  BOOST_TEST(pool->waiting() == 0u);
  loop.context().restart();
  loop.spawn(quick());
  loop.run();
  BOOST_TEST(ended == 4);
}

BOOST_AUTO_TEST_CASE(work_that_must_not_be_refused_is_taken_by_a_full_queue) {
  Loop loop;
  const auto pool = make_thread_pool(1, 0);
  bool refused = false, done = false;
  auto body = [&]() -> asio::awaitable<void> {
    try {
      co_await pool->run([] {});
    } catch (const PoolFull&) {
      refused = true;
    }
    const std::function<void(Done)> work = [](Done finished) { finished(); };
    co_await pool->run_until_done(work, Pool::Admission::always);
    done = true;
  };
  loop.spawn(body());
  loop.run();
  BOOST_TEST(refused);
  BOOST_TEST(done);
}

BOOST_AUTO_TEST_CASE(a_pool_that_ends_first_runs_what_waits) {
  Loop loop;
  int ended = 0;
  auto pool = make_thread_pool(1, 100);
  auto body = [&]() -> asio::awaitable<void> {
    co_await pool->run([] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); });
    ++ended;
  };
  for (int count = 0; count < 10; ++count) loop.spawn(body());
  loop.context().poll();
  pool.reset();
  loop.run();
  BOOST_TEST(ended == 10);
}

BOOST_AUTO_TEST_CASE(the_inline_pool_stays_on_the_callers_thread) {
  const auto pool = make_inline_pool();
  auto body = [&]() -> asio::awaitable<void> {
    auto where = [] { return std::this_thread::get_id(); };
    const std::thread::id there = co_await pool->run(where);
    BOOST_TEST((there == std::this_thread::get_id()));
    bool thrown = false;
    try {
      co_await pool->run([] { throw std::out_of_range("no"); });
    } catch (const std::out_of_range&) {
      thrown = true;
    }
    BOOST_TEST(thrown);
  };
  tidemark::test::run(body);
}

}  // namespace
}  // namespace tidemark::storage
