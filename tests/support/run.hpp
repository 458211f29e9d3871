#pragma once

#include <chrono>
#include <functional>

#include "http/async/task.hpp"

namespace tidemark::test {

// Runs one coroutine to its end on a fresh event loop in real time; a hang is a failed test, not a
// hanging one. Not a template, so that test files stay cheap to compile.
void run(const std::function<async::Task<void>()>& body,
         std::chrono::milliseconds limit = std::chrono::milliseconds(20'000));

}  // namespace tidemark::test
