#pragma once

#include <chrono>
#include <cstddef>

#include "tests/binary/daemon_process.hpp"

namespace tidemark::test {

// Looks into the store of a daemon that is not running.

// Sign-ins whose tokens are on disk and nobody's yet.
[[nodiscard]] std::size_t half_done_sign_ins(const DaemonFolder& folder);
// As if they had begun so much earlier: the job `tidy` spares what may still be under way.
void age_sign_ins(const DaemonFolder& folder, std::chrono::milliseconds by);

}  // namespace tidemark::test
