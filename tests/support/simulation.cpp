#include "tests/support/simulation.hpp"

#include <boost/test/framework.hpp>
#include <boost/test/utils/lazy_ostream.hpp>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <utility>

#include "http/async/task_group.hpp"
#include "tests/support/body.hpp"
#include "tests/support/simulated_loop.hpp"
#include "tests/support/simulated_network.hpp"

namespace tidemark::test {

namespace {

constexpr std::size_t connections_most = 4096;
// How much longer a cancelled body, or the tasks of the simulation, may take to clean up.
constexpr auto clean_up = std::chrono::hours(1);

void report(const std::string& where, const std::string& what) {
  std::cerr << "simulation: " << where << ": " << what << '\n';
}

void report_task(const std::string& name, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& thrown) {
    report(name, thrown.what());
  } catch (...) {
    report(name, "threw something that is no std::exception");
  }
}

// Boost.Test shows it with every check that fails while the simulation exists.
int show_with_failures(const std::string& text) {
  auto message = boost::unit_test::lazy_ostream::instance() << text;
  return boost::unit_test::framework::add_context(message, true);
}

std::string explain(SimulatedLoop::Stop stop) {
  switch (stop) {
    case SimulatedLoop::Stop::deadlock:
      return "deadlock: the body has not ended, nothing is ready, and nobody waits for any time "
             "(real timers and threads do not count here)";
    case SimulatedLoop::Stop::too_late:
      return "the body did not end within the simulated time allowed";
    case SimulatedLoop::Stop::never_at_rest:
      return "the loop did not come to rest within the real time allowed: does something wait in "
             "a loop without waiting for a time?";
    case SimulatedLoop::Stop::done: break;
  }
  return "done";
}

}  // namespace

struct Simulation::State {
  State(std::uint64_t given_seed, async::WallTime start)
      : seed("TIDEMARK_SEED=" + std::to_string(given_seed)),
        random(given_seed),
        loop(start),
        tasks(loop.context().get_executor(), connections_most, report_task),
        network(loop, random, tasks),
        context(show_with_failures("simulation with " + seed)) {}

  std::string seed;
  async::SeededRandom random;
  http::ServerLimits limits;
  http::OnServerError on_server_error = report;
  SimulatedLoop loop;
  async::TaskGroup tasks;
  SimulatedNetwork network;
  bool given_up = false;
  int exceptions_before = std::uncaught_exceptions();
  int context;
};

Simulation::Simulation(std::uint64_t seed, async::WallTime start)
    : state_(std::make_unique<State>(seed, start)) {}

Simulation::~Simulation() {
  state_->tasks.cancel();
  auto ended = [this] { return state_->tasks.size() == 0; };
  auto stop = state_->loop.drive(ended, state_->loop.steady_now() + clean_up);
  if (stop != SimulatedLoop::Stop::done) {
    report(state_->seed, "a server's task does not end when cancelled: " + explain(stop));
  }
  // Boost.Test reports an exception only when the context is gone.
  if (std::uncaught_exceptions() > state_->exceptions_before) {
    report("ended by an exception", "repeat with " + state_->seed);
  }
  boost::unit_test::framework::clear_context(state_->context);
}

async::WallTime Simulation::default_start() {
  using namespace std::chrono;
  return sys_days{year{2026} / January / 5};
}

async::Executor Simulation::executor() { return state_->loop.context().get_executor(); }
async::Clock& Simulation::clock() { return state_->loop; }
async::Random& Simulation::random() { return state_->random; }
async::Connector& Simulation::connector() { return state_->network; }
void Simulation::set_latency(async::Milliseconds one_way) { state_->network.set_latency(one_way); }
void Simulation::set_faults(Faults faults) { state_->network.set_faults(faults); }
void Simulation::set_wall_offset(async::Milliseconds offset) {
  state_->loop.set_wall_offset(offset);
}

void Simulation::serve(const std::string& host, http::Handler handler) {
  auto serve_http = [state = state_.get(),
                     handler = std::move(handler)](std::unique_ptr<async::Connection> connection) {
    http::Peer peer;
    peer.address = connection->peer();
    return http::serve_connection(std::move(connection), std::move(peer), state->loop,
                                  state->limits, handler, state->on_server_error);
  };
  state_->network.add_host(host, std::move(serve_http));
}

void Simulation::run(const std::function<async::Task<void>()>& body, async::Milliseconds limit) {
  State& state = *state_;
  if (state.given_up) {
    throw std::logic_error("this simulation was given up in an earlier run: make a new one");
  }
  std::shared_ptr<Body> started = start_body(state.loop.context(), body);
  auto ended = [started] { return started->ended(); };
  auto stop = state.loop.drive(ended, state.loop.steady_now() + limit);
  if (stop != SimulatedLoop::Stop::done) {
    started->cancel();
    state.loop.drive(ended, state.loop.steady_now() + clean_up);
    state.given_up = !started->ended();
    std::string after = state.given_up ? "; nor does it react to cancellation" : "";
    throw std::runtime_error(explain(stop) + after + " (repeat with " + state.seed + ")");
  }
  started->rethrow();
}

}  // namespace tidemark::test
