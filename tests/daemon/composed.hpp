#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/parts.hpp"
#include "tests/support/folder.hpp"

namespace tidemark::test {

// The daemon's own parts in a folder, as a start composes them: nobody listens, nothing runs by
// itself, the log knows nothing, and upstream addresses lead nowhere.
struct Composed {
  explicit Composed(const Folder& folder, std::vector<std::string> more_settings = {});
  // One coroutine to its end, and whatever it brought to the loop.
  void run(const std::function<async::Task<void>()>& body);

  daemon::Log log{daemon::LogLevel::error, daemon::LogFormat::text};
  daemon::Parts parts;
};

}  // namespace tidemark::test
