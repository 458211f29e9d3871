#include <boost/test/unit_test.hpp>

#include "http/client.hpp"
#include "tests/simulators/moment.hpp"
#include "tests/simulators/serve.hpp"
#include "tests/simulators/tests/asking.hpp"
#include "tests/support/simulation.hpp"

using namespace tidemark::simulators;
namespace async = tidemark::async;
namespace http = tidemark::http;

namespace {

struct Served {
  Served() { simulation.serve("api.github.test", serve(github.github, simulation.clock())); }

  async::Task<http::Exchanged> get(std::string target) {
    http::Request request{"GET", "", {{"Authorization", "Bearer " + github.token}}, {}};
    http::Url url = *http::parse_url("https://api.github.test" + target);
    http::ExchangeOptions options;
    options.deadline = async::Deadline::after(simulation.clock(), async::Milliseconds(60'000));
    request.target = url.target;
    co_return co_await client.exchange(std::move(url), std::move(request), std::move(options));
  }

  AskingGithub github;
  tidemark::test::Simulation simulation{tidemark::test::test_seed()};
  http::Client client{
      simulation.executor(), simulation.clock(), simulation.connector(), {}, "test"};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(serving, Served)

BOOST_AUTO_TEST_CASE(a_simulator_answers_on_the_simulated_clock) {
  simulation.run([&]() -> async::Task<void> {
    http::Exchanged answer = co_await get("/user");
    BOOST_TEST(answer.response.status == 200u);
    BOOST_TEST(*answer.response.headers.find("Date") == "Mon, 05 Jan 2026 00:00:00 GMT");
    co_await simulation.clock().sleep_for(std::chrono::hours(24));
    simulation.set_wall_offset(async::Milliseconds(600'000));  // ours, not the server's
    answer = co_await get("/users/alice");
    BOOST_TEST(*answer.response.headers.find("Date") == "Tue, 06 Jan 2026 00:00:00 GMT");
  });
}

BOOST_AUTO_TEST_CASE(slow_answers_take_simulated_time) {
  Fault slow;
  slow.kind = FaultKind::slow;
  slow.delay_ms = 5000;
  github.github.faults().add(slow);
  simulation.run([&]() -> async::Task<void> {
    async::SteadyTime before = simulation.clock().steady_now();
    co_await get("/user");
    BOOST_TEST((simulation.clock().steady_now() - before >= std::chrono::seconds(5)));
  });
}

BOOST_AUTO_TEST_CASE(a_cut_answer_reaches_the_client_as_an_outage) {
  Fault cut;
  cut.kind = FaultKind::cut_after;
  github.github.faults().add(cut);
  simulation.run([&]() -> async::Task<void> {
    bool failed = false;
    try {
      co_await get("/user");
    } catch (const http::TransportError& error) {
      failed = true;
      BOOST_TEST(!error.before_sending());
    }
    BOOST_TEST(failed);
  });
  BOOST_TEST(github.github.ledger().line(github.owner(), "core").lost == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
