#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "daemon/exit_code.hpp"

namespace tidemark::daemon {

// A command that cannot go on: what to tell the person, and the exit code.
class CommandFailed : public std::runtime_error {
 public:
  CommandFailed(ExitCode code, const std::string& message)
      : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

// The daemon's API over its control socket, one call after the other.
class Control {
 public:
  explicit Control(std::string socket);
  ~Control();

  // The answer's JSON (an empty object of 204). Throws CommandFailed with the daemon's own words
  // for an error status, and `unreachable` when no daemon answers.
  boost::json::object get(const std::string& target);
  boost::json::object send(const std::string& method, const std::string& target,
                           const std::string& body = {});
  // The answer goes to `on_piece` as it comes, however long it is and takes.
  void stream(const std::string& target,
              const std::function<void(std::string_view piece)>& on_piece);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tidemark::daemon
