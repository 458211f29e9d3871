#include "tests/support/simulated_pipe.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>
#include <optional>

#include "http/async/task_group.hpp"
#include "http/client.hpp"
#include "tests/support/body.hpp"
#include "tests/support/simulated_network.hpp"

using namespace tidemark;
using namespace std::chrono_literals;
using async::Connection;
using async::Task;
using async::TaskGroup;
using test::PipeEnds;
using test::SimulatedLoop;
using Code = boost::system::error_code;

namespace asio = boost::asio;

namespace {

struct PipeFixture {
  SimulatedLoop loop{test::Simulation::default_start()};
  async::SeededRandom random{1};
  TaskGroup tasks{loop.context().get_executor(), 8, nullptr};

  ~PipeFixture() {
    tasks.cancel();
    auto ended = [this] { return tasks.size() == 0; };
    loop.drive(ended, loop.steady_now() + 1h);
  }

  PipeEnds pipe(test::PipeSettings settings) { return test::make_pipe(loop, random, settings); }

  void run(const std::function<Task<void>()>& function) {
    auto body = test::start_body(loop.context(), function);
    auto ended = [body] { return body->ended(); };
    auto stop = loop.drive(ended, loop.steady_now() + 1h);
    BOOST_TEST((stop == SimulatedLoop::Stop::done));
    body->rethrow();
  }

