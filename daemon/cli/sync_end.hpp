#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "daemon/exit_code.hpp"

namespace tidemark::daemon {

// How a followed sync ended, in one sentence, and the exit code: `refused` when the member must
// sign in again, `failure` when the job is dead.
struct SyncEnd {
  ExitCode code = ExitCode::ok;
  std::string text;
};
[[nodiscard]] SyncEnd sync_end(const boost::json::object& job, const boost::json::object& member);

}  // namespace tidemark::daemon
