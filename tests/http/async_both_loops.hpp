#pragma once

#include <functional>

#include "http/async/clock.hpp"

namespace tidemark::test {

// Runs the same case in real time and on the simulated loop: the primitives must not differ.
using ClockCase = std::function<async::Task<void>(async::Clock& clock)>;
void on_both_loops(const ClockCase& body);

// True for what a cancelled operation throws.
[[nodiscard]] bool is_operation_aborted(const std::exception& error);

}  // namespace tidemark::test
