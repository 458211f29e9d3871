#include "daemon/cli/watch.hpp"

#include <chrono>
#include <thread>

#include "daemon/cli/control.hpp"
#include "daemon/cli/progress.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds look_every{300};
constexpr std::chrono::seconds patience{60};

}  // namespace

json::object get_patiently(Control& control, const std::string& target, LiveLine* line) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (true) {
    try {
      return control.get(target);
    } catch (const CommandFailed& failed) {
      const bool may_come_back =
          failed.code() == ExitCode::unreachable || failed.code() == ExitCode::temporary;
      if (!may_come_back || std::chrono::steady_clock::now() > give_up) throw;
    }
    if (line != nullptr) line->show("the daemon does not answer just now; trying again");
    std::this_thread::sleep_for(look_every);
  }
}

}  // namespace tidemark::daemon
