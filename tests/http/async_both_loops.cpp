#include "tests/http/async_both_loops.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/run.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::test {

void on_both_loops(const ClockCase& body) {
  BOOST_TEST_CONTEXT("in real time") {
    async::RealClock clock;
    run([&] { return body(clock); });
  }
  BOOST_TEST_CONTEXT("on the simulated loop") {
    Simulation simulation(1);
    simulation.run([&] { return body(simulation.clock()); });
  }
}

bool is_operation_aborted(const std::exception& error) {
  auto* thrown = dynamic_cast<const boost::system::system_error*>(&error);
  return thrown != nullptr && thrown->code() == boost::asio::error::operation_aborted;
}

}  // namespace tidemark::test
