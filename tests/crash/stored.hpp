#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/binary/daemon_process.hpp"

namespace tidemark::test {

// Looks into the store of a daemon that is not running.

// Sign-ins whose tokens are on disk and nobody's yet.
[[nodiscard]] std::size_t half_done_sign_ins(const DaemonFolder& folder);
// As if they had begun so much earlier: the job `tidy` spares what may still be under way.
void age_sign_ins(const DaemonFolder& folder, std::chrono::milliseconds by);

// The refresh tokens of members, as they are on disk.
struct StoredToken {
  std::string member, provider, refresh;
};
[[nodiscard]] std::vector<StoredToken> stored_tokens(const DaemonFolder& folder);

}  // namespace tidemark::test
