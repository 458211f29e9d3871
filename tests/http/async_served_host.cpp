#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

#include "http/async/task_group.hpp"
#include "http/client.hpp"
#include "tests/support/simulation.hpp"

using namespace tidemark;
using namespace std::chrono_literals;
using async::Task;
using test::Simulation;

namespace {

Task<http::Reply> answer(http::Request request, http::Peer peer) {
  if (request.target == "/broken") throw std::runtime_error("the handler is broken");
  http::Reply reply;
  reply.response.body = request.method + " " + request.target + " from " + peer.address;
  co_return reply;
}

// Sends one request by hand, and reads until the host closes.
Task<std::string> ask(Simulation& simulation, std::string host, std::string target) {
  async::Endpoint endpoint{host, "443", true};
  auto connection =
      co_await simulation.connector().connect(std::move(endpoint), async::Deadline::none());
  std::string request =
      "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
  co_await connection->write(request);
  std::string text;
  std::string room(4096, '\0');
  while (true) {
    std::size_t count = co_await connection->read_some(room);
    if (count == 0) co_return text;
    text.append(room, 0, count);
  }
}

bool starts_with(const std::string& text, const std::string& part) {
  return text.compare(0, part.size(), part) == 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(async_served_host)

BOOST_AUTO_TEST_CASE(a_served_host_answers_after_two_round_trips) {
  Simulation simulation(1);
  simulation.serve("api.github.test", answer);
  simulation.set_latency(30ms);
  simulation.run([&]() -> Task<void> {
    async::SteadyTime start = simulation.clock().steady_now();
    std::string text = co_await ask(simulation, "api.github.test", "/user?x=1");
    BOOST_TEST(starts_with(text, "HTTP/1.1 200"));
    BOOST_TEST(text.ends_with("\r\n\r\nGET /user?x=1 from simulated"));
    BOOST_TEST((simulation.clock().steady_now() == start + 4 * 30ms));
  });
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_answers_500) {
  Simulation simulation(1);
  simulation.serve("api.github.test", answer);
  simulation.run([&]() -> Task<void> {
    std::string text = co_await ask(simulation, "api.github.test", "/broken");
    BOOST_TEST(starts_with(text, "HTTP/1.1 500"));
    BOOST_TEST(text.find("the handler is broken") == std::string::npos);
  });
}

BOOST_AUTO_TEST_CASE(an_unknown_host_fails_like_an_unknown_name) {
  Simulation simulation(1);
  simulation.serve("api.github.test", answer);
  simulation.run([&]() -> Task<void> {
    bool unknown = false;
    try {
      co_await ask(simulation, "github.test", "/");
    } catch (const http::TransportError& thrown) {
      unknown = thrown.step() == http::TransportError::Step::resolve;
    }
    BOOST_TEST(unknown);
  });
}

BOOST_AUTO_TEST_CASE(a_host_may_be_replaced_while_it_serves) {
  Simulation simulation(1);
  async::Clock& clock = simulation.clock();
  auto slow = [&](http::Request request, http::Peer peer) -> Task<http::Reply> {
    co_await clock.sleep_for(10s);
    co_return co_await answer(std::move(request), std::move(peer));
  };
  simulation.serve("api.github.test", slow);
  simulation.run([&]() -> Task<void> {
    async::TaskGroup group(simulation.executor(), 1, nullptr);
    std::string first;
    auto ask_and_keep = [](Simulation& inside, std::string& text) -> Task<void> {
      text = co_await ask(inside, "api.github.test", "/slow");
    };
    BOOST_TEST(group.spawn("ask", ask_and_keep(simulation, first)));
    co_await clock.sleep_for(1s);
    simulation.serve("api.github.test", answer);
    std::string second = co_await ask(simulation, "api.github.test", "/fast");
    co_await group.join();
    BOOST_TEST(first.ends_with("GET /slow from simulated"));
    BOOST_TEST(second.ends_with("GET /fast from simulated"));
  });
}

BOOST_AUTO_TEST_CASE(connections_left_open_end_with_the_simulation) {
  auto ended = std::make_shared<bool>(false);
  {
    Simulation simulation(1);
    // Lives as long as the handler's coroutine.
    struct NotesItsEnd {
      std::shared_ptr<bool> flag;
      ~NotesItsEnd() { *flag = true; }
    };
    auto hang = [&](http::Request, http::Peer) -> Task<http::Reply> {
      NotesItsEnd note{ended};
      co_await simulation.clock().sleep_for(30s);
      co_return http::Reply{};
    };
    simulation.serve("api.github.test", hang);
    simulation.run([&]() -> Task<void> {
      async::Endpoint endpoint{"api.github.test", "443", true};
      auto connection =
          co_await simulation.connector().connect(std::move(endpoint), async::Deadline::none());
      co_await connection->write("GET / HTTP/1.1\r\nHost: api.github.test\r\n\r\n");
      co_await simulation.clock().sleep_for(1s);
    });
    BOOST_TEST(!*ended);
  }
  BOOST_TEST(*ended);
}

BOOST_AUTO_TEST_SUITE_END()
