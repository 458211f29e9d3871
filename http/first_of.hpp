#pragma once

#include <cstddef>

#include "http/async/task.hpp"

namespace tidemark::http {

// Runs both until one ends, cancels the other and waits for its end. Returns which was first (0 or
// 1) and throws what that one threw. A first task that ended well wins, even if it came second. An
// outer cancellation reaches both.
async::Task<std::size_t> first_of(async::Task<void> first, async::Task<void> second);

}  // namespace tidemark::http