  // How long ago a simulated moment was.
  [[nodiscard]] async::Milliseconds since(async::SteadyTime moment) const {
    return std::chrono::duration_cast<async::Milliseconds>(loop.steady_now() - moment);
  }
};

Task<std::string> read(Connection& connection, std::size_t most = 100) {
  std::string text(most, '\0');
  std::size_t count = co_await connection.read_some(text);
  text.resize(count);
  co_return text;
}

Task<std::string> read_all(Connection& connection) {
  std::string text;
  while (true) {
    std::string part = co_await read(connection);
    if (part.empty()) co_return text;
    text += part;
  }
}

Task<void> read_and_note(Connection& connection, Code& code) {
  try {
    co_await read(connection);
  } catch (const boost::system::system_error& thrown) {
    code = thrown.code();
  }
}

Task<void> write_and_note(Connection& connection, std::string text, Code& code) {
  try {
    co_await connection.write(text);
  } catch (const boost::system::system_error& thrown) {
    code = thrown.code();
  }
}

// Serves by saying hello.
Task<void> say_hello(std::unique_ptr<Connection> connection) {
  co_await connection->write("hello");
}

Task<std::optional<http::TransportError::Step>> failing_step(async::Connector& connector,
                                                             std::string host,
                                                             async::Deadline deadline) {
  async::Endpoint endpoint{std::move(host), "443", true};
  try {
    co_await connector.connect(std::move(endpoint), deadline);
  } catch (const http::TransportError& thrown) {
    co_return thrown.step();
  }
  co_return std::nullopt;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(async_pipe, PipeFixture)

BOOST_AUTO_TEST_CASE(bytes_arrive_in_order_after_the_latency) {
  run([&]() -> Task<void> {
    PipeEnds ends = pipe({.latency = 25ms});
    async::SteadyTime start = loop.steady_now();
    co_await ends.asking->write("one ");
    co_await loop.sleep_for(10ms);
    co_await ends.asking->write("two");
    std::string first = co_await read(*ends.answering);
    BOOST_TEST(first == "one ");
    BOOST_TEST((since(start) == 25ms));
    std::string second = co_await read(*ends.answering);
    BOOST_TEST(second == "two");
    BOOST_TEST((since(start) == 35ms));
  });
}

BOOST_AUTO_TEST_CASE(a_small_reader_gets_the_bytes_in_pieces) {
  run([&]() -> Task<void> {
    PipeEnds ends = pipe({.latency = 1ms});
    co_await ends.answering->write("abcde");
    for (const char* expected : {"ab", "cd", "e"}) {
      std::string piece = co_await read(*ends.asking, 2);
      BOOST_TEST(piece == expected);
    }
  });
}

BOOST_AUTO_TEST_CASE(what_was_written_before_the_close_is_read_and_then_the_end) {
  run([&]() -> Task<void> {
    PipeEnds ends = pipe({.latency = 5ms});
    co_await ends.answering->write("goodbye");
    ends.answering.reset();
    std::string text = co_await read_all(*ends.asking);
    BOOST_TEST(text == "goodbye");
    std::string again = co_await read_all(*ends.asking);
    BOOST_TEST(again.empty());
  });
}

BOOST_AUTO_TEST_CASE(an_end_is_quiet_until_bytes_or_the_end_have_arrived) {
  run([&]() -> Task<void> {
    PipeEnds ends = pipe({.latency = 5ms});
    co_await ends.answering->write("x");
    BOOST_TEST(ends.asking->quiet());
    co_await loop.sleep_for(5ms);
    BOOST_TEST(!ends.asking->quiet());
    co_await read(*ends.asking);
    BOOST_TEST(ends.asking->quiet());
    ends.answering->close();
    BOOST_TEST(!ends.answering->quiet());
    co_await loop.sleep_for(5ms);
    BOOST_TEST(!ends.asking->quiet());
  });
}

BOOST_AUTO_TEST_CASE(closing_fails_what_is_pending_and_what_comes_later) {
  run([&]() -> Task<void> {
    PipeEnds ends = pipe({.latency = 5ms});
    Code reading;
    BOOST_TEST(tasks.spawn("read", read_and_note(*ends.asking, reading)));
    co_await loop.sleep_for(1ms);
    ends.asking->close();
    ends.asking->close();
    co_await loop.sleep_for(0ms);
    BOOST_TEST(reading == Code(asio::error::operation_aborted));
    co_await read_and_note(*ends.asking, reading);
    BOOST_TEST(reading == Code(asio::error::bad_descriptor));
    Code writing;
    co_await write_and_note(*ends.asking, "x", writing);
    BOOST_TEST(writing == Code(asio::error::bad_descriptor));
  });
}

BOOST_AUTO_TEST_CASE(a_cancelled_read_leaves_the_stream_whole) {
  run([&]() -> Task<void> {
    PipeEnds ends = pipe({.latency = 5ms});
    Code reading;
    TaskGroup group(loop.context().get_executor(), 1, nullptr);
    BOOST_TEST(group.spawn("read", read_and_note(*ends.asking, reading)));
    co_await ends.answering->write("still here");
    co_await loop.sleep_for(1ms);
    group.cancel();
    co_await group.join();
    BOOST_TEST(reading == Code(asio::error::operation_aborted));
    std::string text = co_await read(*ends.asking);
    BOOST_TEST(text == "still here");
  });
}

// As TCP does: this is why a client must be ready for a stale connection.
BOOST_AUTO_TEST_CASE(the_first_write_after_the_peers_close_succeeds_and_the_next_fails) {
  run([&]() -> Task<void> {
    PipeEnds ends = pipe({.latency = 5ms});
    ends.answering->close();
    Code writing;
    co_await write_and_note(*ends.asking, "x", writing);
    BOOST_TEST(!writing);
    std::string end = co_await read(*ends.asking);
    BOOST_TEST(end.empty());
    co_await write_and_note(*ends.asking, "x", writing);
    BOOST_TEST(writing == Code(asio::error::broken_pipe));
  });
}

BOOST_AUTO_TEST_CASE(a_writer_waits_for_a_slow_reader) {
  run([&]() -> Task<void> {
    PipeEnds ends = pipe({.latency = 1ms});
    std::string large(1'000'000, 'x');
    Code writing = asio::error::in_progress;
    BOOST_TEST(tasks.spawn("write", write_and_note(*ends.answering, large, writing)));
    co_await loop.sleep_for(1min);
    BOOST_TEST(tasks.size() == 1U);
    std::size_t count = 0;
    std::string room(64 * 1024, '\0');
    while (count < large.size()) {
      std::size_t more = co_await ends.asking->read_some(room);
      BOOST_REQUIRE(more > 0);
      count += more;
    }
    co_await loop.sleep_for(0ms);
    BOOST_TEST(count == large.size());
    BOOST_TEST(tasks.size() == 0U);
  });
}

BOOST_AUTO_TEST_CASE(a_writer_that_waits_ends_when_the_reader_closes) {
  run([&]() -> Task<void> {
    PipeEnds ends = pipe({.latency = 1ms});
    Code writing;
    std::string large(1'000'000, 'x');
    BOOST_TEST(tasks.spawn("write", write_and_note(*ends.answering, large, writing)));
    co_await loop.sleep_for(1min);
    ends.asking->close();
    co_await loop.sleep_for(0ms);
    BOOST_TEST(tasks.size() == 0U);
    co_await write_and_note(*ends.answering, "x", writing);
    BOOST_TEST(writing == Code(asio::error::broken_pipe));
  });
}

BOOST_AUTO_TEST_CASE(a_cut_answer_ends_inside_and_with_tls_it_shows) {
  const std::string answer(1000, 'x');
  for (bool tls : {false, true}) {
    run([&]() -> Task<void> {
      PipeEnds ends = pipe({.latency = 1ms, .tls = tls, .cut_answer = 1});
      co_await ends.asking->write("questions are not cut");
      std::string question = co_await read(*ends.answering);
      BOOST_TEST(question == "questions are not cut");
      co_await ends.answering->write(answer);
      std::size_t count = 0;
      Code reading;
      try {
        while (true) {
          std::string part = co_await read(*ends.asking);
          if (part.empty()) break;
          count += part.size();
        }
      } catch (const boost::system::system_error& thrown) {
        reading = thrown.code();
      }
      BOOST_TEST(count < answer.size());
      Code expected;
      if (tls) expected = asio::ssl::error::stream_truncated;
      BOOST_TEST(reading == expected);
    });
  }
}

BOOST_AUTO_TEST_CASE(connecting_takes_one_round_trip_and_the_host_answers) {
  test::SimulatedNetwork network(loop, random, tasks);
  network.add_host("api.test", say_hello);
  network.set_latency(40ms);
  run([&]() -> Task<void> {
    async::SteadyTime start = loop.steady_now();
    async::Endpoint endpoint{"api.test", "443", true};
    auto connection = co_await network.connect(endpoint, async::Deadline::none());
    BOOST_TEST((since(start) == 80ms));
    std::string text = co_await read_all(*connection);
    BOOST_TEST(text == "hello");
    BOOST_TEST((since(start) == 120ms));
    BOOST_TEST(tasks.size() == 0U);
  });
}

BOOST_AUTO_TEST_CASE(what_cannot_be_connected_names_its_step) {
  using Step = http::TransportError::Step;
  test::SimulatedNetwork network(loop, random, tasks);
  network.add_host("api.test", say_hello);
  network.set_latency(40ms);
  run([&]() -> Task<void> {
    async::Deadline far_off = async::Deadline::after(loop, 10s);
    auto step = co_await failing_step(network, "unknown.test", far_off);
    BOOST_TEST((step == Step::resolve));
    async::Deadline soon = async::Deadline::after(loop, 79ms);
    step = co_await failing_step(network, "api.test", soon);
    BOOST_TEST((step == Step::connect));
    BOOST_TEST((loop.steady_now() == soon.at));
    step = co_await failing_step(network, "api.test", far_off);
    BOOST_TEST(!step.has_value());
    network.set_faults({.refuse = 1});
    step = co_await failing_step(network, "api.test", far_off);
    BOOST_TEST((step == Step::connect));
  });
}

BOOST_AUTO_TEST_SUITE_END()
