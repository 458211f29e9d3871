#include "daemon/events.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include "http/async/task_group.hpp"
#include "tests/support/run.hpp"

namespace tidemark::daemon {

namespace {

// Followers as tasks of their own; joined before the hub goes.
struct Followers {
  explicit Followers(async::Executor executor)
      : group(std::move(executor), 8, [](const std::string&, std::exception_ptr) {}) {}
  async::TaskGroup group;
};

EventHub::Send into(std::string& text) {
  return [&text](std::string_view chunk) -> async::Task<void> {
    text += chunk;
    co_return;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(every_follower_gets_every_event_and_a_closed_hub_ends_them) {
  EventHub hub;
  std::string first, second;
  test::run([&]() -> async::Task<void> {
    async::RealClock clock;
    const async::Executor executor = co_await boost::asio::this_coro::executor;
    Followers followers(executor);
    BOOST_TEST(followers.group.spawn("first", hub.follow(into(first))));
    BOOST_TEST(followers.group.spawn("second", hub.follow(into(second))));
    co_await clock.sleep_for(async::Milliseconds(1));
    BOOST_TEST(hub.followers() == 2);
    hub.publish("job", R"({"id":7})");
    hub.publish("job", R"({"id":8})");
    hub.close();
    co_await followers.group.join();
    BOOST_TEST(hub.followers() == 0);
  });
  BOOST_TEST(first ==
             ": tidemark events\n\nid: 1\nevent: job\ndata: {\"id\":7}\n\n"
             "id: 2\nevent: job\ndata: {\"id\":8}\n\n");
  BOOST_TEST(second == first);
}

BOOST_AUTO_TEST_CASE(a_follower_that_falls_behind_loses_the_oldest_and_is_told_how_many) {
  EventHub hub;
  std::string text;
  test::run([&]() -> async::Task<void> {
    async::RealClock clock;
    const async::Executor executor = co_await boost::asio::this_coro::executor;
    Followers followers(executor);
    BOOST_TEST(followers.group.spawn("slow", hub.follow(into(text))));
    co_await clock.sleep_for(async::Milliseconds(1));
    for (std::size_t i = 0; i < EventHub::queue_most + 3; ++i) hub.publish("job", "{}");
    hub.close();
    co_await followers.group.join();
  });
  BOOST_TEST(text.find("event: dropped\ndata: {\"events\":3}\n\nid: 4\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(silence_is_broken_so_that_a_gone_follower_is_noticed) {
  EventHub hub(async::Milliseconds(5));
  std::string text;
  test::run([&]() -> async::Task<void> {
    async::RealClock clock;
    const async::Executor executor = co_await boost::asio::this_coro::executor;
    Followers followers(executor);
    auto fails_at_second = [&text, sent = 0](std::string_view chunk) mutable -> async::Task<void> {
      text += chunk;
      if (++sent == 2) throw std::runtime_error("the follower is gone");
      co_return;
    };
    BOOST_TEST(followers.group.spawn("gone", hub.follow(fails_at_second)));
    co_await followers.group.join();
  });
  BOOST_TEST(text == ": tidemark events\n\n: still here\n\n");
  BOOST_TEST(hub.followers() == 0);
}

BOOST_AUTO_TEST_CASE(a_cancelled_follower_ends_at_once) {
  EventHub hub;
  std::string text;
  test::run([&]() -> async::Task<void> {
    async::RealClock clock;
    const async::Executor executor = co_await boost::asio::this_coro::executor;
    Followers followers(executor);
    BOOST_TEST(followers.group.spawn("cancelled", hub.follow(into(text))));
    co_await clock.sleep_for(async::Milliseconds(1));
    followers.group.cancel();
    co_await followers.group.join();
  });
  BOOST_TEST(hub.followers() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
