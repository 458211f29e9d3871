#pragma once

#include "http/async/clock.hpp"
#include "http/server.hpp"
#include "tests/simulators/admin.hpp"
#include "tests/simulators/github.hpp"
#include "tests/simulators/openhumans.hpp"

namespace tidemark::simulators {

// Thin coats over the plain simulators, for http::Server and for Simulation::serve(). Simulator and
// clock must outlive the handler. The server's time starts at the clock's wall time and does not
// jump with it. A cut is an answer that ends inside its body.
[[nodiscard]] http::Handler serve(GithubSimulator& simulator, async::Clock& clock);
[[nodiscard]] http::Handler serve(OpenHumansSimulator& simulator, async::Clock& clock);
[[nodiscard]] http::Handler serve(Admin& admin, async::Clock& clock);

}  // namespace tidemark::simulators
